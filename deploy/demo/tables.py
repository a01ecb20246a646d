"""Tables of the made-up company's bookings as banks let them be downloaded: CSV in many layouts."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from deploy.demo.bankdays import last_day
from deploy.demo.company import Company
from deploy.demo.ledger import Account, Booking
from deploy.demo.people import bic

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class TableSheet:
    """What is asked of a bank: an account's bookings between two days, and its balances then."""

    company: Company
    account: Account
    starts_on: date
    ends_on: date

    @property
    def closing(self) -> int:
        """What stood on the account at the end of the last day, in cents."""
        return self.company.ledger.balance(self.account, self.ends_on + timedelta(days=1))

    def bookings(self, *, pending: bool = False) -> list[Booking]:
        """The bookings, newest first; with those that are not final yet, if they are asked for."""
        shown = (
            b
            for b in self.company.ledger.of(self.account)
            if self.starts_on <= b.booked_on <= self.ends_on and (pending or not b.pending)
        )
        return list(shown)[::-1]

    def balances(self) -> list[int]:
        """What stood on the account after each of the final bookings, newest first."""
        left, found = self.closing, []
        for booking in self.bookings():
            found.append(left)
            left -= booking.amount
        return found


def sparkasse(company: Company, account: Account, first_month: date, last_month: date) -> bytes:
    """Sparkasse's "CSV-CAMT": no preamble, no balance; the last column tells pending bookings."""
    sheet = TableSheet(company, account, first_month, last_day(last_month))
    head = _names(
        "Auftragskonto;Buchungstag;Valutadatum;Buchungstext;Verwendungszweck;Glaeubiger ID;"
        "Mandatsreferenz;Kundenreferenz (End-to-End);Sammlerreferenz;Lastschrift Ursprungsbetrag;"
        "Auslagenersatz Ruecklastschrift;Beguenstigter/Zahlungspflichtiger;Kontonummer/IBAN;"
        "BIC (SWIFT-Code);Betrag;Waehrung;Info"
    )
    rows = [
        (
            account.iban,
            f"{b.booked_on:%d.%m.%y}",
            f"{b.valued_on:%d.%m.%y}",
            b.printed.text,
            purpose(b),
            "",
            b.printed.mandate or "",
            b.printed.end_to_end or "",
            "",
            "",
            "",
            b.printed.name or "",
            b.printed.iban or "",
            bic(b.printed.iban) if b.printed.iban else "",
            german(b.amount),
            "EUR",
            "Umsatz vorgemerkt" if b.pending else "Umsatz gebucht",
        )
        for b in sheet.bookings(pending=True)
    ]
    return _written([head, *rows], ";", "cp1252", quoting=csv.QUOTE_ALL)


def dkb_old(company: Company, account: Account, first_month: date, last_month: date) -> bytes:
    """DKB until 2023: a preamble with period and closing balance, a separator at each row's end."""
    sheet = TableSheet(company, account, first_month, last_day(last_month))
    preamble: list[Row] = [
        ("Kontonummer:", f"{account.iban} / Girokonto", ""),
        (),
        ("Von:", f"{sheet.starts_on:%d.%m.%Y}", ""),
        ("Bis:", f"{sheet.ends_on:%d.%m.%Y}", ""),
        (f"Kontostand vom {sheet.ends_on:%d.%m.%Y}:", f"{german(sheet.closing, '.')} EUR", ""),
        (),
    ]
    head = _names(
        "Buchungstag;Wertstellung;Buchungstext;Auftraggeber / Begünstigter;Verwendungszweck;"
        "Kontonummer;BLZ;Betrag (EUR);Gläubiger-ID;Mandatsreferenz;Kundenreferenz;"
    )
    rows = [
        (
            f"{b.booked_on:%d.%m.%Y}",
            f"{b.valued_on:%d.%m.%Y}",
            b.printed.text,
            b.printed.name or "",
            purpose(b),
            b.printed.iban or "",
            bic(b.printed.iban) if b.printed.iban else "",
            german(b.amount, "."),
            "",
            b.printed.mandate or "",
            b.printed.end_to_end or "",
            "",
        )
        for b in sheet.bookings()
    ]
    return _written([*preamble, head, *rows], ";", "cp1252", quoting=csv.QUOTE_ALL)


def dkb_new(company: Company, account: Account, first_month: date, last_month: date) -> bytes:
    """DKB since 2023: who pays and who is paid apart, UTF-8 with a mark, no `,00`."""
    sheet = TableSheet(company, account, first_month, last_day(last_month))
    preamble: list[Row] = [
        ("Girokonto", account.iban),
        ("Zeitraum:", f"{sheet.starts_on:%d.%m.%Y} - {sheet.ends_on:%d.%m.%Y}"),
        (f"Kontostand vom {sheet.ends_on:%d.%m.%Y}:", f"{german(sheet.closing, '.')} €"),
        ("",),
    ]
    head = _names(
        "Buchungsdatum;Wertstellung;Status;Zahlungspflichtige*r;Zahlungsempfänger*in;"
        "Verwendungszweck;Umsatztyp;IBAN;Betrag (€);Gläubiger-ID;Mandatsreferenz;Kundenreferenz"
    )
    own = company.cast.name
    rows = [
        (
            f"{b.booked_on:%d.%m.%y}",
            f"{b.valued_on:%d.%m.%y}",
            "Vorgemerkt" if b.pending else "Gebucht",
            own if b.amount < 0 else b.printed.name or "",
            b.printed.name or "" if b.amount < 0 else own,
            f"{b.printed.text} {purpose(b)}".strip(),
            "Ausgang" if b.amount < 0 else "Eingang",
            b.printed.iban or "",
            german(b.amount, ".").removesuffix(",00"),
            "",
            b.printed.mandate or "",
            b.printed.end_to_end or "",
        )
        for b in sheet.bookings(pending=True)
    ]
    return _written([*preamble, head, *rows], ";", "utf-8-sig", quoting=csv.QUOTE_ALL)


def ing(company: Company, account: Account, first_month: date, last_month: date) -> bytes:
    """ING: a long preamble, the balance after each booking, a currency for each, few quotes."""
    sheet = TableSheet(company, account, first_month, last_day(last_month))
    grouped = " ".join(account.iban[at : at + 4] for at in range(0, len(account.iban), 4))
    preamble: list[Row] = [
        ("Umsatzanzeige", f"Datei erstellt am: {sheet.ends_on:%d.%m.%Y} 23:58"),
        ("", "Letztes Update: aktuell"),
        (),
        ("IBAN", grouped),
        ("Kontoname", "Geschäftsgirokonto"),
        ("Bank", "ING"),
        ("Kunde", company.cast.name),
        ("Zeitraum", f"{sheet.starts_on:%d.%m.%Y} - {sheet.ends_on:%d.%m.%Y}"),
        ("Saldo", german(sheet.closing, "."), "EUR"),
        (),
        ("Sortierung", "Datum absteigend"),
        (),
        ("In der CSV-Datei finden Sie alle bereits gebuchten Umsätze.",),
        (),
    ]
    head = _names(
        "Buchung;Valuta;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Saldo;Währung;Betrag;"
        "Währung"
    )
    rows = [
        (
            f"{b.booked_on:%d.%m.%Y}",
            f"{b.valued_on:%d.%m.%Y}",
            b.printed.name or "",
            b.printed.text,
            purpose(b),
            german(left, "."),
            "EUR",
            german(b.amount, "."),
            "EUR",
        )
        for b, left in zip(sheet.bookings(), sheet.balances(), strict=True)
    ]
    return _written([*preamble, head, *rows], ";", "cp1252")


def n26(company: Company, account: Account, first_month: date, last_month: date) -> bytes:
    """N26: English, commas between, dots within, oldest first; it names no account number."""
    sheet = TableSheet(company, account, first_month, last_day(last_month))
    head = _names(
        "Booking Date;Value Date;Partner Name;Partner Iban;Type;Payment Reference;Account Name;"
        "Amount (EUR);Original Amount;Original Currency;Exchange Rate"
    )
    rows = [
        (
            b.booked_on.isoformat(),
            b.valued_on.isoformat(),
            b.printed.name or "",
            b.printed.iban or "",
            b.printed.text,
            purpose(b),
            "Main Account",
            english(b.amount),
            "",
            "",
            "",
        )
        for b in reversed(sheet.bookings())
    ]
    return _written([head, *rows], ",", "utf-8", quoting=csv.QUOTE_NONNUMERIC)


def sides(company: Company, account: Account, first_month: date, last_month: date) -> bytes:
    """A house's own layout: debit and credit apart, thousands set off, tabs, UTF-16."""
    sheet = TableSheet(company, account, first_month, last_day(last_month))
    preamble: list[Row] = [
        ("Kontoumsätze", f"{sheet.starts_on:%d.%m.%Y} - {sheet.ends_on:%d.%m.%Y}"),
        ("BLZ", account.iban[4:12], "Kontonummer", account.iban[12:].lstrip("0")),
    ]
    head = _names(
        "Datum;Wert;Vorgang;Zahlungsbeteiligter;IBAN;Betreff;Soll;Haben;Kontostand;Währung"
    )
    rows = [
        (
            f"{b.booked_on:%d.%m.%Y}",
            f"{b.valued_on:%d.%m.%Y}",
            b.printed.text,
            b.printed.name or "",
            b.printed.iban or "",
            purpose(b).replace(" ", "\n", 1),
            german(-b.amount, ".") if b.amount < 0 else "",
            german(b.amount, ".") if b.amount >= 0 else "",
            f"{german(abs(left), '.')} {'S' if left < 0 else 'H'}",
            "EUR",
        )
        for b, left in zip(sheet.bookings(), sheet.balances(), strict=True)
    ]
    return _written([*preamble, head, *rows], "\t", "utf-16")


LAYOUTS: dict[str, Callable[[Company, Account, date, date], bytes]] = {
    "Sparkasse": sparkasse,
    "DKB old": dkb_old,
    "DKB new": dkb_new,
    "ING": ing,
    "N26": n26,
    "sides": sides,
}


def purpose(booking: Booking) -> str:
    """The purpose, after the reason where it is a return."""
    reason = booking.printed.reason
    return f"{reason} {booking.printed.remittance}" if reason else booking.printed.remittance


def german(cents: int, thousands: str = "") -> str:
    """An amount with a comma, and thousands set off where the bank does so."""
    text = f"{abs(cents) // 100:,}".replace(",", thousands)
    return f"{'-' if cents < 0 else ''}{text},{abs(cents) % 100:02d}"


def english(cents: int) -> str:
    """An amount with a dot."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _names(text: str) -> Row:
    return text.split(";")


def _written(
    rows: Iterable[Row], separator: str, encoding: str, quoting: Literal[0, 1, 2] = 0
) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, quoting=quoting, lineterminator="\r\n")
    writer.writerows(rows)
    return out.getvalue().encode(encoding)
