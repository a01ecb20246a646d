"""How five made-up banks lay out their statements on paper; no two alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

MONTHS = ["Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, where it begins (or ends, if its content stands at the right)."""

    title: str
    x: float
    at_right: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A bank's paper. Columns go by what is in them: `booked`, `valued`, `text`, `amount` (signed)
    or `debit` and `credit`, and `balance` where each row tells it. Measures are in points.

    `labels` are put before name, account and remittance; without them the lines just follow.
    """

    name: str
    font: str
    size: float
    pitch: float
    title: str
    columns: Mapping[str, Column]
    text_width: float
    day: Callable[[date], str]
    money: Callable[[int], str]
    opening: str
    closing: str
    carried: tuple[str, str] | None
    labels: tuple[str, str, str] | None
    window: bool
    valued_below: bool = False
    holder: str = "Kontoinhaber"
    currency: str = "Währung"


def grouped(cents: int) -> str:
    """An amount without its sign, as Germans write it: 1.234,56."""
    whole, cents_left = divmod(abs(cents), 100)
    return f"{whole:,}".replace(",", ".") + f",{cents_left:02d}"


def _leading(cents: int) -> str:
    return f"-{grouped(cents)}" if cents < 0 else grouped(cents)


def _trailing(cents: int) -> str:
    return f"{grouped(cents)}{'-' if cents < 0 else '+'}"


def _soll_haben(cents: int) -> str:
    return f"{grouped(cents)} {'S' if cents < 0 else 'H'}"


def _euro(cents: int) -> str:
    return f"{'-' if cents < 0 else '+'}{grouped(cents)} €"


def _bracketed(cents: int) -> str:
    amount = f"{abs(cents) // 100:,}.{abs(cents) % 100:02d}"
    return f"({amount})" if cents < 0 else amount


TYPED = Layout(
    name="typed",
    font="Courier",
    size=8.5,
    pitch=10.5,
    title="Kontoauszug {number}/{year}",
    columns={
        "booked": Column("Datum", 57),
        "text": Column("Erläuterung", 125),
        "amount": Column("Betrag EUR", 540, at_right=True),
    },
    text_width=310,
    day=lambda day: f"{day:%d.%m.%Y}",
    money=_leading,
    opening="Kontostand am {before:%d.%m.%Y}",
    closing="Kontostand am {ends_on:%d.%m.%Y} um 20:00 Uhr",
    carried=None,
    labels=None,
    window=True,
)
COOPERATIVE = Layout(
    name="cooperative",
    font="Helvetica",
    size=8,
    pitch=9.6,
    title="Kontoauszug Nr. {number}   Zeitraum {starts_on:%d.%m.%Y} - {ends_on:%d.%m.%Y}",
    columns={
        "booked": Column("Bu-Tag", 50),
        "valued": Column("Wert", 85),
        "text": Column("Vorgang", 120),
        "amount": Column("Betrag", 545, at_right=True),
    },
    text_width=300,
    day=lambda day: f"{day:%d.%m.}",
    money=_soll_haben,
    opening="alter Kontostand vom {before:%d.%m.%Y}",
    closing="neuer Kontostand vom {ends_on:%d.%m.%Y}",
    carried=("Übertrag auf Blatt {next}", "Übertrag von Blatt {last}"),
    labels=None,
    window=True,
)
LEDGER = Layout(
    name="ledger",
    font="Times-Roman",
    size=9,
    pitch=10.8,
    title="Kontoauszug vom {starts_on:%d.%m.%Y} bis {ends_on:%d.%m.%Y}, Auszug {number}",
    columns={
        "booked": Column("Buchung", 45),
        "valued": Column("Valuta", 92),
        "text": Column("Buchungstext", 140),
        "debit": Column("Soll", 400, at_right=True),
        "credit": Column("Haben", 475, at_right=True),
        "balance": Column("Saldo", 555, at_right=True),
    },
    text_width=185,
    day=lambda day: f"{day:%d.%m.%y}",
    money=_trailing,
    opening="Alter Saldo per {before:%d.%m.%Y}",
    closing="Neuer Saldo per {ends_on:%d.%m.%Y}",
    carried=("Zwischensaldo", "Saldovortrag"),
    labels=None,
    window=False,
)
DIRECT = Layout(
    name="direct",
    font="Helvetica",
    size=9,
    pitch=11.5,
    title="Ihre Umsätze von {starts_on:%d.%m.%Y} bis {ends_on:%d.%m.%Y}",
    columns={
        "booked": Column("Buchung / Valuta", 60),
        "text": Column("Auftraggeber / Empfänger und Verwendungszweck", 150),
        "amount": Column("Betrag", 535, at_right=True),
    },
    text_width=290,
    day=lambda day: f"{day.day:02d}. {MONTHS[day.month - 1]} {day.year}",
    money=_euro,
    opening="Anfangssaldo",
    closing="Endsaldo",
    carried=None,
    labels=("Name: ", "IBAN: ", "Verwendungszweck: "),
    window=False,
    valued_below=True,
)
ENGLISH = Layout(
    name="english",
    font="Helvetica",
    size=8.5,
    pitch=10.5,
    title="Statement {number}   {starts_on:%d %B %Y} to {ends_on:%d %B %Y}",
    columns={
        "booked": Column("Date", 45),
        "text": Column("Description", 110),
        "debit": Column("Paid out", 400, at_right=True),
        "credit": Column("Paid in", 475, at_right=True),
        "balance": Column("Balance", 540, at_right=True),
    },
    text_width=215,
    day=lambda day: f"{day:%d %b %Y}",
    money=_bracketed,
    opening="Balance brought forward",
    closing="Closing balance",
    carried=("Balance carried forward", "Balance brought forward"),
    labels=("Name: ", "IBAN: ", ""),
    window=False,
    holder="Account holder",
    currency="Currency",
)
LAYOUTS = (TYPED, COOPERATIVE, LEDGER, DIRECT, ENGLISH)
