"""How a table writes its days: what comes first in them, and of which year they are.

A day such as 03/04/2025 is two days. Which it is must be said by a day beyond the 12th, by a day
of value or a period beside it, by the order of the rows, or by words of a country: never guessed.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain, groupby
from typing import NamedTuple

from core.errors import Unreadable
from core.formats.common.dates import (
    Order,
    is_day,
    plain_day,
    written_day,
)
from core.formats.csv.columns import SAMPLE, TableColumns
from core.formats.csv.day_refusals import EITHER, TWO_WAYS, YEAR_FIRST, with_shown
from core.formats.csv.day_words import order_by_words
from core.formats.csv.grid import Row, column
from core.formats.csv.headers import ColumnRole

DAYS = (ColumnRole.BOOKED, ColumnRole.VALUED)
NUMBERS = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})[./-]([0-9]{4}|[0-9]{2})(?![0-9])")
IN_TEXT = re.compile(r"(?<![0-9./-])[0-9]{1,4}[./-][0-9]{1,2}[./-](?:[0-9]{4}|[0-9]{1,2})(?![0-9])")
BESIDE = timedelta(days=15)  # a day of value hardly lies further from the day of booking
APART = timedelta(days=25)
MANY = 5  # days in a row that by chance stand in order once in sixty times


class Dated(NamedTuple):
    """The days of a table as they are written, a day of value beside each, and what is around."""

    booked: Sequence[str]
    valued: Sequence[str]
    header: Sequence[str]
    above: Sequence[Sequence[str]]
    body: Sequence[Sequence[str]]


def day_order(table: Dated) -> Order | None:
    """What comes first in a table's days; None where nothing proves it.

    Raises Unreadable where they are written in two ways of which one is not proven.
    """
    cells = [plain_day(each) for each, _ in groupby(table.booked) if is_day(each)]
    shapes = {_shape(each) for each in cells}
    numbers = [match for each in cells if (match := NUMBERS.match(each))]
    if not any(_differs(match) for match in numbers):
        return Order.DAY
    unsure = [match for match in numbers if match[2] != "."]
    if not unsure:  # whoever writes dots puts the day first, or the year
        if _begin_with_year(numbers):
            raise Unreadable(with_shown(YEAR_FIRST, numbers[0][0]), code="dates_ambiguous")
        return _by_digits(numbers) or Order.DAY
    proven = {_by_digits(group) for group in _styles(unsure)}
    if len(proven) > 1 or (len(shapes) > 1 and None in proven) or _both_beyond(unsure):
        raise Unreadable(TWO_WAYS, code="dates_ambiguous")
    if (found := proven.pop()) is None:
        found = _by_surroundings(cells, table) or order_by_words(table.header, table.body)
    return None if _may_begin_with_year(unsure) and found is not Order.MONTH else found


def dated(
    columns: TableColumns, rows: Sequence[Row], whole: Callable[[], Iterable[Row]]
) -> TableColumns:
    """The columns with what comes first in their days: told by the first rows, else by `whole`.

    Raises Unreadable where nothing tells it.
    """
    order = day_order(_days_of(columns, rows))
    if order is None:
        table = _days_of(columns, [*rows[: columns.header + 1], *whole()])
        if (order := day_order(table)) is None:
            raise _unproven(table.booked)
    return columns if order is columns.order else replace(columns, order=order)


def _days_of(columns: TableColumns, rows: Sequence[Row]) -> Dated:
    header = columns.header
    body = rows[header + 1 :]
    booked, valued = (columns.at.get(role) for role in DAYS)
    return Dated(
        [] if booked is None else column(body, booked),
        [] if valued is None else column(body, valued),
        rows[header] if header >= 0 else (),
        rows[:header] if header > 0 else (),
        body[:SAMPLE],
    )


def _unproven(cells: Iterable[str]) -> Unreadable:
    """The refusal of a table whose days may be two each."""
    numbers = ((each, NUMBERS.match(plain_day(each))) for each in cells)
    shown = next((each for each, match in numbers if match and _differs(match)), "")
    return Unreadable(with_shown(EITHER, shown), code="dates_ambiguous")


def _shape(cell: str) -> str:
    """How a day is written: its marks, whether the year comes first."""
    if match := NUMBERS.match(cell):
        return match[2]
    return "year" if cell[:4].isdecimal() else "word"


def _differs(match: re.Match[str]) -> bool:
    """Whether it is another day with the month first."""
    return match[1].zfill(2) != match[3].zfill(2)


def _by_digits(matches: Iterable[re.Match[str]]) -> Order | None:
    """What comes first by a number beyond the 12th."""
    both = [(int(match[1]), int(match[3])) for match in matches]
    if any(second > 12 for _, second in both):
        return Order.MONTH
    return Order.DAY if any(first > 12 for first, _ in both) else None


def _both_beyond(matches: Iterable[re.Match[str]]) -> bool:
    both = [(int(match[1]), int(match[3])) for match in matches]
    return max(first for first, _ in both) > 12 and max(second for _, second in both) > 12


def _styles(matches: Sequence[re.Match[str]]) -> list[list[re.Match[str]]]:
    """Days by whether their numbers have a zero before them, where some have and some have not."""
    for at in (1, 3):
        zeros = [match for match in matches if match[at][0] == "0"]
        bare = [match for match in matches if len(match[at]) == 1]
        if zeros and bare:
            others = [match for match in matches if match not in zeros and match not in bare]
            return [zeros, bare, others] if _by_digits(others) else [zeros, bare]
    return [list(matches)]


def _may_begin_with_year(matches: Sequence[re.Match[str]]) -> bool:
    """Whether days such as 25-03-05 may be of 2025: else they are all on one day of many years."""
    if any(len(match[4]) > 2 for match in matches):
        return False
    years, days = ({int(match[at]) for match in matches} for at in (4, 1))
    return len(years) > 1 and len(days) == 1 and len(matches) > 1


def _begin_with_year(matches: Sequence[re.Match[str]]) -> bool:
    """Whether days such as 25.03.05 are in order only where the year comes first."""
    if any(len(match[4]) > 2 for match in matches):
        return False
    written = [(int(match[1]), int(match[3]), int(match[4])) for match in matches]
    by_day = [(year, month, day) for day, month, year in written]
    years, months, days = (set(each) for each in zip(*by_day, strict=True))
    if len(years) > len(days) == len(months) == 1:
        return True  # on one day of each year, or on many of one month
    return len(years) > len(days) and _is_in_order(written) and not _is_in_order(by_day)


def _is_in_order(days: Sequence[tuple[int, ...]]) -> bool:
    return list(days) in (sorted(days), sorted(days, reverse=True))


def _by_surroundings(cells: Sequence[str], table: Dated) -> Order | None:
    """What comes first by other days in the table: whatever leaves only one possible."""
    proofs = (_by_value_days, _by_days_above, _by_sequence)
    return next((found for proof in proofs if (found := proof(cells, table))), None)


def _only(possible: Iterable[Order]) -> Order | None:
    left = list(possible)
    return left[0] if len(left) == 1 else None


def _by_value_days(_: Sequence[str], table: Dated) -> Order | None:
    """By days of value, of which one that is proven lies near to the day of booking."""
    valued = [match for each in table.valued if (match := NUMBERS.match(plain_day(each)))]
    if found := _by_digits(valued):
        return found
    far: dict[Order, list[timedelta]] = {order: [] for order in Order}
    for booked, value in set(zip(table.booked, table.valued, strict=False)):
        for order, gaps in far.items():
            days = written_day(booked, order), written_day(value, order)
            if days[0] and days[1]:
                gaps.append(abs(days[0].on - days[1].on))
    near = [order for order, gaps in far.items() if gaps and max(gaps) <= BESIDE]
    apart = [order for order, gaps in far.items() if gaps and max(gaps) >= APART]
    return near[0] if len(near) == 1 and len(apart) == 1 else None


def _by_days_above(cells: Sequence[str], table: Dated) -> Order | None:
    """By the period above: its own numbers, or since the bookings must lie in it."""
    above = IN_TEXT.findall(" ".join(chain.from_iterable(table.above)))
    numbers = [match for each in above if (match := NUMBERS.match(each)) and match[2] != "."]
    if found := _by_digits(numbers):
        return found
    sure = [
        day.on
        for each in above
        if not any(each == match[0] for match in numbers) and (day := written_day(each, Order.DAY))
    ]
    if len(sure) != 2:
        return None
    first, last = min(sure), max(sure)
    return _only(
        order
        for order in Order
        if all((day := written_day(each, order)) and first <= day.on <= last for each in cells)
    )


def _by_sequence(cells: Sequence[str], _: Dated) -> Order | None:
    """By the order of rows, which banks write the oldest first or the newest."""
    possible = []
    for order in Order:
        days = [day.on for each in cells if (day := written_day(each, order))]
        if len(set(days)) < MANY:
            return None
        if days in (sorted(days), sorted(days, reverse=True)):
            possible.append(order)
    return _only(possible)
