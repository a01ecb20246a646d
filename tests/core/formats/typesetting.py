"""A browser that prints for tests, in the project's fonts; and made-up statements for it."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright

from core.iban import is_iban
from tests.browser import launch
from tests.fonts import USUAL

STYLE = """<meta charset="utf-8"><style>
body { font: 9pt sans-serif; margin: 0 }
h1 { font-size: 14pt }
address { margin: 12mm 0; font-style: normal }
table { border-collapse: collapse; width: 100% }
td, th { padding: 2px 4px; vertical-align: top; text-align: left; font-weight: normal }
th { border-bottom: 1px solid }
.r { text-align: right; white-space: nowrap }
@page { size: A4; margin: 18mm 15mm }
</style>"""
HEAD = """<h1>Musterbank AG</h1><p>IBAN DE02 1203 0000 0000 2020 51, Währung EUR</p>
<p>Kontoauszug vom 01.12.2025 bis 31.12.2025</p>"""
PEOPLE = ("Anna Müller", "Karl-Heinz Meyer-Lansky", "Mehmet Öztürk", "Lena Ott")
WORDS = (
    "Stadtwerke", "Nordwind", "Möbelwerke", "Autohaus", "Rhein-Main", "Spedition", "Technik",
    "Immobilien", "Krankenkasse", "Musterstadt", "Druckerei", "Hafen",
)  # fmt: skip
FORMS = ("GmbH", "AG", "GmbH & Co. KG", "OHG", "e.K.")
PURPOSES = (
    "Rechnung", "RE-Nr. 2025-118", "Vertrag 4711", "Abschlag Strom", "Miete", "12.11.2025", "Rate",
    "KD101149903", "abzgl. 2,50 EUR", "und", "Versicherungsschein", "Lieferung vom 28.11.",
)  # fmt: skip


class Written(NamedTuple):
    """A booking as it is typeset; the kind, the other side and the rest stand in its text."""

    day: date
    valued: date
    cents: int
    kind: str
    name: str
    iban: str
    purpose: str


@dataclass(frozen=True)
class Made:
    """A made-up statement: its page in HTML, and what it says."""

    html: str
    bookings: list[Written]


@contextmanager
def printer() -> Iterator[Page]:
    """A page of a browser that prints."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**launch())
        yield chromium.new_page()
        chromium.close()


def printed(page: Page, body: str, font: str = USUAL) -> bytes:
    """The PDF that a browser makes of it in this font."""
    page.set_content(f"{STYLE}<body style='font-family: \"{font}\"'>{body}")
    return page.pdf(prefer_css_page_size=True)


def make(chance: random.Random, text: str, amount: str, width: str) -> Made:
    """A statement whose texts and amounts are set in these ways, in a column that wide."""
    bookings, balance = [_booking(chance) for _ in range(8)], 1_000_000
    bookings.sort(key=lambda each: each.day)
    rows = [f"<tr><td><td><td>Alter Saldo<td><td><td class=r>{signed(balance, amount)}"]
    for at, each in enumerate(bookings):
        balance += each.cents
        sides = [signed(each.cents, amount), ""] if amount != "sides" else [
            f"- {grouped(each.cents)}" if each.cents < 0 else "",
            f"+ {grouped(each.cents)}" if each.cents > 0 else "",
        ]  # fmt: skip
        cells = "".join(f"<td class=r>{side}" for side in (*sides, signed(balance, amount)))
        lines = "<br>".join(escape(line) for line in _lines(each, text, at))
        days = f"<td>{each.day:%d.%m.%Y}<td>{each.valued:%d.%m.%Y}"
        rows.append(f"<tr style='break-inside: avoid'>{days}<td>{lines}{cells}")
    rows.append(f"<tr><td><td><td>Neuer Saldo<td><td><td class=r>{signed(balance, amount)}")
    titles = ("Soll", "Haben") if amount == "sides" else ("Betrag", "")
    heads = "".join(f"<th class=r>{title}" for title in (*titles, "Saldo"))
    table = f"<tr><th>Buchung<th>Wert<th style='{width}'>Buchungstext{heads}{''.join(rows)}"
    return Made(f"{HEAD}<table style='width: auto'>{table}</table>", bookings)


def signed(cents: int, amount: str) -> str:
    """An amount with its sign, in one of the ways of banks."""
    if amount == "letters":
        return f"{grouped(cents)} {'S' if cents < 0 else 'H'}"
    if amount == "behind":
        return f"{grouped(cents)} {'-' if cents < 0 else '+'}"
    return f"{'- ' if cents < 0 else '+ '}{grouped(cents)}"


def grouped(cents: int) -> str:
    """An amount without its sign, as Germans print it."""
    whole, rest = divmod(abs(cents), 100)
    return f"{whole:,}".replace(",", ".") + f",{rest:02d}"


def _booking(chance: random.Random) -> Written:
    day = date(2025, 12, chance.randint(1, 28))
    name = " ".join([*chance.sample(WORDS, chance.randint(1, 4)), chance.choice(FORMS)])
    cents = chance.choice((-1, 1)) * chance.randint(1, 10 ** chance.randint(3, 7))
    return Written(
        day,
        day - timedelta(days=chance.randint(0, 1)),
        cents,
        chance.choice(("Lastschrift", "SEPA-Überweisung", "Kartenzahlung", "Dauerauftrag"))
        if cents < 0
        else chance.choice(("Gutschrift", "GUTSCHRIFT ÜBERWEISUNG", "Zahlungseingang")),
        chance.choice((name, name.upper(), chance.choice(PEOPLE))),
        _iban(chance),
        " ".join(chance.choices(PURPOSES, k=chance.randint(1, 12))),
    )


def _iban(chance: random.Random) -> str:
    bank = f"{chance.randrange(10**18):018d}"
    iban = f"DE{98 - int(f'{bank}131400') % 97:02d}{bank}"
    assert is_iban(iban)
    return iban


def _lines(each: Written, text: str, at: int) -> tuple[str, ...]:
    """What stands in a booking's text, a line each unless the column is full."""
    number = " ".join(each.iban[at : at + 4] for at in range(0, len(each.iban), 4))
    match text:
        case "below each other":
            return each.kind, each.name, each.purpose
        case "with account":
            return each.kind, each.name, each.purpose, f"IBAN {number}"
        case "with labels":
            named, purpose = f"Name: {each.name}", f"Verwendungszweck: {each.purpose}"
            return each.kind, named, f"IBAN: {number}", purpose
        case "name first":
            return each.name, each.kind, each.purpose
        case "behind the kind":
            return f"{each.kind} {each.name}", each.purpose
        case _:  # all in one, with keys
            return each.kind, f"{each.name} {each.purpose} EREF: {at} MREF: M-{at} CRED: DE98ZZZ09"
