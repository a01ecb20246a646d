"""Lines that say something of all rows below them: on which side they are, or of which day.

What a line says becomes a cell in each of these rows, as if the table had a column for it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from core.formats.common.amounts import is_amount
from core.formats.common.dates import is_day
from core.formats.csv.columns import DAYS, SUMS
from core.formats.csv.grid import Row
from core.formats.csv.headers import fold, named
from core.formats.csv.sides import CREDIT, DEBIT, WORDS

_FILLERS = (
    "and other your the to from of account money funds card cards atm electronic misc"
    " miscellaneous all only total list payment payments transfer transfers transactions service"
    " paid made und sonstige weitere andere alle nur liste der die auf vom konto uebersicht filter"
    " anzeige auswahl umsatze umsaetze buchungen et autres les y otros otras e altri altre en"
    " overige"
)
FILLERS = frozenset(_FILLERS.split())
SIDES = WORDS | dict.fromkeys(
    [
        "checks",
        "cheques",
        "purchases",
        "charges",
        "fees",
        "subtractions",
        "deductions",
        "zahlungsausgaenge",
        "ausgaenge",
    ],
    DEBIT,
)
SIDES |= dict.fromkeys(
    ["additions", "received", "zahlungseingaenge", "eingaenge", "incomings"], CREDIT
)
NAMES = {DEBIT: "Debit", CREDIT: "Credit"}
SIDE_NAME, DAY_NAME = "Debit/Credit", "Buchungstag"
LONGEST = 60
WORD = re.compile(r"[^\W\d_]+")


class Captions(NamedTuple):
    """What lines say of the rows below them in one table, whose header this is."""

    header: tuple[str, ...]
    sides: bool
    days: bool


def find_captions(rows: Sequence[Row]) -> Captions | None:
    """Which lines of a table's first rows say something of the rows below; None for none.

    They do where each row with an amount is below one of them.
    """
    at = next((at for at, row in enumerate(rows) if len(row) > 1 and _names_money(row)), None)
    if at is None:
        return None
    sides = _are_all_below(rows, lambda row: heading_side(row) is not None, dated=True)
    has_day = any(any(map(is_day, row)) for row in rows[at + 1 :] if _is_money_row(row))
    days = not has_day and _are_all_below(rows[at + 1 :], _is_day_line, dated=False)
    return Captions(tuple(rows[at]), sides, days) if sides or days else None


def heading_side(row: Sequence[str]) -> int | None:
    """The side that a line names and nothing else, as `Deposits and other credits` does."""
    filled = [cell for cell in row if cell.strip()]
    if len(filled) != 1 or len(filled[0]) > LONGEST:
        return None
    text = filled[0]
    if side := SIDES.get(fold(text)):
        return side
    words = [fold(word) for word in WORD.findall(text)]
    sides = {SIDES[word] for word in words if word in SIDES}
    known = all(word in SIDES or word in FILLERS for word in words)
    return sides.pop() if known and len(sides) == 1 else None


class CaptionedRows:
    """Gives rows the cells that lines above them say, from one block of a file to the next."""

    def __init__(self, captions: Captions) -> None:
        self._captions = captions
        self._header, self._width = list(captions.header), len(captions.header)
        self._side = self._day = ""

    def read(self, rows: Iterable[Row]) -> list[Row]:
        """The rows, each with what was said above it."""
        return [self._captioned(row) for row in rows]

    def _captioned(self, row: Row) -> Row:
        if row == self._header:
            return self._with(row, SIDE_NAME, DAY_NAME)
        if self._captions.sides and (side := heading_side(row)) is not None:
            self._side = NAMES[side]
            return row
        if self._captions.days and _is_day_line(row):
            self._day = next(filter(None, map(str.strip, row)))
            return [""] * len(row)
        if sum(1 for cell in row if cell.strip()) < 2:
            return row
        return self._with(row, self._side, self._day)

    def _with(self, row: Row, side: str, day: str) -> Row:
        cells = row + [""] * (self._width - len(row))
        while len(cells) > self._width and not cells[-1].strip():
            cells = cells[:-1]
        more = [side] if self._captions.sides else []
        return [*cells, *more, day] if self._captions.days else [*cells, *more]


def _names_money(row: Row) -> bool:
    """Whether a row names a column of amounts and one of something else."""
    roles = named(row)
    money = {at for role in SUMS for at in roles.get(role, ())}
    others = {at for role, found in roles.items() if role not in SUMS for at in found}
    return bool(money and (others - money or any(roles.get(role) for role in DAYS)))


def _is_money_row(row: Row) -> bool:
    filled = [cell for cell in map(str.strip, row) if cell]
    return len(filled) > 1 and any(
        is_amount(cell) and ("," in cell or "." in cell) and not is_day(cell) for cell in filled
    )


def _is_day_line(row: Row) -> bool:
    """Whether a day is all that stands in a row."""
    filled = [cell for cell in row if cell.strip()]
    return len(filled) == 1 and bool(is_day(filled[0]))


def _are_all_below(rows: Sequence[Row], says: Callable[[Row], bool], *, dated: bool) -> bool:
    """Whether each row with an amount, and with a day where `dated`, is below a line that says."""
    said = below = False
    for row in rows:
        if says(row):
            said = True
        elif _is_money_row(row) and (not dated or any(map(is_day, row))):
            if not said:
                return False
            below = True
    return below
