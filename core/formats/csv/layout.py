"""What each column of a table is: told by its header, else by what stands in it."""

from collections.abc import Sequence

from core.formats.csv.columns import TableColumns, suffice
from core.formats.csv.grid import Row
from core.formats.csv.headed import headed_columns
from core.formats.csv.headers import ColumnRole, named
from core.formats.csv.unheaded import unheaded_columns

MOST_ABOVE = 100  # rows before the header at most


def find_columns(rows: Sequence[Row]) -> TableColumns | None:
    """The columns of a table by its first rows; None where these are no bookings.

    Of several headers the first counts: below another one stand the bookings of another account.
    """
    likely = [(roles, at) for at, row in enumerate(rows[:MOST_ABOVE]) if (roles := _header(row))]
    most = max((len(roles) for roles, _ in likely), default=0)
    for roles, header in likely:
        if 2 * len(roles) < most:  # a line that happens to have two of the words
            continue
        ends = next((at for _, at in likely if at > header), len(rows))
        if columns := headed_columns(roles, rows, header, ends):
            return columns
    return unheaded_columns(rows)


def is_header(row: Row) -> bool:
    """Whether a row names the columns of a table of bookings."""
    return bool(_header(row))


def _header(row: Row) -> dict[ColumnRole, list[int]]:
    """The roles that a row names, where it is a header; else none."""
    roles = named(row) if len(row) > 1 else {}
    return roles if suffice(roles) else {}
