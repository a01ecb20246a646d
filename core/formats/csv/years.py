"""Days without a year, which the table's period tells, or the day of value beside each."""

from collections.abc import Sequence
from datetime import date

from core.formats.common.amounts import is_amount
from core.formats.common.dates import (
    CalendarDay,
    Order,
    day_and_month,
    is_day,
    real_day,
    written_day,
    yearless_day,
)
from core.formats.csv.columns import MONEY, SAMPLE, TableColumns
from core.formats.csv.day_refusals import require_days
from core.formats.csv.grid import Chunk, Row, column
from core.formats.csv.headers import ColumnRole, named
from core.formats.csv.surroundings import Surroundings


class Years:
    """The years of a table's days, where those in its rows may have none."""

    def __init__(self, columns: TableColumns, header: Row, body: Sequence[Row]) -> None:
        self.beside = _day_without_year(columns, header, body)
        """The column of the days that lack a year which a day of value beside them has."""
        self.lacking: Sequence[str] = ()
        """Days of bookings whose year had to be told so."""

    def find(self, rows: Sequence[Row], columns: TableColumns, around: Surroundings) -> bool:
        """Whether rows have whole days; raises Unreadable where nothing tells a year."""
        cells = column(rows, columns.at[ColumnRole.BOOKED])
        if any(map(is_day, cells)):
            return True
        money = [columns.at[role] for role in MONEY if role in columns.at]
        beside = [
            cell
            for cell, row in zip(cells, rows, strict=True)
            if any(at < len(row) and row[at].strip() and is_amount(row[at]) for at in money)
        ]
        require_days(beside, self.beside is not None or around.starts_on is not None)
        self.lacking = [cell for cell in beside if day_and_month(cell, columns.order)]
        return False

    def completed(self, chunk: Chunk, columns: TableColumns, around: Surroundings) -> Chunk:
        """The same rows with whole days, where their year is told; else they are as they were."""
        booked = columns.at[ColumnRole.BOOKED]
        rows = []
        for row in chunk.rows:
            day = self._day(row, columns, around) if booked < len(row) else None
            rows.append(
                row if day is None else [*row[:booked], day.on.isoformat(), *row[booked + 1 :]]
            )
        return Chunk(rows, chunk.starts, chunk.ends)

    def _day(self, row: Row, columns: TableColumns, around: Surroundings) -> CalendarDay | None:
        cell, order = row[columns.at[ColumnRole.BOOKED]], columns.order
        if self.beside is None:
            return day_in_period(cell, order, around.starts_on, around.ends_on)
        valued = columns.at[ColumnRole.VALUED]
        return day_beside(
            cell, order, written_day(row[valued], order) if valued < len(row) else None
        )


def day_in_period(
    cell: str, order: Order, starts_on: date | None, ends_on: date | None
) -> CalendarDay | None:
    """The day of a cell without a year that lies in a period, if only one does."""
    said = day_and_month(cell, order)
    if said is None or starts_on is None or ends_on is None:
        return None
    day, month = said
    years = range(starts_on.year, ends_on.year + 1)
    found = [real_day(year, month, day) for year in years]
    within = [each for each in found if each and starts_on <= each.on <= ends_on]
    return within[0] if len(within) == 1 else None


def day_beside(cell: str, order: Order, valued: CalendarDay | None) -> CalendarDay | None:
    """The day of a cell without a year, in the year in which it is next to the day of value."""
    said = day_and_month(cell, order)
    if said is None or valued is None:
        return None
    day, month = said
    return yearless_day(f"{month:02d}{day:02d}", valued.on)


def _day_without_year(columns: TableColumns, header: Row, body: Sequence[Row]) -> int | None:
    """The column of booking days that lack the year which a day of value beside them has."""
    valued = columns.at.get(ColumnRole.VALUED)
    if columns.at[ColumnRole.BOOKED] != valued:
        return None
    for at in named(header).get(ColumnRole.BOOKED, ()):
        cells = [cell for cell in column(body[:SAMPLE], at) if cell.strip()]
        if cells and all(day_and_month(cell, columns.order) for cell in cells):
            return at
    return None
