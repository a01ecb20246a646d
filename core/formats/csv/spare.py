"""Columns that say which rows are booked: by name, or further down where the first rows do not."""

from collections.abc import Sequence

from core.formats.common.texts import tidy
from core.formats.csv.columns import SAMPLE, TableColumns
from core.formats.csv.grid import Row, column
from core.formats.csv.headers import ColumnRole, fold
from core.formats.csv.status import Statuses, is_known


def statuses_of(columns: TableColumns, header: Row, body: Sequence[Row]) -> Statuses:
    """What the table's statuses say, by what they are called and the first of them."""
    at = columns.at.get(ColumnRole.STATUS)
    if at is None:
        return Statuses("", ())
    return Statuses(
        fold(header[at]) if at < len(header) else "", column(body[:SAMPLE], at), columns.booked
    )


def spare_columns(columns: TableColumns, body: Sequence[Row]) -> list[int]:
    """The columns that nothing is read from, with nothing in the first rows or that all is booked.

    Which rows are not booked yet may be told there further down.
    """
    if ColumnRole.STATUS in columns.at:
        return []
    free = set(range(columns.width)) - {*columns.at.values(), *columns.purposes}
    first = {at: set(map(tidy, column(body[:SAMPLE], at))) - {""} for at in free}
    return [at for at, cells in first.items() if len(cells) < 2 and all(map(is_known, cells))]
