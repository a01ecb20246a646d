"""Where a table has the days of its bookings: in a column, or above those of one day."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from core.formats.pdf.balances import balance_kind
from core.formats.pdf.marks import Marked, Placed
from core.formats.pdf.page import SAME
from core.formats.pdf.printed import PrintedDay

VALUED = re.compile(r"wert|val")


@dataclass(frozen=True, slots=True)
class Days:
    """Where days of booking and of value begin; `grouped` says that the former stand above."""

    booked: float
    valued: float | None
    grouped: bool

    def booking(self, each: Marked) -> Placed | None:
        """The day of the booking that a line may be."""
        if self.grouped:
            return None
        return next((day for day in each.days if abs(day.left - self.booked) <= SAME), None)

    def value(self, each: Marked) -> Placed | None:
        """The day of value: the one right behind that of booking, or the one in its column."""
        booked = self.booking(each)
        for day in each.days:
            behind = booked is not None and day.first == booked.end
            placed = self.valued is not None and abs(day.left - self.valued) <= SAME
            if day is not booked and (behind or placed):
                return day
        return None

    def begins(self, each: Marked) -> bool:
        """Whether a line may be a booking's first one, if its amounts stand where they should."""
        if not each.amounts:
            return False
        return is_plain(each) if self.grouped else self.booking(each) is not None


def find_days(marked: Sequence[Marked]) -> Days | None:
    """Where the days stand in these lines; None where no line has a day and none an amount."""
    with_amounts = [each for each in marked if each.amounts]
    if with_amounts and not any(each.days for each in with_amounts if is_plain(each)):
        with_amounts = [each for each in marked if each.day]  # amounts stand further below
    grouped = any(each.group for each in marked)
    told = [each for each in with_amounts if each.day or is_plain(each)]
    lefts = [
        day.left
        for each in told
        for day in each.days
        if any(day.first < amount.first for amount in each.amounts)  # else a text tells both
    ] or [day.left for each in told for day in each.days]
    if not lefts:
        return Days(0.0, None, grouped) if grouped else None
    booked = _usual(lefts)
    if grouped:
        return Days(booked, booked, grouped)
    titles = [
        word.left
        for each in marked
        if each.heading
        for word in each.line.words
        if VALUED.match(word.text.lower())
    ]
    others = [
        left
        for left in lefts
        if abs(left - booked) > SAME and any(abs(left - title) <= SAME for title in titles)
    ]
    return Days(booked, _usual(others) if others else None, grouped)


def day_of(each: Marked, days: Days, group: PrintedDay | None) -> PrintedDay | None:
    """The day of the booking that a line may be; of a group that of the line above it."""
    if days.grouped:
        return group
    placed = days.booking(each)
    return placed.day if placed else None


def is_plain(each: Marked) -> bool:
    """Whether a line tells no balance."""
    return balance_kind(each.line.text) is None


def _usual(lefts: Sequence[float]) -> float:
    """Where most of them are; of two equally usual places the one further to the left."""
    lefts = sorted(lefts)
    return max(lefts, key=lambda each: bisect_right(lefts, each + SAME) - bisect_left(lefts, each))
