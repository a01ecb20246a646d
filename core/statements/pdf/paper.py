"""Statements on paper: the lines of all pages to statements and their bookings.

A table runs from its opening to its closing balance over as many pages as it needs; what is carried
forward from page to page, and every running balance, is held against the bookings.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from core.documents import Finding
from core.errors import Unreadable
from core.evidence import Bytes
from core.money import digits
from core.statements.model import Account, Balance, Item, Statement, Transaction
from core.statements.pdf.letterhead import Letterhead, Standing, letterhead, standing
from core.statements.pdf.misread import SURE
from core.statements.pdf.narration import narrate
from core.statements.pdf.page import CERTAIN, Line, Word, box
from core.statements.pdf.printed import NUMBER, Day, dates, leading_day
from core.statements.pdf.table import SAME, Columns, Marked, Role, columns, mark, text_words

LOOSE = 2.2  # line pitches: what stands further below a booking is no part of it
DAY = timedelta(days=1)


@dataclass(slots=True)
class Row:
    """A booking as it stands on the page; `balance` is what the row says stood after it."""

    line: Line
    day: Day
    valued: Day | None
    words: list[Word]
    text: list[list[Word]]
    bottom: float
    amount: int | None = None
    balance: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A balance that a line tells, the dates in it, and after how many rows it stands."""

    cents: int
    says: list[date]
    line: Line
    after: int


@dataclass(slots=True)
class Sheet:
    """A statement while its pages are read."""

    head: Letterhead
    rows: list[Row] = field(default_factory=list)
    opening: Told | None = None
    closing: Told | None = None
    carried: list[Told] = field(default_factory=list)


def statements(pages: Sequence[Sequence[Line]], size: int) -> Iterator[Item]:
    """The statements on the pages of a file of so many bytes, each with its bookings."""
    marked = [[mark(line) for line in page] for page in pages]
    table = columns([each for page in marked for each in page])
    if table is None:
        return
    reader = _Reader(table)
    for page in marked:
        reader.take(page)
    for sheet in reader.sheets:
        if sheet.rows or (sheet.opening is not None and sheet.closing is not None):
            yield from _said(sheet, table, Bytes(0, size))


class _Reader:
    """Takes page after page and puts each line where it belongs."""

    def __init__(self, table: Columns) -> None:
        self.sheets: list[Sheet] = []
        self._table = table
        self._row: Row | None = None  # the booking that lines may still belong to

    def take(self, page: Sequence[Marked]) -> None:
        """Read a page: its head, then its part of the table."""
        self._row = None
        start = next((at for at, each in enumerate(page) if self._begins_table(each)), len(page))
        self._head(letterhead([each.line for each in page[:start]]))
        for each in page[start:]:
            self._line(each)

    def _begins_table(self, each: Marked) -> bool:
        return bool(each.heading or self._row_day(each) or self._balance(each))

    def _head(self, head: Letterhead) -> None:
        """Begin a statement where the page's head says that it is another one."""
        if self.sheets:
            known = self.sheets[-1].head
            told = (head.account, head.number, head.starts_on, head.ends_on)
            old = (known.account, known.number, known.starts_on, known.ends_on)
            if all(now is None or now == was for now, was in zip(told, old, strict=True)):
                return
            head = replace(
                head,
                account=head.account or known.account,
                holder=head.holder or known.holder,
                bank=head.bank or known.bank,
                currency=head.currency or known.currency,
            )
        self.sheets.append(Sheet(head))

    def _line(self, each: Marked) -> None:
        balance = self._balance(each)
        if balance is not None:
            self._row = None
            self._settle(*balance, each)
        elif (day := self._row_day(each)) is not None:
            self._row = self._begin(day, each)
            self.sheets[-1].rows.append(self._row)
        elif self._row is not None:
            self._continue(self._row, each)

    def _row_day(self, each: Marked) -> Day | None:
        """The day of a booking that begins here: where days stand, with an amount in a column."""
        placed = abs(each.line.words[0].left - self._table.day_left) <= SAME
        is_row = placed and any(self._table.role(amount) for amount in each.amounts)
        return each.day if is_row else None

    def _balance(self, each: Marked) -> tuple[Standing, int] | None:
        """The balance that a line tells."""
        placed = [(amount, self._table.role(amount)) for amount in each.amounts]
        found = next((amount for amount, role in reversed(placed) if role is not None), None)
        if found is None:
            return None
        kind = standing(" ".join(word.text for word in text_words(each.line.words, each.amounts)))
        if kind is None or (each.day and kind in (Standing.CARRIED, Standing.EITHER)):
            return None
        return kind, found.cents

    def _settle(self, kind: Standing, cents: int, each: Marked) -> None:
        sheet = self.sheets[-1]
        told = Told(cents, dates(each.line.text), each.line, len(sheet.rows))
        if kind is Standing.EITHER:
            begun = sheet.closing is None and (sheet.opening is not None or bool(sheet.rows))
            kind = Standing.CLOSING if begun else Standing.OPENING
        if kind is Standing.CLOSING:
            sheet.closing = told
        elif kind is Standing.CARRIED or (sheet.opening is not None and sheet.closing is None):
            sheet.carried.append(told)
        elif sheet.opening is None and not sheet.rows:
            sheet.opening = told
        else:
            self.sheets.append(Sheet(sheet.head, opening=told))

    def _begin(self, day: Day, each: Marked) -> Row:
        words = each.line.words
        valued = leading_day(words[day.words :])
        text = text_words(words, each.amounts)
        row = Row(each.line, day, valued, list(words), [text] if text else [], each.line.bottom)
        self._fill(row, each)
        return row

    def _continue(self, row: Row, each: Marked) -> None:
        """Take a line into the booking above it, if it is near and in the column of text."""
        table, words = self._table, list(each.line.words)
        near = each.line.bottom - row.bottom <= LOOSE * table.pitch
        if not near or words[0].left < table.day_left - SAME:
            self._row = None
            return
        start = 0
        if words[0].left < table.text_left - SAME:
            day = leading_day(words)
            start = day.words if day else 0
            row.valued = row.valued or day
        text = [w for w in words[start:] if w.left >= table.text_left - SAME]
        row.words += words
        row.bottom = each.line.bottom
        if text:
            row.text.append(text)

    def _fill(self, row: Row, each: Marked) -> None:
        """Put the line's amounts into the row, by their columns."""
        for amount in each.amounts:
            match self._table.role(amount):
                case Role.AMOUNT:
                    row.amount = amount.cents
                case Role.DEBIT:
                    row.amount = -abs(amount.cents)
                case Role.CREDIT:
                    row.amount = abs(amount.cents)
                case Role.BALANCE:
                    row.balance = amount.cents


def _said(sheet: Sheet, table: Columns, place: Bytes) -> Iterator[Item]:
    """A sheet as a statement, its bookings in time, and where it contradicts itself."""
    head, last = sheet.head, _last_day(sheet)
    currency = head.currency or "EUR"
    rows = [
        (on, row)
        for row in sheet.rows
        if row.amount is not None and (on := row.day.on(last)) is not None
    ]
    if rows and rows[0][0] > rows[-1][0]:
        rows.reverse()
    first = head.starts_on or _day_after(sheet.opening) or (rows[0][0] if rows else last)
    yield Statement(
        kind="statement",
        account=Account(head.account or "unknown", currency, head.holder, head.bank),
        number=head.number,
        starts_on=first,
        ends_on=last,
        opening=Balance(sheet.opening.cents, first) if sheet.opening else None,
        closing=Balance(sheet.closing.cents, last) if sheet.closing else None,
    )
    yield from _oddities(sheet, last, currency)
    for on, row in rows:
        yield _transaction(row, on, last, table, currency, place)


def _last_day(sheet: Sheet) -> date:
    """The last day that a statement covers, which also tells the year of days without one."""
    if sheet.head.ends_on:
        return sheet.head.ends_on
    if sheet.closing and sheet.closing.says:
        return sheet.closing.says[0]
    known = [on for row in sheet.rows if row.day.year and (on := row.day.on(date.min))]
    if sheet.opening and sheet.opening.says:
        known.append(sheet.opening.says[0] + DAY)
    if not known:
        raise Unreadable("The statement says nowhere which year it is of.", code="no_year")
    return max(known)


def _day_after(opening: Told | None) -> date | None:
    """The day after the one at whose end the opening balance stood."""
    return opening.says[0] + DAY if opening and opening.says else None


def _oddities(sheet: Sheet, last: date, currency: str) -> Iterator[Finding]:
    """What a statement leaves open or says against itself."""
    if sheet.head.account is None:
        yield Finding("account_unknown", "A statement names no account number that can be read.")
    for row in sheet.rows:
        if row.day.on(last) is None:
            where = f"Page {row.line.page}: {row.line.text[:80]}"
            yield Finding("impossible_date", f"A booking's day does not exist; left out. {where}")
    against = list(_contradictions(sheet, currency))
    yield from against
    words = [word for row in sheet.rows for word in row.words if NUMBER.fullmatch(word.text)]
    if all(word.confidence >= CERTAIN for word in words):
        return
    if sheet.opening is None or sheet.closing is None:
        yield Finding(
            "not_held_to_balances",
            "The opening or closing balance of a scanned statement cannot be read, so nothing shows"
            " whether its amounts were read right.",
        )
    for row in sheet.rows if against else ():
        for word in row.words:
            if NUMBER.fullmatch(word.text) and word.confidence < SURE:
                yield Finding(
                    "doubtful_amount",
                    f"Page {row.line.page}: {word.text} may be misread; its statement's balances"
                    " do not follow from its bookings.",
                )


def _contradictions(sheet: Sheet, currency: str) -> Iterator[Finding]:
    """Each balance on the way that is not what the bookings lead to; then it goes on from there."""
    if sheet.opening is None:
        return
    running = sheet.opening.cents
    for at, row in enumerate(sheet.rows):
        for told in sheet.carried:
            if told.after == at and told.cents != running:
                yield _contradiction(told.line, running, told.cents, currency)
                running = told.cents
        running += row.amount or 0
        if row.balance is not None and row.balance != running:
            yield _contradiction(row.line, running, row.balance, currency)
            running = row.balance
    summed = sheet.opening.cents + sum(row.amount or 0 for row in sheet.rows)
    if sheet.closing is not None and sheet.closing.cents not in (running, summed):
        yield _contradiction(sheet.closing.line, running, sheet.closing.cents, currency)


def _contradiction(line: Line, counted: int, told: int, currency: str) -> Finding:
    return Finding(
        "running_balance",
        f"Page {line.page}: the bookings lead to a balance of {digits(counted, currency)}"
        f" {currency} where {digits(told, currency)} is printed: {line.text[:80]}",
    )


def _transaction(
    row: Row, on: date, last: date, table: Columns, currency: str, place: Bytes
) -> Transaction:
    said = narrate(row.text, table.text_right)
    return Transaction(
        booked_on=on,
        valued_on=row.valued.on(last) if row.valued else None,
        amount=row.amount or 0,
        currency=currency,
        pending=False,
        reversal=said.reversal,
        counterparty=said.counterparty,
        counterparty_account=said.account,
        remittance=said.remittance,
        gvc=None,
        iso=None,
        return_reason=None,
        bank_reference=None,
        details=(),
        evidence=place,
        box=box(row.line, row.words),
    )
