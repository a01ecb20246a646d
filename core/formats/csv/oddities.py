"""Rows that a program on their way has cut or wrapped, as they were before."""

import csv
import re
from collections.abc import Sequence
from itertools import combinations, pairwise

from core.formats.csv.grid import Row

WHOLE = re.compile(r"[+\-−]? ?[0-9][0-9.'’ ]*")
DECIMALS = re.compile(r"[0-9]{2}(?: ?(?:[A-Z]{3}|[€$£]|[+-]))?")
THOUSANDS = re.compile(r"[+\-−(]? ?[$£€]?[0-9]{1,3}")
REST = re.compile(r"[0-9]{3}\.[0-9]{2}\)?")
MOST_CUT = 4  # amounts of a row
ENOUGH = 2  # rows that are cut before it is taken for more than chance


def is_wrapped(rows: Sequence[Row], separator: str) -> bool:
    """Whether all rows are one cell in quotation marks, in which separators stand."""
    within = [row for row in rows if len(row) == 1 and row[0].count(separator) > 1]
    return len(within) > 1 and len(within) == len(rows)


def unwrapped(row: Row, separator: str) -> Row:
    """The cells of a row that stood in quotation marks as a whole."""
    cells = [next(csv.reader([each], delimiter=separator), [""]) for each in row[:1]]
    return [*cells[0], *row[1:]] if cells else row


def cut_width(rows: Sequence[Row]) -> int:
    """How many cells rows have whose amounts commas have cut, 0 where they have not.

    Then hardly a row is as narrow as the header, and most have one way only to be joined so.
    """
    header = next((row for row in rows if len(row) > 2 and all(map(_is_name, row))), None)
    if header is None:
        return 0
    width = len(header)
    body = [row for row in rows[rows.index(header) + 1 :] if len(row) >= width]
    cut = [row for row in body if len(_trimmed(row, width)) > width]
    if len(cut) < ENOUGH or 10 * len(cut) < 9 * len(body):
        return 0
    whole = sum(1 for row in cut if len(joined(row, width)) == width)
    return width if 2 * whole >= len(cut) and whole >= ENOUGH else 0


def joined(row: Row, width: int) -> Row:
    """A row with its amounts whole again; as it is where that may be done in several ways."""
    row = _trimmed(row, width)
    surplus = len(row) - width
    if not 0 < surplus <= MOST_CUT:
        return row
    pairs = [at for at, cells in enumerate(pairwise(row)) if is_cut(*cells)]
    ways = [
        chosen
        for chosen in combinations(pairs, surplus)
        if all(later - earlier > 1 for earlier, later in pairwise(chosen))
    ]
    if len(ways) != 1:
        return row
    cells = list(row)
    for at in reversed(ways[0]):
        cells[at : at + 2] = [f"{cells[at].strip()},{cells[at + 1].strip()}"]
    return cells


def _trimmed(row: Row, width: int) -> Row:
    """A row without the empty cells that end it beyond its width."""
    end = len(row)
    while end > width and not row[end - 1].strip():
        end -= 1
    return row[:end]


def _is_name(cell: str) -> bool:
    return any(map(str.isalpha, cell)) and not any(map(str.isdigit, cell))


def is_cut(cell: str, behind: str) -> bool:
    """Whether a cell may be an amount's whole part and the next one its decimals."""
    return bool(WHOLE.fullmatch(cell.strip()) and DECIMALS.fullmatch(behind.strip()))


def is_cut_at_thousands(cell: str, behind: str) -> bool:
    """Whether a cell may be an amount's thousands and the next one the rest of it."""
    return bool(THOUSANDS.fullmatch(cell.strip()) and REST.fullmatch(behind.strip()))
