"""Tables of bookings, CSV, as banks let them be exported: bytes to statements.

No two banks write the same table, so none is known by name: the columns are told by their headers
and by what stands in them, the account and the balances by what stands around.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import chain
from typing import BinaryIO

from core.bilingual import Bilingual
from core.errors import Unreadable
from core.formats.common.amounts import is_minus
from core.formats.csv.body import TableBody
from core.formats.csv.columns import SAMPLE, TableColumns
from core.formats.csv.dating import dated
from core.formats.csv.grid import NOTHING, Chunk, Row
from core.formats.csv.headers import ColumnRole
from core.formats.csv.layout import find_columns
from core.formats.csv.paper import below_others, other_paper, paper_of
from core.formats.csv.table import SMALL, Dialect, chunks, dialects, first_rows
from core.statements.model import Item

HEAD = 64 * 1024  # bytes by which a table is understood


def recognises(head: bytes) -> bool:
    """Whether a file that begins so is a table of bookings."""
    return _understand(BytesIO(head), max(SMALL, len(head))) is not None


def read(source: BinaryIO) -> Iterator[Item]:
    """A statement an account, then its bookings, oldest first; amounts in minor units.

    A booking's evidence is its row. Opening and closing come from the column of balances where
    there is one, which must lead from row to row. Raises Unreadable with the reason.
    """
    understood = _understand(source, HEAD)
    if understood is None:
        raise Unreadable(
            Bilingual(
                "The table has no columns of dates and amounts.",
                "Die Tabelle hat keine Spalten mit Daten und Beträgen.",
            )
        )
    dialect, columns, rows = understood
    if other := other_paper(source, dialect, columns):
        yield from other
        return
    columns = dated(columns, rows, lambda: _all_rows(source, dialect, columns.header))
    columns = _signed(columns, lambda: _all_rows(source, dialect, columns.header))
    table = TableBody(columns, dialect, rows[: columns.header + 1], rows[columns.header + 1 :])
    several, waiting, aside = False, NOTHING, False
    below = _below_header(chunks(source, dialect), columns.header, table.note)
    for next_chunk in chain(below, (None,)):
        chunk, ended = waiting.then(next_chunk or NOTHING), next_chunk is None
        while (at := table.header(chunk.rows)) is not None and (
            more := _columns_below(chunk.rows, at, ended=ended)
        ):
            above, body = table.end_with(chunk.before(at)), chunk.rows[at + 1 :]
            if table.goes_on(chunk.rows[at], above, body):
                table.note(above)
            else:
                yield from [] if aside else table.items(lone=False)
                beside = paper_of(above, chunk.rows[at], body, more)
                aside, several = beside is not None, True
                if beside:
                    yield below_others(*beside)
                    more = replace(more, untold=None)
                table = table.below(more, [*above, chunk.rows[at]], body)
            chunk = chunk.after(at + 1)
        whole = chunk if ended else table.whole(chunk, at)
        table.read(whole)
        waiting = chunk.after(len(whole.rows))
    yield from [] if aside else table.items(lone=not several)


def _columns_below(rows: Sequence[Row], at: int, *, ended: bool) -> TableColumns | None:
    """The columns below another header at that row; None where these are none.

    Or where more of them must be known first: the file has not ended.
    """
    if not (ended or at + SAMPLE <= len(rows)):
        return None
    columns = find_columns(rows[at : at + SAMPLE])
    return columns if columns and columns.header == 0 else None


def _signed(columns: TableColumns, whole: Callable[[], Iterable[Row]]) -> TableColumns:
    """The columns of amounts the first of which bear no sign, where a later one has a minus."""
    if columns.untold is None or not columns.untold.by_more_rows:
        return columns
    at, point = columns.at[ColumnRole.AMOUNT], columns.point
    later = (row[at] for row in whole() if at < len(row))
    told = any(is_minus(cell, point) for cell in later)
    return replace(columns, untold=None) if told else columns


def _all_rows(source: BinaryIO, dialect: Dialect, header: int) -> Iterator[Row]:
    """All rows of a file below its first header."""
    below = _below_header(chunks(source, dialect), header, len)
    return chain.from_iterable(chunk.rows for chunk in below)


def _below_header(
    table: Iterator[Chunk], above: int, note: Callable[[Sequence[Row]], object]
) -> Iterator[Chunk]:
    """The rows below the header; so many rows above it, -1 for none, are about all of them."""
    for chunk in table:
        if above >= 0:
            note(chunk.rows[:above])
            chunk, above = chunk.after(above + 1), above - len(chunk.rows)
        if chunk.rows:
            yield chunk


def _understand(source: BinaryIO, size: int) -> tuple[Dialect, TableColumns, list[Row]] | None:
    """How a table is written, its columns and first rows, by as many bytes of it at most.

    The separator counts that tells most of them.
    """
    best: tuple[Dialect, TableColumns, list[Row]] | None = None
    best_told = (0, False)
    source.seek(0)
    head = source.read(size)
    for dialect in dialects(source):
        if dialect.separator.encode(dialect.encoding) not in head:
            continue
        rows = first_rows(head, dialect, cut=len(head) == size)
        columns = find_columns(rows)
        told = (len(columns.at), columns.untold is None) if columns else best_told
        if columns and (best is None or told > best_told):
            best, best_told = (dialect, columns, rows), told
    return best
