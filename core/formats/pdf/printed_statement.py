"""A statement on paper as it was found on its pages, and what it says.

What is carried forward from page to page, and every running balance, is held against the bookings.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from core.bilingual import Bilingual
from core.documents import Finding
from core.errors import Unreadable
from core.evidence import Bytes
from core.formats.common.countries import currency_by_country
from core.formats.common.remittance import read_purpose, read_signs
from core.formats.pdf.balances import BalanceKind
from core.formats.pdf.currency import DOLLAR, currencies
from core.formats.pdf.doubts import doubts
from core.formats.pdf.letterhead import Letterhead
from core.formats.pdf.narration import narrate
from core.formats.pdf.page import CERTAIN, Line, Word, box
from core.formats.pdf.printed import NUMBER, Amount, PrintedDay, leading_day
from core.formats.pdf.table import PrintedColumns
from core.money import exponent, stated
from core.statements.model import (
    UNNAMED,
    Account,
    Balance,
    Item,
    Statement,
    Transaction,
    UnreadRow,
)

DAY = timedelta(days=1)
CLOSING_MISSING = Bilingual(
    "The statement has an opening balance and no closing one: its last page may be missing, and"
    " nothing shows that no booking lacks. The whole statement would settle it.",
    "Der Kontoauszug hat einen Anfangssaldo und keinen Endsaldo: Vielleicht fehlt die letzte Seite,"
    " und nichts zeigt, dass keine Buchung fehlt. Der ganze Auszug würde das klären.",
)
CENTS = 100
LATE = timedelta(days=31)  # a booking may be told in a later month


@dataclass(slots=True)
class PrintedRow:
    """A booking as it stands on the page; `balance` is what the row says stood after it.

    `placed` are its amounts and the columns they stand in, `units` the currencies that stand beside
    them. `perhaps` says that it may tell a
    balance or a sum: its words do, though it has a day; `alone` that they tell nothing else.
    `sided` says that a title above it tells whether its money came in or went out.
    """

    line: Line
    day: PrintedDay
    valued: PrintedDay | None
    words: list[Word]
    text: list[list[Word]]
    bottom: float
    table: PrintedColumns
    placed: list[tuple[int, Amount]] = field(default_factory=list)
    units: list[tuple[int, set[str]]] = field(default_factory=list)
    perhaps: str | None = None
    alone: bool = False
    pending: bool = False
    sided: bool = False
    amount: int | None = None
    balance: int | None = None


@dataclass(frozen=True, slots=True)
class PrintedBalance:
    """A balance that a line tells, the dates in it, and after how many rows it stands.

    `owed` says that it stands where debits do, and may be a debt; `column` is where one without a
    sign stands in a table whose titles are not known.
    """

    cents: int
    dates: list[date]
    line: Line
    after: int
    owed: bool = False
    column: int | None = None


@dataclass(slots=True)
class PrintedStatement:
    """A statement while its pages are read; some balances are told apart from the table.

    `loose` are lines with a day or an amount of which it is not known what they are, `beside` the
    currencies that stand beside its amounts. `is_turned` says that its debits raise its balance,
    `held` how many of its balances hold it; `parts` after how many rows a title stands.
    """

    head: Letterhead
    rows: list[PrintedRow] = field(default_factory=list)
    opening: PrintedBalance | None = None
    closing: PrintedBalance | None = None
    carried: list[PrintedBalance] = field(default_factory=list)
    forward: PrintedBalance | None = None
    apart: list[tuple[BalanceKind, PrintedBalance]] = field(default_factory=list)
    loose: list[Line] = field(default_factory=list)
    beside: set[str] = field(default_factory=set)
    parts: list[int] = field(default_factory=list)
    newest_first: bool = False
    is_proven: bool = False
    held: int = 0
    is_turned: bool = False

    @property
    def is_statement(self) -> bool:
        """Whether there is anything of a statement: bookings, or both balances."""
        both = [each for each in (self.opening, self.closing) if each]
        kinds = {kind for kind, _ in self.apart}
        told = len(both) == 2 or {BalanceKind.OPENING, BalanceKind.CLOSING} <= kinds
        return bool(self.rows) or told

    @property
    def tables(self) -> list[PrintedColumns]:
        """The tables that its bookings stand in."""
        return list(dict.fromkeys(row.table for row in self.rows))

    @property
    def titled(self) -> list[bool]:
        """Of which of its tables titles say what the columns hold."""
        return [table.titled is not None for table in self.tables]

    def settle(self) -> None:
        """Take the balances that are told apart from the table where it tells none."""
        if self.closing is None and self.forward and self.forward.after == len(self.rows):
            self.closing = self.forward  # nothing follows what is carried forward
        for kind, balance in self.apart:
            if kind is BalanceKind.OPENING and self.opening is None:
                self.opening = balance
        for kind, balance in reversed(self.apart):
            if kind is BalanceKind.CLOSING and self.closing is None:
                self.closing = balance


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
    yield from _oddities(printed, last, currency)
    yield from _unread(printed, last)
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


def _unread(printed: PrintedStatement, last: date) -> Iterator[UnreadRow]:
    """The lines of which it is not known what they are, unless balances prove that none lacks."""
    without = [row.line for row in printed.rows if row.amount is None]
    for line in [*printed.loose, *without]:
        day = leading_day(line.words)
        if printed.is_proven and (day is None or _is_spanned(printed, line)):
            continue
        text = f"{line.page}: {line.text[:80]}"
        yield UnreadRow(
            Bilingual(f"Page {text}", f"Seite {text}"),
            day.on(last) if day else None,
            printed.head.account,
        )


def _is_spanned(printed: PrintedStatement, line: Line) -> bool:
    """Whether a line stands between balances that prove that no booking lacks there."""
    above, below = printed.opening, printed.closing
    if printed.newest_first:
        above, below = below, above
    held = [_place(row.line) for row in printed.rows if row.balance is not None]
    return (above is not None or any(each <= _place(line) for each in held)) and (
        below is not None or any(each >= _place(line) for each in held)
    )


def _place(line: Line) -> tuple[int, float]:
    return line.page, line.top


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


def _oddities(printed: PrintedStatement, last: date, currency: str) -> Iterator[Finding]:
    """What a statement leaves open or says against itself."""
    if printed.head.account is None:
        yield Finding(
            "account_unknown",
            Bilingual(
                "A statement names no account number that can be read, so no other document is"
                " matched with it.",
                "Ein Kontoauszug nennt keine lesbare Kontonummer; deshalb wird er mit keinem"
                " anderen Dokument abgeglichen.",
            ),
        )
    for row in printed.rows:
        if row.day.on(last) is None:
            where = f"{row.line.page}: {row.line.text[:80]}"
            detail = Bilingual(
                f"A booking's day does not exist; left out. Page {where}",
                f"Den Tag einer Buchung gibt es nicht; sie wurde ausgelassen. Seite {where}",
            )
            yield Finding("impossible_date", detail)
    yield from _contradictions(printed, currency)
    words = [word for row in printed.rows for word in row.words if NUMBER.fullmatch(word.reading)]
    if all(word.confidence >= CERTAIN for word in words):
        if printed.opening and printed.closing is None and not printed.is_proven:
            yield Finding("closing_missing", CLOSING_MISSING)
        return
    if printed.opening is None or printed.closing is None:
        yield Finding(
            "not_held_to_balances",
            Bilingual(
                "The opening or closing balance of a scanned statement cannot be read, so nothing"
                " shows whether its amounts were read right.",
                "Anfangs- oder Endsaldo eines gescannten Kontoauszugs ist nicht lesbar; ob seine"
                " Beträge richtig gelesen wurden, ist deshalb nicht nachprüfbar.",
            ),
        )
    yield from doubts(printed)


def _contradictions(printed: PrintedStatement, currency: str) -> Iterator[Finding]:
    """Each balance on the way that is not what the bookings lead to; then it goes on from there."""
    if printed.opening is None:
        return
    running = printed.opening.cents
    if printed.is_proven:
        return
    rows = printed.rows[::-1] if printed.newest_first else printed.rows
    for at, row in enumerate(rows):
        if row.pending:
            continue
        for carried in printed.carried:
            after = len(rows) - carried.after if printed.newest_first else carried.after
            if after == at and carried.cents != running:
                yield _contradiction(carried.line, running, carried.cents, currency)
                running = carried.cents
        running += row.amount or 0
        if row.balance is not None and row.balance != running:
            yield _contradiction(row.line, running, row.balance, currency)
            running = row.balance
    summed = printed.opening.cents + sum(row.amount or 0 for row in printed.rows if not row.pending)
    if printed.closing is not None and printed.closing.cents not in (running, summed):
        yield _contradiction(printed.closing.line, running, printed.closing.cents, currency)


def _contradiction(line: Line, counted: int, printed_cents: int, currency: str) -> Finding:
    due, printed = stated(counted, currency), stated(printed_cents, currency)
    return Finding(
        "running_balance",
        Bilingual(
            f"Page {line.page}: the bookings lead to a balance of {due.en}"
            f" where {printed.en} is printed: {line.text[:80]}",
            f"Seite {line.page}: Die Buchungen ergeben einen Saldo von {due.de},"
            f" gedruckt ist {printed.de}: {line.text[:80]}",
        ),
    )


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
