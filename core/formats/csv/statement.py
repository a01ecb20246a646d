"""The statement that a table of bookings makes, with what stands around it."""

from collections.abc import Iterator, Sequence
from datetime import date

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.errors import Unreadable
from core.formats.csv.bookings import AccountBookings
from core.formats.csv.day_refusals import year_untold
from core.formats.csv.row_reader import RowReader
from core.formats.csv.surroundings import Surroundings
from core.money import UNKNOWN_CURRENCY, Money
from core.statements.currency import BALANCE, minor_in
from core.statements.model import UNNAMED, Account, Balance, Item, Statement, Transaction

NO_CURRENCY = Bilingual(
    "The table names no currency, though it has a column for it or its account is in a country"
    " whose currency is not taken for granted. Send the bank's CAMT.053, MT940 or PDF statements"
    " instead.",
    "Die Tabelle nennt keine Währung, obwohl sie eine Spalte dafür hat oder ihr Konto in einem Land"
    " geführt wird, dessen Währung nicht vorausgesetzt wird. Bitte stattdessen die Kontoauszüge der"
    " Bank als CAMT.053, MT940 oder PDF senden.",
)
NO_ROW = Bilingual("no booking below it", "darunter keine Buchung")
NO_BOOKING_ROW = Bilingual("none of its rows is a booking", "keine Zeile, die eine Buchung ist")


def statement(
    number: str,
    currency: str,
    bookings: AccountBookings,
    around: Surroundings,
    *,
    alone: bool,
) -> Iterator[Item]:
    """One account's statement and bookings; what stands around the table is about a lone one."""
    if number.startswith(UNNAMED):
        yield Finding(
            "account_unnamed",
            Bilingual(
                "The table does not say of which account it is, so no other document is matched"
                " with it.",
                "Die Tabelle nennt ihr Konto nicht; deshalb wird sie mit keinem anderen Dokument"
                " abgeglichen.",
            ),
        )
    in_order = bookings.oldest_first()
    counted = in_order.counted()
    yield from counted.breaks()
    opening, closing = counted.opening(), counted.closing()
    starts_on, ends_on = around.starts_on, around.ends_on
    if alone:
        opening = opening or _dated(around.opening, currency, starts_on, counted.transactions[:1])
        closing = closing or _closing(around, currency, counted.transactions)
        if closing and ends_on is None:
            ends_on = closing.on
    again: Sequence[Transaction] = ()
    if opening is None or closing is None or closing.amount - opening.amount != counted.moved():
        in_order, again = in_order.told_once()
    head = Statement(
        kind="statement",
        account=Account(number, currency, around.holder),
        number=None,
        starts_on=starts_on,
        ends_on=ends_on,
        opening=opening,
        closing=closing,
    )
    yield head
    yield from in_order.transactions
    if again:  # as a statement of its own, so that it counts once
        yield head._replace(starts_on=None, ends_on=None, opening=None, closing=None)
        yield from again


def statement_without_bookings(around: Surroundings, row_reader: RowReader) -> Iterator[Item]:
    """The statement of a table without bookings, whose period or balance says what it is worth."""
    currency = row_reader.currency
    if currency is None and row_reader.findings:
        raise Unreadable(NO_CURRENCY)
    if currency is None or not (around.starts_on or around.ends_on or around.closing):
        rows = NO_BOOKING_ROW if row_reader.findings else NO_ROW
        raise Unreadable(
            Bilingual(
                f"The table has a header and {rows.en}. Export the days in which the account was"
                " used.",
                f"Die Tabelle hat eine Kopfzeile und {rows.de}. Bitte Tage exportieren, an denen"
                " das Konto bewegt wurde.",
            ),
            code="no_statement",
        )
    yield from statement(around.account or UNNAMED, currency, AccountBookings(), around, alone=True)


def nothing_read(reader: RowReader, yearless: Sequence[str]) -> Unreadable:
    """The refusal of a table none of whose rows was understood."""
    if reader.lacks_currency:
        return Unreadable(NO_CURRENCY)
    if yearless:
        return year_untold(yearless[0])
    first, count = reader.unread[0].place, len(reader.unread)
    return Unreadable(
        Bilingual(
            f"None of the table's {count} rows with a day or an amount can be read as a"
            f" booking, from here on: {first.en}. Send the bank's CAMT.053, MT940 or PDF"
            " statements instead.",
            f"Keine der {count} Zeilen mit Tag oder Betrag ist als Buchung lesbar, die erste:"
            f" {first.de}. Bitte stattdessen die Kontoauszüge der Bank als CAMT.053, MT940 oder"
            " PDF senden.",
        ),
        code="no_statement",
    )


def moved_around(around: Surroundings, currency: str) -> int | None:
    """By how much lines around the table say that the account changed, in minor units."""
    if around.opening is None or around.closing is None:
        return None
    opening, closing = (_minor(each, currency) for each, _ in (around.opening, around.closing))
    return closing - opening


def _closing(
    around: Surroundings, currency: str, bookings: Sequence[Transaction]
) -> Balance | None:
    """The balance that the bank names; not one of a day after those that the table is about."""
    found = _dated(around.closing, currency, around.ends_on, bookings[-1:])
    return None if found and around.ends_on and found.on > around.ends_on else found


def _dated(
    balance: tuple[Money, date | None] | None,
    currency: str,
    otherwise: date | None,
    beside: Sequence[Transaction],
) -> Balance | None:
    if balance is None:
        return None
    amount, on = balance
    on = on or otherwise or next((each.booked_on for each in beside), None)
    minor = _minor(amount, currency)
    return None if on is None else Balance(minor, on)


def _minor(amount: Money, currency: str) -> int:
    """Minor units of a balance, which is in the table's currency where it names none."""
    if amount.currency == UNKNOWN_CURRENCY:
        return minor_in(currency, amount.minor, BALANCE)
    return amount.minor
