"""Statements on paper: the lines of all pages to statements and their bookings.

A table runs from its opening to its closing balance over as many pages as it needs.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.evidence import Bytes
from core.formats.pdf.balances import BalanceKind, SeparateBalance, balance_kind, balances
from core.formats.pdf.days import day_of
from core.formats.pdf.letterhead import Letterhead, letterhead
from core.formats.pdf.marks import Marked, mark
from core.formats.pdf.notation import find_notation
from core.formats.pdf.page import SAME, Line
from core.formats.pdf.printed import PrintedDay, dates, leading_day
from core.formats.pdf.printed_statement import PrintedBalance, PrintedRow, PrintedStatement, items
from core.formats.pdf.table import AmountRole, PrintedColumns, columns
from core.formats.pdf.titled import judged, unread
from core.statements.model import Item

VALUED = re.compile(r"(?:Wertstellung|Wert|Valuta):?")
LOOSE = 2.2  # line pitches: what stands further below a booking is no part of it


def statements(pages: Sequence[Sequence[Line]], size: int, *, titled: bool) -> Iterator[Item]:
    """The statements on the pages of a file of so many bytes, each with its bookings.

    `titled` says that the file calls itself a statement. Raises Unreadable where nothing certain
    shows that it is one.
    """
    notation = find_notation(pages)
    marked = [[mark(notation.restate(line)) for line in page] for page in pages]
    table = columns([each for page in marked for each in page])
    if table is None:
        return
    reader = _Reader(table)
    for page in marked:
        reader.read(page)
    for printed in reader.printed:
        printed.settle()
    for printed, certain in judged(reader.printed, titled):
        if certain:
            yield from items(printed, table, Bytes(0, size), notation.currency)
        else:
            yield from unread(printed)


class _Reader:
    """Takes page after page and puts each line where it belongs."""

    def __init__(self, table: PrintedColumns) -> None:
        self.printed: list[PrintedStatement] = []
        self._table = table
        self._row: PrintedRow | None = None  # the booking that lines may still belong to
        self._group: PrintedDay | None = None  # the day of the bookings that follow

    def read(self, page: Sequence[Marked]) -> None:
        """Read a page: its head, then its part of the table."""
        self._row = None
        start = next((at for at, each in enumerate(page) if self._begins_table(each)), len(page))
        self._head(letterhead([each.line for each in page[:start]]))
        apart = {at: each for each in balances(page) for at in each.lines}
        for at, each in enumerate(page):
            if at in apart and not self._is_of_table(each):
                self._note(apart[at], page[apart[at].lines.start].line)
            elif at >= start:
                self._line(each)

    def _begins_table(self, each: Marked) -> bool:
        return each.heading or each.group is not None or self._is_of_table(each)

    def _is_of_table(self, each: Marked) -> bool:
        return self._row_day(each) is not None or self._balance(each) is not None

    def _note(self, apart: SeparateBalance, line: Line) -> None:
        """Keep a balance that is told apart from the table, which ends the booking above it."""
        self._row = None
        printed = self.printed[-1]
        balance = PrintedBalance(apart.cents, dates(line.reading), line, len(printed.rows))
        printed.apart.append((apart.kind, balance))

    def _head(self, head: Letterhead) -> None:
        """Begin a statement where the page's head says that it is another one."""
        if self.printed:
            known = self.printed[-1].head
            named = (head.account, head.number, head.starts_on, head.ends_on)
            old = (known.account, known.number, known.starts_on, known.ends_on)
            if all(now is None or now == was for now, was in zip(named, old, strict=True)):
                return
            head = replace(
                head,
                account=head.account or known.account,
                holder=head.holder or known.holder,
                bank=head.bank or known.bank,
                currency=head.currency or known.currency,
            )
        self.printed.append(PrintedStatement(head))

    def _line(self, each: Marked) -> None:
        balance = self._balance(each)
        if balance is not None:
            self._row = None
            self._settle(*balance, each)
        elif each.group is not None:
            self._row, self._group = None, each.group
        elif (day := self._row_day(each)) is not None:
            self._row = self._begin(day, each)
            self.printed[-1].rows.append(self._row)
        elif self._row is not None:
            self._continue(self._row, each)

    def _row_day(self, each: Marked) -> PrintedDay | None:
        """The day of a booking that begins here: where days stand, with an amount in a column."""
        if not any(self._table.role(amount) for amount in each.amounts):
            return None
        return day_of(each, self._table.days, self._group)

    def _balance(self, each: Marked) -> tuple[BalanceKind, int] | None:
        """The balance that a line tells."""
        placed = [(amount, self._table.role(amount)) for amount in each.amounts]
        found = next((amount for amount, role in reversed(placed) if role is not None), None)
        if found is None:
            return None
        kind = balance_kind(" ".join(word.text for word in self._table.text(each)))
        is_row = self._table.days.booking(each) is not None
        if kind is None or (is_row and kind in (BalanceKind.CARRIED, BalanceKind.EITHER)):
            return None
        return kind, found.cents

    def _settle(self, kind: BalanceKind, cents: int, each: Marked) -> None:
        printed = self.printed[-1]
        balance = PrintedBalance(cents, dates(each.line.reading), each.line, len(printed.rows))
        if kind is BalanceKind.EITHER:
            begun = printed.closing is None and (printed.opening is not None or bool(printed.rows))
            kind = BalanceKind.CLOSING if begun else BalanceKind.OPENING
        if kind is BalanceKind.FORWARD:
            printed.forward = balance
            kind = BalanceKind.CARRIED
        if kind is BalanceKind.CLOSING:
            printed.closing = balance
        elif kind is BalanceKind.CARRIED or (
            printed.opening is not None and printed.closing is None
        ):
            printed.carried.append(balance)
        elif (
            printed.opening is None and printed.closing is None
        ):  # first, or in a summary at the end
            printed.opening = balance
        else:
            self.printed.append(PrintedStatement(printed.head, opening=balance))

    def _begin(self, day: PrintedDay, each: Marked) -> PrintedRow:
        valued, text = self._table.days.value(each), self._table.text(each)
        row = PrintedRow(
            each.line,
            day,
            valued.day if valued else None,
            list(each.line.words),
            [text] if text else [],
            each.line.bottom,
        )
        self._fill(row, each)
        return row

    def _continue(self, row: PrintedRow, each: Marked) -> None:
        """Take a line into the booking above it, if it is near and in the column of text."""
        table, words = self._table, list(each.line.words)
        near = each.line.bottom - row.bottom <= LOOSE * table.pitch
        if not near or words[0].left < table.left - SAME:
            self._row = None
            return
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

    def _fill(self, row: PrintedRow, each: Marked) -> None:
        """Put the line's amounts into the row, by their columns."""
        for amount in each.amounts:
            match self._table.role(amount):
                case AmountRole.AMOUNT:
                    row.amount = amount.cents
                case AmountRole.DEBIT:
                    row.amount = -abs(amount.cents)
                case AmountRole.CREDIT:
                    row.amount = abs(amount.cents)
                case AmountRole.BALANCE:
                    row.balance = amount.cents
