"""Pages read line by line in one layout: each line put where it belongs."""

import re
from collections.abc import Sequence

from core.formats.pdf.balances import TOTAL, BalanceKind, balance_kind, balances
from core.formats.pdf.days import day_of
from core.formats.pdf.layouts import Layout, Tables
from core.formats.pdf.letterhead import letterhead
from core.formats.pdf.marks import Marked
from core.formats.pdf.page import SAME, Line
from core.formats.pdf.printed import PrintedDay, dates, leading_day
from core.formats.pdf.printed_rows import begin, fill, is_cut
from core.formats.pdf.printed_statement import PrintedBalance, PrintedRow, PrintedStatement
from core.formats.pdf.sections import ASIDE, Section, is_title
from core.formats.pdf.succession import Succession
from core.formats.pdf.table import PrintedColumns

VALUED = re.compile(r"(?:Wertstellung|Wert|Valuta):?")
LOOSE = 2.2  # line pitches: what stands further below a booking is no part of it
BELOW = 6.0  # line pitches: an amount that stands below its day stands no further
BELOW_AMOUNT = 20.0  # points from an amount's edge at most where another number may be one
EXACT = 3.0  # points: so near to a column's edge is an amount that nothing else explains


class PageReader:
    """Takes page after page and puts each line where it belongs."""

    def __init__(self, tables: Tables, layout: Layout) -> None:
        self.leaves = False  # whether lines are left that another layout may make bookings of
        self.loses = False  # whether lines with a day are, too
        self._statements = Succession()
        self._section = Section()
        self._tables = tables
        self._layout = layout
        self._table = tables[0]
        self._number = 0  # of the line, over all pages
        self._row: PrintedRow | None = None  # the booking that lines may still belong to
        self._open: PrintedRow | None = None  # one whose amount is still to come
        self._group: PrintedDay | None = None  # the day of the bookings that follow
        self._day: PrintedDay | None = None  # that of the last booking
        self._waiting: Line | None = None  # one with a day whose amount may stand further below

    @property
    def printed(self) -> list[PrintedStatement]:
        """The statements that were met so far."""
        return self._statements.printed

    def read(self, page: Sequence[Marked]) -> None:
        """Read a page: its head, then its part of the table."""
        self._close()
        self._section.waits = False
        self._statements.between = []
        first = self._number
        start = next((at for at, each in enumerate(page) if self._begins_table(each)), len(page))
        self._statements.head(letterhead([each.line for each in page[:start]]))
        apart = {at: each for each in balances(page) for at in each.lines}
        for at, each in enumerate(page):
            self._number = first + at
            self._table = self._tables.get(self._number, self._table)
            self._enter(each)
            if at in apart and not self._is_of_table(each):
                self._close()  # a balance apart from the table ends the booking above it
                line = page[apart[at].lines.start].line
                self._statements.note(apart[at], line, self._table.left)
            elif at >= start and not self._section.daily:
                self._line(each)
        self._close()
        self._number = first + len(page)

    def _enter(self, each: Marked) -> None:
        """Note a title that says whether the bookings below it are pending."""
        if each.heading:
            self._section.meet_heading()
        if not is_title(each, self._table):
            return
        text, table = each.line.text, self._table
        parts = table.days.booked < table.text_left - SAME or ASIDE.search(text)
        if parts and self.printed and (rows := len(self._statements.last.rows)):
            self._statements.last.parts.append(rows)
        self._section.enter(text)

    def _begins_table(self, each: Marked) -> bool:
        return each.heading or each.group is not None or self._is_of_table(each)

    def _is_of_table(self, each: Marked) -> bool:
        return self._row_day(each) is not None or self._balance(each) is not None

    def _close(self) -> None:
        """End the booking that lines may belong to; one whose amount has not come is told."""
        if self._open is not None and self.printed:
            self.leaves = self.loses = True
            self._statements.last.loose.append(self._open.line)
        self._row = self._open = None

    def _line(self, each: Marked) -> None:
        balance = self._balance(each)
        if each.heading or (balance is not None and balance[0] is BalanceKind.OPENING):
            self._statements.head_between(self._table.left, opens=balance is not None)
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
        self._section.waits = self._section.waits or self._section.pending
        self._statements.last.rows.append(row)
        if self._section.unclear or is_cut(row):
            self._statements.last.loose.append(row.line)

    def _set_aside(self, each: Marked) -> None:
        """Keep a line that belongs to no booking, and tell it if it may be one itself."""
        self._statements.between.append(each.line)
        if self._opens_row(each):
            self.leaves, self.loses, self._waiting = True, True, each.line
        if not each.amounts or balance_kind(each.line.text) or TOTAL.match(each.line.text):
            return
        if each.day is not None and each.line.words[0].left < self._table.text_left - SAME:
            self._statements.last.loose.append(each.line)
        elif self._waiting is not None and self._columns(each):
            self._statements.last.loose.append(self._waiting)
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
        if kind is BalanceKind.OPENING and self._section.waits:
            self._section.end()
        owed = any(a.cents == cents and self._table.owes(a) for a in each.amounts)
        read, after = dates(each.line.reading), len(self._statements.last.rows)
        column = self._table.untold(each.amounts, cents)
        balance = PrintedBalance(cents, read, each.line, after, owed, column)
        self._statements.tell(kind, balance)

    def _begin(self, day: PrintedDay, each: Marked) -> PrintedRow:
        row = begin(day, each, self._table, pending=self._section.pending)
        self._fill(row, each)
        return row

    def _fill(self, row: PrintedRow, each: Marked) -> None:
        fill(row, each, self._table, self._layout.sides, self._section.side)

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
            self._statements.last.loose.append(each.line)


def _ends_like_amount(each: Marked, table: PrintedColumns) -> bool:
    """Whether a line has a number where the table's amounts end, though none that can be read."""
    last = each.line.words[-1]
    near = any(abs(last.right - edge) <= BELOW_AMOUNT for edge in table.edges)
    return near and any(map(str.isdigit, last.text))
