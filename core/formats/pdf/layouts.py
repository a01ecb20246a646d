"""How the lines of pages may make bookings: their tables' columns, and the layouts to be tried."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.errors import Unreadable
from core.formats.pdf import cards
from core.formats.pdf.balances import balance_kind
from core.formats.pdf.marks import Marked
from core.formats.pdf.proof import SIGNS_UNKNOWN
from core.formats.pdf.sides import SideColumn, side_columns
from core.formats.pdf.table import PrintedColumns, columns

Tables = dict[int, PrintedColumns]


@dataclass(frozen=True, slots=True)
class Layout:
    """How lines make bookings: amounts below their day, a day once a day, sides in a column.

    `owed` says that amounts without a sign are debts, as on a card's statement.
    """

    below: bool = False
    once: bool = False
    sides: SideColumn | None = None
    owed: bool = False


def tables_of(marked: Sequence[Sequence[Marked]]) -> Tables:
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


def layouts(marked: Sequence[Sequence[Marked]], tables: Tables) -> Iterator[Layout]:
    """The layouts that the lines may have, the usual one first.

    Raises Unreadable where the signs of a card's statement cannot be told.
    """
    days = tables[0].days
    owed = tables[0].sideless_only and cards.owes(marked)
    if owed and cards.is_card(marked):
        yield Layout(owed=True)
        return
    if tables[0].sideless_only and cards.is_card(marked) and cards.is_doubtful(marked):
        raise Unreadable(SIGNS_UNKNOWN, code="signs_unknown")
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
