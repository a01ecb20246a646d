"""Rows of a table, many at a time: with the bytes at which each stands, and by their columns."""

from collections.abc import Sequence
from itertools import chain, compress, repeat
from typing import NamedTuple, overload

from core.formats.common.column import Column

Row = list[str]


class Grid(Sequence[Row]):
    """Rows that are all as wide, in one list of cells: a column is a slice, and so is a row."""

    def __init__(self, cells: list[str], firsts: range) -> None:
        self._cells, self._firsts = cells, firsts  # of each row
        self.width = firsts.step

    def __len__(self) -> int:
        return len(self._firsts)

    @overload
    def __getitem__(self, at: int) -> Row: ...

    @overload
    def __getitem__(self, at: slice) -> "Grid": ...

    def __getitem__(self, at: int | slice) -> "Row | Grid":
        first = self._firsts[at]
        if isinstance(first, range):
            return Grid(self._cells, first)
        return self._cells[first : first + self.width]

    def column(self, at: int) -> Column:
        """The cells of a column that all rows reach."""
        return self._cells[self._firsts.start + at : self._firsts.stop : self.width]

    def only(self, wanted: Sequence[bool]) -> "Grid":
        """Those rows that are wanted."""
        each = chain.from_iterable(map(repeat, wanted, repeat(self.width)))
        cells = list(compress(self._cells[self._firsts.start :], each))
        return Grid(cells, range(0, len(cells), self.width))


def column(rows: Sequence[Row], at: int) -> Column:
    """The cells of a column; an empty one for a row that does not reach it."""
    if isinstance(rows, Grid) and at < rows.width:
        return rows.column(at)
    return [row[at] if at < len(row) else "" for row in rows]


class Chunk(NamedTuple):
    """Rows of a table, and at which bytes of the file each starts and ends."""

    rows: Sequence[Row]
    starts: list[int]
    ends: list[int]

    def only(self, wanted: Sequence[bool]) -> "Chunk":
        """Those rows that are wanted."""
        rows, starts, ends = self
        return Chunk(
            rows.only(wanted) if isinstance(rows, Grid) else list(compress(rows, wanted)),
            list(compress(starts, wanted)),
            list(compress(ends, wanted)),
        )

    def before(self, count: int) -> "Chunk":
        """Those before that row."""
        return Chunk(self.rows[:count], self.starts[:count], self.ends[:count])

    def after(self, count: int) -> "Chunk":
        """Those after so many rows."""
        return Chunk(self.rows[count:], self.starts[count:], self.ends[count:])

    def then(self, more: "Chunk") -> "Chunk":
        """These rows, and more of them."""
        if not self.rows:
            return more
        return Chunk(
            [*self.rows, *more.rows], [*self.starts, *more.starts], [*self.ends, *more.ends]
        )


NOTHING = Chunk([], [], [])
