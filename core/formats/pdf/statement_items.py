"""A printed statement as a statement, its bookings in time."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from core.bilingual import Bilingual
from core.documents import Finding
from core.errors import Unreadable
from core.evidence import Bytes
from core.formats.common.countries import currency_by_country
from core.formats.common.remittance import read_purpose, read_signs
from core.formats.pdf.contradictions import oddities, unread_rows
from core.formats.pdf.currency import DOLLAR, currencies
from core.formats.pdf.narration import narrate
from core.formats.pdf.page import box
from core.formats.pdf.printed_statement import PrintedBalance, PrintedRow, PrintedStatement
from core.money import exponent
from core.statements.model import (
    UNNAMED,
    Account,
    Balance,
    Item,
    Statement,
    Transaction,
)

CENTS = 100
DAY = timedelta(days=1)
LATE = timedelta(days=31)  # a booking may be told in a later month
Usual = Callable[[str | None], tuple[str | None, bool]]
"""Which currency an account is in whose statement names none in its table or above it.

And whether only the country of its IBAN says so.
"""


def items(printed: PrintedStatement, place: Bytes, usual: Usual) -> Iterator[Item]:
    """A printed statement as a statement, its bookings in time, and where it contradicts itself."""
    head, last = printed.head, _last_day(printed)
    currency, assumed = _currency(printed, usual)
    if exponent(currency) == 0:
        _without_decimals(printed)
    rows = [
        (on, row)
        for row in printed.rows
        if row.amount is not None and (on := row.day.on(last)) is not None
    ]
    booked = [on for on, row in rows if not row.pending]
    if printed.newest_first or (booked and booked[0] > booked[-1]):
        rows.reverse()
    if any(row.sided for _, row in rows):
        rows.sort(key=lambda each: each[0])
    days = [on for on in (_day_after(printed.opening), rows[0][0] if rows else last) if on]
    first = head.starts_on or min(days)
    yield Statement(
        kind="statement",
        account=Account(head.account or UNNAMED, currency, head.holder, head.bank),
        number=head.number,
        starts_on=first,
        ends_on=last,
        opening=Balance(printed.opening.cents, first) if printed.opening else None,
        closing=Balance(printed.closing.cents, last) if printed.closing else None,
    )
    if assumed:
        yield currency_by_country(currency, head.account or UNNAMED)
    yield from oddities(printed, last, currency)
    yield from unread_rows(printed, last)
    for on, row in rows:
        if head.starts_on and head.ends_on and not row.pending:
            yield from _outside(on, row, head.starts_on, head.ends_on)
        yield _transaction(row, on, last, currency, place)


def _without_decimals(printed: PrintedStatement) -> None:
    """Tell in minor units what was read with two decimals in a currency that has none."""

    def whole(balance: PrintedBalance | None) -> PrintedBalance | None:
        return balance and replace(balance, cents=balance.cents // CENTS)

    printed.opening, printed.closing = whole(printed.opening), whole(printed.closing)
    printed.carried = [replace(each, cents=each.cents // CENTS) for each in printed.carried]
    for row in printed.rows:
        row.amount = None if row.amount is None else row.amount // CENTS
        row.balance = None if row.balance is None else row.balance // CENTS


def _named(printed: PrintedStatement) -> Iterator[set[str | None]]:
    """The currencies beside the amounts, in the titles, above, at the ends."""
    yield {*printed.beside}
    yield {unit for table in printed.tables for unit in table.units}
    yield {printed.head.currency}
    ends = [each.line.text for each in (printed.opening, printed.closing) if each]
    yield {*currencies("\n".join(ends))}


def _currency(printed: PrintedStatement, usual: Usual) -> tuple[str, bool]:
    """The currency that is named nearest to the amounts, and whether only an IBAN says it."""
    several = False
    for named in _named(printed):
        named = named - {DOLLAR}
        if len(named) == 1 and (found := next(iter(named))) is not None:
            return found, False
        if several := len(named) > 1:
            break
    found, assumed = (None, False) if several else usual(printed.head.account)
    if found is not None:
        return found, assumed
    raise Unreadable(
        Bilingual(
            "The document does not say clearly which currency its amounts are in. Send the"
            " bank's electronic statements.",
            "Das Dokument nennt die Währung seiner Beträge nicht eindeutig. Bitte die"
            " elektronischen Kontoauszüge der Bank senden.",
        ),
        code="currency_unknown",
    )


def _outside(on: date, row: PrintedRow, first: date, last: date) -> Iterator[Finding]:
    """What is said of a booking whose day lies well outside of the period that is printed."""
    if first - LATE <= on <= last + LATE:
        return
    where = f"{row.line.page}: {row.line.text[:80]}"
    yield Finding(
        "outside_period",
        Bilingual(
            f"A booking's day lies outside of the statement's period. Page {where}",
            f"Der Tag einer Buchung liegt außerhalb des Zeitraums des Auszugs. Seite {where}",
        ),
    )


def _last_day(printed: PrintedStatement) -> date:
    """The last day that a statement covers, which also tells the year of days without one."""
    if printed.head.ends_on:
        return printed.head.ends_on
    if printed.closing and printed.closing.dates:
        return printed.closing.dates[0]
    first, dated_on = _day_after(printed.opening), printed.head.dated_on
    days = [row.day for row in printed.rows]
    if first is not None:
        known = [first, *(on for day in days if (on := day.after(first)))]
    elif dated_on is not None:
        known = [on for day in days if (on := day.on(dated_on))]
    else:
        known = [on for day in days if day.year and (on := day.on(date.min))]
    if not known:
        raise Unreadable(
            Bilingual(
                "The statement says nowhere which year it is of.",
                "Der Kontoauszug nennt nirgends, aus welchem Jahr er ist.",
            ),
            code="no_year",
        )
    return max(known)


def _day_after(opening: PrintedBalance | None) -> date | None:
    """The day after the one at whose end the opening balance stood."""
    return opening.dates[0] + DAY if opening and opening.dates else None


def _transaction(row: PrintedRow, on: date, last: date, currency: str, place: Bytes) -> Transaction:
    text = narrate(row.text, row.table.text_right, row.table.parts)
    remittance, ultimate, _ = read_purpose(text.remittance)
    reason, _ = read_signs(None, remittance)
    return Transaction(
        booked_on=on,
        valued_on=row.valued.on(last) if row.valued else None,
        amount=row.amount or 0,
        currency=currency,
        pending=row.pending,
        reversal=text.reversal,
        counterparty=text.counterparty or ultimate,
        counterparty_account=text.account,
        remittance=remittance,
        gvc=None,
        iso=None,
        return_reason=reason,
        bank_reference=None,
        details=(),
        evidence=place,
        box=box(row.line, row.words),
    )
