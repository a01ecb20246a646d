"""Statements on paper: the lines of all pages to statements and their bookings.

A table runs from its opening to its closing balance over as many pages as it needs. How its lines
make bookings is tried in the ways in which banks print them; what its balances prove is taken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

from core.documents import Finding
from core.errors import Unreadable
from core.evidence import Bytes
from core.formats.pdf import cards, proof, sheets, spelling
from core.formats.pdf.balances import BalanceKind, balance_kind
from core.formats.pdf.currency import of_account, of_all, on_pages
from core.formats.pdf.layouts import Tables, layouts, tables_of
from core.formats.pdf.letterhead import letterhead
from core.formats.pdf.marks import Marked, mark
from core.formats.pdf.notation import find_notation
from core.formats.pdf.page import Line
from core.formats.pdf.page_reader import PageReader
from core.formats.pdf.printed import dates
from core.formats.pdf.printed_statement import PrintedBalance, PrintedStatement
from core.formats.pdf.statement_items import items
from core.formats.pdf.titled import judged, unread
from core.statements.model import Item


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
    tables = tables_of(marked)
    if not tables:
        outcome = _Attempt([each for each in [_without_bookings(marked)] if each is not None])
    else:
        outcome = _read(marked, tables)
    outside = cache(partial(_outside, pages, outcome.found))  # only where a table names none

    def usual(account: str | None) -> tuple[str | None, bool]:
        if (found := of_all(pages)) is not None:
            return found, False
        found = of_account(account, on_pages(pages), notation.month_first)
        return found, found is not None and not on_pages(outside())

    for printed, certain in judged(outcome.found, titled):
        if certain:
            yield from items(printed, Bytes(0, size), usual)
        else:
            yield from unread(printed)
    yield from outcome.findings


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


@dataclass(slots=True)
class _Attempt:
    """What a layout makes of the pages, as far as it was tried, and what is told of that."""

    found: list[PrintedStatement] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_proven(self) -> bool:
        """Whether balances hold all of it."""
        return bool(self.found) and all(each.is_proven for each in self.found)

    def held(self, first: int | None = None) -> int:
        """How many balances hold it, or its first statements."""
        return sum(each.held for each in self.found[:first])


def _read(marked: Sequence[Sequence[Marked]], tables: Tables) -> _Attempt:
    """The statements in the first layout that their balances prove, else as lines usually lie."""
    usual: _Attempt | None = None
    loses = False  # whether the usual one leaves out lines with a day
    proven: _Attempt | None = None
    best, refusal = (0, False), list[Unreadable]()
    simple = all(len(table.edges) == 1 for table in tables.values())  # no balances beside rows
    for layout in layouts(marked, tables):
        reader = PageReader(tables, layout)
        lines = cards.owed(marked) if layout.owed else marked
        other = proven or (None if loses else usual)
        try:
            found = _tried(reader, lines, other, proven if simple else None)
        except Unreadable as reason:
            refusal.append(reason)
            continue
        if found.is_proven:
            if not reader.leaves and proven is None:
                return found
            rank = found.held(), not reader.loses
            if proven is None or rank > best:
                proven, best = found, rank
        certain = layout.sides is None or layout.sides.is_known
        certain = certain and (not layout.owed or cards.is_told(marked))
        better = loses and not reader.loses and any(map(_is_held, found.found))
        if certain and any(each.rows for each in found.found) and (usual is None or better):
            usual, loses = found, reader.loses
    if proven is None and usual is None and refusal:
        raise refusal[0]
    return proven or usual or _Attempt()


def _is_held(printed: PrintedStatement) -> bool:
    """Whether balances would tell that its bookings are read wrong."""
    beside = any(row.balance is not None for row in printed.rows)
    return beside or (printed.opening is not None and printed.closing is not None)


def _tried(
    reader: PageReader,
    marked: Sequence[Sequence[Marked]],
    other: _Attempt | None,
    proven: _Attempt | None,
) -> _Attempt:
    """What a reader makes of the pages; it stops where `other` or `proven` is taken all the same.

    That is at what no balance holds, or once days are left out and no more balances hold the rest.
    """
    attempt = _Attempt()
    for settled, told in _settled(reader, marked):
        attempt.found.append(settled)
        attempt.findings += told
        if other is not None and not settled.is_proven:
            break
        so_far = len(attempt.found)
        if proven is not None and reader.loses and attempt.held() <= proven.held(so_far):
            break
    return attempt


def _settled(
    reader: PageReader, marked: Sequence[Sequence[Marked]]
) -> Iterator[tuple[PrintedStatement, list[Finding]]]:
    """The statements that the reader makes of pages, each as soon as another one has begun."""
    done = 0
    for at, page in enumerate(marked, 1):
        reader.read(page)
        whole = len(reader.printed) - (at < len(marked))
        for printed in reader.printed[done:whole]:
            if printed.is_statement:
                printed.settle()
                yield printed, [*proof.settle(printed)]
        done = max(done, whole)


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
