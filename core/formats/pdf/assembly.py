"""Statements on paper: the lines of all pages to statements and their bookings.

A table runs from its opening to its closing balance over as many pages as it needs. How its lines
make bookings is tried in the ways in which banks print them; what its balances prove is taken.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from core.documents import Finding
from core.errors import Unreadable
from core.evidence import Bytes
from core.formats.pdf import cards, proof, sheets, spelling
from core.formats.pdf.balances import (
    AVAILABLE,
    TOTAL,
    BalanceKind,
    SeparateBalance,
    balance_kind,
    balances,
    is_balance_alone,
)
from core.formats.pdf.currency import beside, of_account, of_all, on_pages
from core.formats.pdf.days import day_of
from core.formats.pdf.letterhead import ACCOUNT, Letterhead, currency_in, letterhead
from core.formats.pdf.marks import Marked, is_heading, mark
from core.formats.pdf.notation import find_notation
from core.formats.pdf.page import SAME, Line
from core.formats.pdf.printed import PrintedDay, dates, leading_day
from core.formats.pdf.printed_statement import PrintedBalance, PrintedRow, PrintedStatement, items
from core.formats.pdf.sections import (
    ASIDE,
    BOOKED,
    DAILY,
    MOST_TITLE,
    PENDING,
    says_pending,
    side_of,
)
from core.formats.pdf.sides import SideColumn, side_columns
from core.formats.pdf.table import PrintedColumns, columns
from core.formats.pdf.titled import judged, unread
from core.iban import ibans
from core.statements.model import Item

VALUED = re.compile(r"(?:Wertstellung|Wert|Valuta):?")
LOOSE = 2.2  # line pitches: what stands further below a booking is no part of it
BELOW = 6.0  # line pitches: an amount that stands below its day stands no further
CUT = 1.2  # heights of letters: so near before an amount may stand its thousands
NUMBERED = re.compile(  # an account's title between two tables
    r"(?:konto|account)\s+(?:nr|no|nummer|number)\b\.?\s*:?\s*(\d{6,15})\b", re.IGNORECASE
)
THOUSANDS = re.compile(r"[-+−–]?\d{1,3}")
HUNDREDS = re.compile(r"\d{3},")
BELOW_AMOUNT = 20.0  # points from an amount's edge at most where another number may be one
EXACT = 3.0  # points: so near to a column's edge is an amount that nothing else explains


@dataclass(frozen=True, slots=True)
class Layout:
    """How lines make bookings: amounts below their day, a day once a day, sides in a column.

    `owed` says that amounts without a sign are debts, as on a card's statement.
    """

    below: bool = False
    once: bool = False
    sides: SideColumn | None = None
    owed: bool = False


def statements(pages: Sequence[Sequence[Line]], size: int, *, titled: bool) -> Iterator[Item]:
    """The statements on the pages of a file of so many bytes, each with its bookings.

    `titled` says that the file calls itself a statement. Raises Unreadable where nothing certain
    shows that it is one.
    """
    pages = spelling.spelt(spelling.with_whole_days(sheets.apart(pages)))
    notation = find_notation(pages)
    restated = [
        [notation.restate(spelling.parted(line, notation.pointed)) for line in page]
        for page in pages
    ]
    restated = sheets.aligned(spelling.with_days(restated))
    marked = [[mark(line) for line in page] for page in restated]
    tables = _tables(marked)
    if not tables:
        found = [each for each in [_without_bookings(marked)] if each is not None]
        outcome: tuple[list[PrintedStatement], list[Finding]] = (found, [])
    else:
        outcome = _read(marked, tables)
    outside = cache(partial(_outside, pages, outcome[0]))  # only where a table names none

    def usual(account: str | None) -> tuple[str | None, bool]:
        if (found := of_all(pages)) is not None:
            return found, False
        found = of_account(account, on_pages(pages), notation.month_first)
        return found, found is not None and not on_pages(outside())

    for printed, certain in judged(outcome[0], titled):
        if certain:
            yield from items(printed, Bytes(0, size), usual)
        else:
            yield from unread(printed)
    yield from outcome[1]


def _outside(
    pages: Sequence[Sequence[Line]], found: Sequence[PrintedStatement]
) -> list[list[Line]]:
    """The lines that are no booking's: what a text names is of what it tells."""
    taken = {
        (row.line.page, word.left, word.top)
        for printed in found
        for row in printed.rows
        for word in row.words
    }
    return [
        [line for line in page if (line.page, line.words[0].left, line.words[0].top) not in taken]
        for page in pages
    ]


Tables = dict[int, PrintedColumns]


def _tables(marked: Sequence[Sequence[Marked]]) -> Tables:
    """The columns below each heading that sets other columns than those before it.

    The key is the number of a line, over all pages, from which on they hold.
    """
    lines = [each for page in marked for each in page]
    starts = [0]
    for at, each in enumerate(lines):
        if each.heading and not any(_alike(each, lines[start]) for start in starts):
            starts.append(at)
    headings = [at for at, each in enumerate(lines) if each.heading]
    whole = columns(lines)
    if whole is None:
        return {}
    if len(starts) < 3:
        return {0: whole}
    found: Tables = {0: whole}
    for start, end in zip(headings, [*headings[1:], len(lines)], strict=True):
        same = next(each for each in starts if each and _alike(lines[start], lines[each]))
        if same in found and same != start:
            found[start] = found[same]
        else:
            found[start] = columns(lines[start:end]) or whole
    return found


def _alike(one: Marked, other: Marked) -> bool:
    """Whether two headings set the same columns."""
    return other.heading and [round(word.right) for word in one.line.words] == [
        round(word.right) for word in other.line.words
    ]


def _read(
    marked: Sequence[Sequence[Marked]], tables: Tables
) -> tuple[list[PrintedStatement], list[Finding]]:
    """The statements in the first layout that their balances prove, else as lines usually lie."""
    usual: tuple[list[PrintedStatement], list[Finding]] | None = None
    loses = False
    proven: tuple[tuple[int, bool], list[PrintedStatement], list[Finding]] | None = None
    refusal: Unreadable | None = None
    for layout in _layouts(marked, tables):
        reader = _Reader(tables, layout)
        for page in cards.owed(marked) if layout.owed else marked:
            reader.read(page)
        found = [each for each in reader.printed if each.is_statement]
        try:
            findings = [finding for each in found for finding in _settled(each)]
        except Unreadable as reason:
            refusal = refusal or reason
            continue
        if found and all(each.is_proven for each in found):
            if not reader.leaves and proven is None:
                return found, findings
            held = sum(each.held for each in found), not reader.loses
            if proven is None or held > proven[0]:
                proven = held, found, findings
        certain = layout.sides is None or layout.sides.is_known
        certain = certain and (not layout.owed or cards.is_told(marked))
        better = loses and not reader.loses and any(map(_is_held, found))
        if certain and any(each.rows for each in found) and (usual is None or better):
            usual, loses = (found, findings), reader.loses
    if proven is not None:
        return proven[1:]
    if usual is None and refusal is not None:
        raise refusal
    return usual or ([], [])


def _is_held(printed: PrintedStatement) -> bool:
    """Whether balances would tell that its bookings are read wrong."""
    beside = any(row.balance is not None for row in printed.rows)
    return beside or (printed.opening is not None and printed.closing is not None)


def _settled(printed: PrintedStatement) -> Iterator[Finding]:
    printed.settle()
    yield from proof.settle(printed)


def _layouts(marked: Sequence[Sequence[Marked]], tables: Tables) -> Iterator[Layout]:
    """The layouts that the lines may have, the usual one first."""
    days = tables[0].days
    owed = tables[0].sideless_only and cards.owes(marked)
    if owed and cards.is_card(marked):
        yield Layout(owed=True)
        return
    if tables[0].sideless_only and cards.is_card(marked) and cards.is_doubtful(marked):
        raise Unreadable(proof.SIGNS_UNKNOWN, code="signs_unknown")
    lines = [each for page in marked for each in page]
    rows = [each for each in lines if days.begins(each) and balance_kind(each.line.text) is None]
    found = side_columns(rows, tables[0]) if rows else []
    sides: list[SideColumn | None] = [each for each in found if each.is_known]
    sides += [None, *(each for each in found if not each.is_known)]
    for side in sides:
        yield Layout(sides=side)
    if owed:
        yield Layout(owed=True)
    if days.grouped:
        return
    below = any(not each.amounts and days.booking(each) for each in lines)
    once = any(each.amounts and days.goes_on(each) for each in lines)
    for side in sides:
        if below:
            yield Layout(below=True, sides=side)
        if once:
            yield Layout(once=True, sides=side)
        if below and once:
            yield Layout(below=True, once=True, sides=side)


def _without_bookings(marked: Sequence[Sequence[Marked]]) -> PrintedStatement | None:
    """The statement of a time without bookings: nothing but two balances that are the same."""
    told = [
        (kind, amounts[-1].cents, each.line)
        for page in marked
        for each in page
        if (kind := balance_kind(each.line.text)) is not None and (amounts := each.amounts)
    ]
    if len(told) != 2 or told[0][1] != told[1][1]:
        return None
    (first, cents, above), (last, _, below) = told
    if first is BalanceKind.CLOSING or last is BalanceKind.OPENING:
        return None
    head = letterhead([each.line for page in marked for each in page if each.line is not above])
    opening = PrintedBalance(cents, dates(above.reading), above, 0)
    closing = PrintedBalance(cents, dates(below.reading), below, 0)
    return PrintedStatement(head, opening=opening, closing=closing, is_proven=True)


def _ends_like_amount(each: Marked, table: PrintedColumns) -> bool:
    """Whether a line has a number where the table's amounts end, though none that can be read."""
    last = each.line.words[-1]
    near = any(abs(last.right - edge) <= BELOW_AMOUNT for edge in table.edges)
    return near and any(map(str.isdigit, last.text))


def _is_cut(row: PrintedRow) -> bool:
    """Whether a number stands so near before an amount that it may be its thousands."""
    words = row.line.words
    for _, amount in row.placed:
        at = next((at for at, word in enumerate(words) if word is amount.word), 0)
        before, word = words[at - 1], amount.word
        near = 0 < word.left - before.right <= CUT * (word.bottom - word.top)
        if at and near and THOUSANDS.fullmatch(before.text) and HUNDREDS.match(word.reading):
            return True
    return False


def _end_of(printed: PrintedStatement, balance: PrintedBalance) -> BalanceKind:
    """Which end of the bookings a balance is of that no word tells: its day, or where it stands."""
    head, rows = printed.head, printed.rows
    if balance.dates and head.starts_on and head.ends_on and head.starts_on < head.ends_on:
        if balance.dates[0] < head.starts_on:
            return BalanceKind.OPENING
        if balance.dates[0] >= head.ends_on:
            return BalanceKind.CLOSING
    begun = printed.closing is None and (printed.opening is not None or bool(rows))
    if begun and printed.opening is None and proof.descends(rows):
        return BalanceKind.OPENING  # the newest come first
    return BalanceKind.CLOSING if begun else BalanceKind.OPENING


class _Reader:
    """Takes page after page and puts each line where it belongs."""

    def __init__(self, tables: Tables, layout: Layout) -> None:
        self.printed: list[PrintedStatement] = []
        self._tables = tables
        self._layout = layout
        self._table = tables[0]
        self._number = 0  # of the line, over all pages
        self._row: PrintedRow | None = None  # the booking that lines may still belong to
        self._open: PrintedRow | None = None  # one whose amount is still to come
        self._group: PrintedDay | None = None  # the day of the bookings that follow
        self._day: PrintedDay | None = None  # that of the last booking
        self._pending = False
        self._waits = False  # whether bookings stand in the section of those pending
        self._unclear = False
        self._side: int | None = None  # of the bookings below a title that says it
        self._daily = False  # whether balances stand below a title, a day each
        self._guessed: PrintedBalance | None = None  # an opening that no word calls so
        self._waiting: Line | None = None  # one with a day whose amount may stand further below
        self.loses = False  # whether lines with a day are, too
        self.leaves = False  # whether lines are left that another layout may make bookings of
        self._between: list[Line] = []  # that belong to no booking: maybe another account's head

    def read(self, page: Sequence[Marked]) -> None:
        """Read a page: its head, then its part of the table."""
        self._close()
        self._waits = False
        self._between = []
        first = self._number
        start = next((at for at, each in enumerate(page) if self._begins_table(each)), len(page))
        self._head(letterhead([each.line for each in page[:start]]))
        apart = {at: each for each in balances(page) for at in each.lines}
        for at, each in enumerate(page):
            self._number = first + at
            self._table = self._tables.get(self._number, self._table)
            self._section(each)
            if at in apart and not self._is_of_table(each):
                self._note(apart[at], page[apart[at].lines.start].line)
            elif at >= start and not self._daily:
                self._line(each)
        self._close()
        self._number = first + len(page)

    def _section(self, each: Marked) -> None:
        """Note a title that says whether the bookings below it are pending."""
        words = each.line.words
        short = len(words) <= MOST_TITLE and not each.amounts and not each.day
        if each.heading and self._pending and self._waits:
            self._unclear = True  # nothing says whether what follows is booked
        if not short or words[0].left > self._table.left + SAME or each.heading:
            return
        text, days = each.line.text, self._table.days
        self._side, self._daily = side_of(text), DAILY.search(text) is not None
        is_title = days.booked < self._table.text_left - SAME or ASIDE.search(text)
        if is_title and self.printed and (rows := len(self.printed[-1].rows)):
            self.printed[-1].parts.append(rows)
        if PENDING.search(each.line.text):
            self._pending, self._waits, self._unclear = True, False, False
        elif ASIDE.search(each.line.text):
            self._unclear = True
        elif (self._pending or self._unclear) and BOOKED.search(each.line.text):
            self._pending = self._unclear = False

    def _begins_table(self, each: Marked) -> bool:
        return each.heading or each.group is not None or self._is_of_table(each)

    def _is_of_table(self, each: Marked) -> bool:
        return self._row_day(each) is not None or self._balance(each) is not None

    def _note(self, apart: SeparateBalance, line: Line) -> None:
        """Keep a balance that is told apart from the table, which ends the booking above it."""
        self._close()
        if apart.kind is BalanceKind.OPENING and self._is_closed():
            self._head_between(opens=True)
        printed = self.printed[-1]
        balance = PrintedBalance(apart.cents, dates(line.reading), line, len(printed.rows))
        printed.apart.append((apart.kind, balance))

    def _head(self, head: Letterhead, other: bool = False) -> None:
        """Begin a statement where the page's head, or who knows it, says that it is another one."""
        if self.printed:
            known = self.printed[-1].head
            named = (head.account, head.number, head.starts_on, head.ends_on)
            old = (known.account, known.number, known.starts_on, known.ends_on)
            same = all(now is None or now == was for now, was in zip(named, old, strict=True))
            if same and not other:
                return
            head = replace(
                head,
                account=head.account or known.account,
                holder=head.holder or known.holder,
                bank=head.bank or known.bank,
                currency=head.currency or known.currency,
            )
        self.printed.append(PrintedStatement(head))

    def _close(self) -> None:
        """End the booking that lines may belong to; one whose amount has not come is told."""
        if self._open is not None and self.printed:
            self.leaves = self.loses = True
            self.printed[-1].loose.append(self._open.line)
        self._row = self._open = None

    def _line(self, each: Marked) -> None:
        balance = self._balance(each)
        if each.heading or (balance is not None and balance[0] is BalanceKind.OPENING):
            self._head_between(opens=balance is not None)
        if balance is not None:
            self._close()
            self._settle(*balance, each)
        elif each.group is not None:
            self._row, self._group = None, each.group
        elif (day := self._row_day(each)) is not None:
            self._close()
            self._row = self._begin(day, each)
            self._keep(self._row)
        elif self._layout.below and self._opens_row(each):
            self._close()
            placed = self._table.days.booking(each)
            self._row = self._open = self._begin(placed.day, each) if placed else None
        elif self._open is not None and self._completes(each):
            self._open = None
        elif self._layout.once and self._goes_on_with_day(each) and self._day is not None:
            self._row = self._begin(self._day, each)
            self._keep(self._row)
        elif self._row is not None:
            self._continue(self._row, each)
        else:
            self._set_aside(each)

    def _head_between(self, *, opens: bool) -> None:
        """Begin another account's statement where its number stands above this part of a table.

        Or one in another currency, where an opening balance follows.
        """
        text = "\n".join(line.text for line in self._between)
        if self._between and (self.printed[-1].rows or self.printed[-1].closing):
            lines = [line for line in self._between if not NUMBERED.search(line.text)]
            head = letterhead(lines)
            if head.account is None and (match := NUMBERED.search(text)) is not None:
                head = replace(head, account=match[1])
            known = self.printed[-1].head
            other = head.account != known.account
            named = head.account or ibans(text) or ACCOUNT.search(text)
            titles = [
                each
                for each in lines
                if each.words[0].left <= self._table.left + SAME and not is_heading(each.words)
            ]
            currency = currency_in("\n".join(each.text for each in titles))
            in_another = opens and self._is_closed() and None not in (known.currency, currency)
            in_another = in_another and currency != known.currency
            if in_another:
                head = replace(head, currency=currency)
            if (named and other) or in_another:
                if head.starts_on is None:
                    head = replace(head, starts_on=known.starts_on, ends_on=known.ends_on)
                self._head(head, in_another)
        self._between = []

    def _is_closed(self) -> bool:
        """Whether bookings and the balance after them have been read, in the table or apart."""
        printed = self.printed[-1]
        kinds = {kind for kind, _ in printed.apart}
        return bool(printed.rows) and (printed.closing is not None or BalanceKind.CLOSING in kinds)

    def _row_day(self, each: Marked) -> PrintedDay | None:
        """The day of a booking that begins here: where days stand, with an amount in a column."""
        if not any(self._table.column(amount) is not None for amount in each.amounts):
            return None
        return day_of(each, self._table.days, self._group)

    def _opens_row(self, each: Marked) -> bool:
        """Whether a booking begins here whose amount stands further below."""
        return not each.heading and self._table.days.booking(each) is not None

    def _completes(self, each: Marked) -> bool:
        """Take in the line with the amount of the booking above, if it is one."""
        row = self._open
        near = row is not None and each.line.bottom - row.bottom <= BELOW * self._table.pitch
        if row is None or not near or not self._columns(each):
            return False
        self._fill(row, each)
        row.words += each.line.words
        row.bottom = each.line.bottom
        if text := self._table.text(each):
            row.text.append(text)
        self._keep(row)
        return True

    def _goes_on_with_day(self, each: Marked) -> bool:
        """Whether a line without a day is another booking of the day above."""
        told = bool(self._columns(each)) and bool(self._table.text(each))
        return told and self._table.days.goes_on(each)

    def _columns(self, each: Marked) -> list[int]:
        """The columns in which the line has amounts that end just there."""
        table = self._table
        found = ((amount, table.column(amount)) for amount in each.amounts)
        return [
            at
            for amount, at in found
            if at is not None
            and (
                table.flush_left
                or abs(amount.right - table.edges[at]) <= EXACT
                or (amount.end is not None and abs(amount.end - table.edges[at]) <= EXACT)
            )
        ]

    def _keep(self, row: PrintedRow) -> None:
        self._day = row.day
        self._waits = self._waits or self._pending
        self.printed[-1].rows.append(row)
        if self._unclear or _is_cut(row):
            self.printed[-1].loose.append(row.line)

    def _set_aside(self, each: Marked) -> None:
        """Keep a line that belongs to no booking, and tell it if it may be one itself."""
        self._between.append(each.line)
        if self._opens_row(each):
            self.leaves, self.loses, self._waiting = True, True, each.line
        if not each.amounts or balance_kind(each.line.text) or TOTAL.match(each.line.text):
            return
        if each.day is not None and each.line.words[0].left < self._table.text_left - SAME:
            self.printed[-1].loose.append(each.line)
        elif self._waiting is not None and self._columns(each):
            self.printed[-1].loose.append(self._waiting)
            self._waiting = None

    def _balance(self, each: Marked) -> tuple[BalanceKind, int] | None:
        """The balance that a line tells."""
        found = next((a for a in reversed(each.amounts) if self._table.column(a) is not None), None)
        if found is None:
            return None
        kind = balance_kind(" ".join(word.text for word in self._table.text(each)))
        is_row = self._table.days.booking(each) is not None
        if kind is None or (is_row and kind in (BalanceKind.CARRIED, BalanceKind.EITHER)):
            return None
        if self._layout.sides:
            found = self._layout.sides.signed(found, each.line.words)
        return kind, found.cents

    def _settle(self, kind: BalanceKind, cents: int, each: Marked) -> None:
        printed = self.printed[-1]
        if kind is BalanceKind.OPENING and self._waits:
            self._pending = self._unclear = False
        owed = any(a.cents == cents and self._table.owes(a) for a in each.amounts)
        read = dates(each.line.reading)
        column = self._table.untold(each.amounts, cents)
        balance = PrintedBalance(cents, read, each.line, len(printed.rows), owed, column)
        turned = printed.opening is not None and printed.opening is self._guessed
        if kind is BalanceKind.OPENING and turned and printed.rows and printed.closing is None:
            printed.closing, printed.opening = printed.opening, None  # the newest come first
        if kind is BalanceKind.EITHER:
            kind = _end_of(printed, balance)
            self._guessed = self._guessed if kind is BalanceKind.CLOSING else balance
        if kind is BalanceKind.FORWARD:
            printed.forward = balance
            kind = BalanceKind.CARRIED
        if kind is BalanceKind.CLOSING:
            if printed.closing and printed.opening and printed.opening.after:
                self.printed.append(PrintedStatement(printed.head))  # the newest come first
                balance = replace(balance, after=0)
            self.printed[-1].closing = balance
        elif kind is BalanceKind.CARRIED or (
            printed.opening is not None and (printed.closing is None or not printed.closing.after)
        ):
            printed.carried.append(balance)
        elif printed.opening is None and (printed.closing is None or not printed.closing.after):
            printed.opening = balance  # first, in a summary at the end, or below the oldest
        else:
            self.printed.append(PrintedStatement(printed.head, opening=balance))

    def _begin(self, day: PrintedDay, each: Marked) -> PrintedRow:
        valued, text = self._table.days.value(each), self._table.text(each)
        told = " ".join(word.text for word in text)
        alone = is_balance_alone(told)
        perhaps = (
            balance_kind(told)
            or (BalanceKind.EITHER if alone else None)
            or (proof.TOTALS if TOTAL.match(told) or AVAILABLE.fullmatch(told) else None)
        )
        row = PrintedRow(
            each.line,
            day,
            valued.day if valued else None,
            list(each.line.words),
            [text] if text else [],
            each.line.bottom,
            self._table,
            perhaps=perhaps,
            alone=alone,
            pending=self._pending or says_pending(text),
        )
        self._fill(row, each)
        return row

    def _continue(self, row: PrintedRow, each: Marked) -> None:
        """Take a line into the booking above it, if it is near and in the column of text."""
        table, words = self._table, list(each.line.words)
        near = each.line.bottom - row.bottom <= LOOSE * table.pitch
        if self._opens_row(each):
            self.leaves = self.loses = True
        if not near or words[0].left < table.left - SAME:
            self._row = None
            self._set_aside(each)
            return
        if self._columns(each) or (
            each.day
            and words[0].left < table.text_left - SAME
            and (each.amounts or _ends_like_amount(each, table))
        ):
            self._tell(each)
        start = 1 if VALUED.fullmatch(words[0].text) else 0
        if start or words[0].left < table.text_left - SAME:
            day = leading_day(words[start:])
            start = start + day.words if day else 0
            row.valued = row.valued or day
        text = [w for w in words[start:] if w.left >= table.text_left - SAME]
        row.words += words
        row.bottom = each.line.bottom
        if text:
            row.text.append(text)

    def _tell(self, each: Marked) -> None:
        """Note a line below a booking that may be one of its own."""
        if not TOTAL.match(each.line.text) and balance_kind(each.line.text) is None:
            self.leaves = True
            self.printed[-1].loose.append(each.line)

    def _fill(self, row: PrintedRow, each: Marked) -> None:
        """Put the line's amounts into the row, with the columns they stand in."""
        for amount in each.amounts:
            column = self._table.column(amount)
            if column is not None:
                if self._layout.sides and column == self._layout.sides.column:
                    amount = self._layout.sides.signed(amount, [*row.words, *each.line.words])
                if self._side is not None and self._table.sideless(column):
                    row.sided = True
                    if not amount.signed:
                        cents = abs(amount.cents) * self._side
                        amount = replace(amount, cents=cents, signed=True, named=True)
                row.placed.append((column, amount))
                if units := beside(each, amount):
                    row.units.append((column, units))
