"""Tables of bookings, CSV, as banks let them be exported: bytes to statements.

No two banks write the same table, so none is known by name: the columns are told by their headers
and by what stands in them, the account and the balances by what stands around.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from itertools import chain
from typing import BinaryIO

from core.bilingual import Bilingual
from core.errors import Unreadable
from core.formats.common.dates import written_day
from core.formats.common.texts import tidy
from core.formats.csv.bookings import AccountBookings
from core.formats.csv.column_reader import ColumnReader
from core.formats.csv.columns import SAMPLE, TableColumns
from core.formats.csv.grid import NOTHING, Chunk, Row, column
from core.formats.csv.headers import ColumnRole
from core.formats.csv.layout import MOST_ABOVE, find_columns, is_header
from core.formats.csv.row_reader import RowReader
from core.formats.csv.rules import AccountKey, CellRules
from core.formats.csv.statement import NO_CURRENCY, statement, statement_without_bookings
from core.formats.csv.surroundings import BALANCE, Surroundings
from core.formats.csv.table import SMALL, Dialect, chunks, dialects, first_rows
from core.iban import SHAPE
from core.money import UNKNOWN_CURRENCY
from core.statements.model import UNNAMED, Item

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
    dialect, columns = understood
    table, waiting = _Table(columns, dialect, 1), NOTHING
    below = _below_header(chunks(source, dialect), columns.header, table.note)
    for next_chunk in chain(below, (None,)):
        chunk, ended = waiting.then(next_chunk or NOTHING), next_chunk is None
        while (at := table.header(chunk.rows)) is not None and (
            more := _columns_below(chunk.rows, at, ended=ended)
        ):
            above = table.end_with(chunk.before(at))
            yield from table.items(lone=False)
            table = _Table(more, dialect, table.number + 1)
            table.note(above)
            chunk = chunk.after(at + 1)
        whole = chunk if ended else table.whole(chunk, at)
        table.read(whole)
        waiting = chunk.after(len(whole.rows))
    yield from table.items(lone=table.number == 1)


def _columns_below(rows: Sequence[Row], at: int, *, ended: bool) -> TableColumns | None:
    """The columns below another header at that row; None where these are none.

    Or where more of them must be known first: the file has not ended.
    """
    if not (ended or at + SAMPLE <= len(rows)):
        return None
    columns = find_columns(rows[at : at + SAMPLE])
    return columns if columns and columns.header == 0 else None


class _Table:
    """One of a file's tables, of which it may have several: one an account."""

    def __init__(self, columns: TableColumns, dialect: Dialect, number: int) -> None:
        if columns.untold:
            raise Unreadable(columns.untold.reason, columns.untold.code)
        self.around, self.number = Surroundings(), number
        self._columns = columns
        rules = CellRules(columns)
        self._row_reader = RowReader(rules, dialect.separator, self.around)
        self._column_reader = ColumnReader(rules, self._row_reader)
        self._bookings: dict[AccountKey, AccountBookings] = defaultdict(AccountBookings)

    def header(self, rows: Sequence[Row]) -> int | None:
        """Where another header stands; few rows have a letter where this table has its dates."""
        booked = column(rows, self._columns.at[ColumnRole.BOOKED])
        worded = (at for at, cell in enumerate(booked) if cell >= "A")
        # One that comes before any booking is this table's again.
        return next((at for at in worded if (at or self._bookings) and is_header(rows[at])), None)

    def whole(self, chunk: Chunk, at: int | None) -> Chunk:
        """The rows that are this table's whatever comes next: up to its last booking for now.

        `at` is where another header stands.
        """
        if at is not None and at + SAMPLE > len(chunk.rows):
            chunk = chunk.before(at)
        last = self._end(chunk.rows)
        return chunk if len(chunk.rows) - last > MOST_ABOVE else chunk.before(last)

    def read(self, chunk: Chunk) -> None:
        """Read rows of the table."""
        batch = self._column_reader.read(chunk)
        for key in dict.fromkeys(batch.account_keys):
            self._bookings[key].add(batch, key)

    def end_with(self, chunk: Chunk) -> Sequence[Row]:
        """Read the last rows; give those of them that are about the table which comes next."""
        rows, last = chunk.rows, self._end(chunk.rows)
        while last < len(rows) and BALANCE.search(" ".join(rows[last])):
            last += 1
        self.read(chunk.before(last))
        return rows[last:]

    def _end(self, rows: Sequence[Row]) -> int:
        """How many rows there are up to the last booking."""
        booked, order = self._columns.at[ColumnRole.BOOKED], self._columns.order
        last = len(rows)
        while last and not written_day("".join(rows[last - 1][booked : booked + 1]), order):
            last -= 1
        return last

    def note(self, rows: Sequence[Row]) -> None:
        """Take in rows that are about all of the table."""
        columns = self._columns
        for row in rows:
            cells = [tidy(cell) for cell in row]
            self.around.note(cells, columns.point, columns.order, self._row_reader.usual)

    def items(self, *, lone: bool) -> Iterator[Item]:
        """What was odd, and a statement for each account and currency."""
        yield from self._columns.findings
        yield from self._row_reader.findings
        by_key = self._settled()
        if not by_key and lone:
            yield from statement_without_bookings(self.around, self._row_reader)
        unnamed = UNNAMED if self.number == 1 else f"{UNNAMED} {self.number}"
        number = self.around.account or unnamed
        alone = len(by_key) < 2
        for (account, currency), bookings in by_key.items():
            yield from statement(account or number, currency, bookings, self.around, alone=alone)

    def _settled(self) -> dict[AccountKey, AccountBookings]:
        """The bookings of each account and currency, which other rows than theirs may name."""
        others = {currency for _, currency in self._bookings} - {UNKNOWN_CURRENCY}
        other = others.pop() if len(others) == 1 else UNKNOWN_CURRENCY
        named = self._row_reader.currency or other
        by_key: dict[AccountKey, AccountBookings] = defaultdict(AccountBookings)
        for (account, currency), bookings in self._bookings.items():
            if named and currency == UNKNOWN_CURRENCY:
                currency, bookings = named, bookings.in_currency(named)
            if currency == UNKNOWN_CURRENCY and SHAPE.fullmatch(
                account or self.around.account or ""
            ):
                raise Unreadable(NO_CURRENCY)
            by_key[account, currency].extend(bookings)
        return by_key


def _below_header(
    table: Iterator[Chunk], above: int, note: Callable[[Sequence[Row]], None]
) -> Iterator[Chunk]:
    """The rows below the header; so many rows above it, -1 for none, are about all of them."""
    for chunk in table:
        if above >= 0:
            note(chunk.rows[:above])
            chunk, above = chunk.after(above + 1), above - len(chunk.rows)
        if chunk.rows:
            yield chunk


def _understand(source: BinaryIO, size: int) -> tuple[Dialect, TableColumns] | None:
    """How a table is written and what its columns are, by the first bytes of it, so many at most.

    The separator counts that tells most of them.
    """
    best: tuple[Dialect, TableColumns] | None = None
    best_told = (0, False)
    source.seek(0)
    head = source.read(size)
    for dialect in dialects(source):
        if dialect.separator.encode(dialect.encoding) not in head:
            continue
        columns = find_columns(first_rows(head, dialect, cut=len(head) == size))
        told = (len(columns.at), columns.untold is None) if columns else best_told
        if columns and (best is None or told > best_told):
            best, best_told = (dialect, columns), told
    return best
