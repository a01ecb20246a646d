"""What stands in the cells of a column, and what they look like."""

import re
from collections.abc import Callable, Iterable, Sequence

from core.formats.common.dates import is_day
from core.formats.csv.grid import Row
from core.iban import SHAPE

Pattern = Callable[[str], object]

DAY: Pattern = is_day
# Sign, blank and code may stand on either side: `12,30- EUR`.
DECIMAL: Pattern = re.compile(r"[^0-9]{0,5}[0-9][0-9.,' ]*[.,][0-9]{2}[^0-9]{0,5}").fullmatch
# No zero, which would lead from any balance to the same one.
SHORT: Pattern = re.compile(r"[+-]?(?![0.,]+$)[0-9]{1,9}(?:[.,][0-9]{1,2})?").fullmatch
CURRENCY_CELL: Pattern = re.compile(r"[A-Z]{3}|[a-z]{3}|[€$£]").fullmatch
# Some put apostrophes around it, so that Excel takes it for a text.
IBAN: Pattern = re.compile(rf"'?{SHAPE.pattern}'?").fullmatch
NUMBER: Pattern = re.compile(r"[0-9]{7,12}").fullmatch
CONSTANT_ROWS = 3  # rows with one and the same account before it is taken for the customer's own


class FirstRows(list[Row]):
    """The first rows of a table, of which much is asked: each column is cut out of them once."""

    def __init__(self, rows: Iterable[Row]) -> None:
        super().__init__(rows)
        self._filled: dict[int, list[str]] = {}
        self._alike: dict[tuple[int, Pattern], bool] = {}

    def filled(self, at: int) -> list[str]:
        """What stands in a column, where something does."""
        if at not in self._filled:
            self._filled[at] = _filled(self, at)
        return self._filled[at]

    def all_like(self, at: int, like: Pattern) -> bool:
        """Whether a column has something in it, and nothing that is not like this."""
        if (at, like) not in self._alike:
            cells = self.filled(at)
            self._alike[at, like] = bool(cells) and all(map(like, cells))
        return self._alike[at, like]


def is_whole(row: Row, width: int) -> bool:
    """Whether a row is as wide as the table; some have a separator too many at the end."""
    return len(row) >= width and not any(row[width:])


def filled(body: Sequence[Row], at: int | None) -> list[str]:
    """What stands in a column, where something does; nothing in one that the table lacks."""
    if at is None:
        return []
    return body.filled(at) if isinstance(body, FirstRows) else _filled(body, at)


def _filled(body: Sequence[Row], at: int) -> list[str]:
    return [cell for row in body if at < len(row) and (cell := row[at].strip())]


def all_like(body: Sequence[Row], at: int, like: Pattern) -> bool:
    """Whether a column has something in it, and nothing that is not like this."""
    if isinstance(body, FirstRows):
        return body.all_like(at, like)
    cells = _filled(body, at)
    return bool(cells) and all(map(like, cells))


def mostly_like(body: Sequence[Row], at: int, like: Pattern) -> bool:
    """Whether half of what stands in a column is like this; below a table there are other rows."""
    cells = filled(body, at)
    return bool(cells) and 2 * sum(map(bool, map(like, cells))) >= len(cells)


def constant(body: Sequence[Row], at: int) -> bool:
    """Whether a column has the same in it in every row."""
    cells = [row[at].strip() for row in body if at < len(row)]
    return len(cells) >= CONSTANT_ROWS and len(set(cells)) == 1 and bool(cells[0])
