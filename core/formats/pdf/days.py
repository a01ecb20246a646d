"""Where a table has the days of its bookings: in a column, or above those of one day."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.formats.pdf.balances import balance_kind
from core.formats.pdf.marks import Marked, Placed
from core.formats.pdf.page import SAME
from core.formats.pdf.printed import PrintedDay

VALUED = re.compile(r"wert|val|waluty|rente|értéknap|ertek")
LEAST_EDGE = 2  # days that make an edge
DAY_WORD = re.compile(r"data|date|datum|dato|fecha|dag|dzień")
DAYS = re.compile(
    r"buch|dat[aeou]|day|tag|dag|fecha|post|book|trans|księg|zaúč|bokf|bogf|boek|könyv"
)


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
        for day in each.days:
            if abs(day.left - self.booked) <= SAME:
                return day
        return None

    def value(self, each: Marked) -> Placed | None:
        """The day of value: the one right behind that of booking, or the one in its column."""
        booked = self.booking(each)
        for day in each.days:
            behind = booked is not None and day.first == booked.end
            placed = self.valued is not None and abs(day.left - self.valued) <= SAME
            if day is not booked and (behind or placed):
                return day
        return None

    def goes_on(self, each: Marked) -> bool:
        """Whether a line has no day of booking, and at its left at most one of value."""
        day = each.days[0] if each.day else None
        at_value = self.valued is not None and day and abs(day.left - self.valued) <= SAME
        return self.booking(each) is None and (day is None or bool(at_value))

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
    edge = None if grouped else _edge(marked)
    if edge is not None and edge < min(lefts) - SAME:
        return Days(edge, None, grouped)  # amounts stand further below, and days in their texts
    valued = _below_titles(lefts, _value_titles(marked))
    leading = [day.left for each in told for day in _leading(each)]
    if 2 * len(leading) >= len(lefts) or (edge is not None and leading):
        lefts = leading  # else lines of balances may have theirs near a column of days
    named = [each for each in _below_titles(lefts, _day_titles(marked)) if each not in {*valued}]
    if valued and not named:  # what stands before days of value by their title is of booking
        before = [left for left in leading if left < min(valued) - SAME]
        named = before if len(before) >= LEAST_EDGE else []
    booked = _usual(named if valued and named else lefts)
    once = None if valued or grouped else _once_a_day(told, booked)
    if once is not None:
        return Days(once, booked, grouped)
    if grouped:
        return Days(booked, booked, grouped)
    others = [left for left in valued if abs(left - booked) > SAME]
    return Days(booked, _usual(others) if others else None, grouped)


def _once_a_day(told: Sequence[Marked], usual: float) -> float | None:
    """Where days of booking stand that are told once a day, left of those of value."""
    rows = [[*_leading(each)] for each in told if each.day and is_plain(each)]
    before = [row for row in rows if row[0].left < usual - SAME]
    if len(before) < LEAST_EDGE or any(
        len(row) < 2
        or abs(row[1].left - usual) > SAME
        or abs(row[0].left - before[0][0].left) > SAME
        for row in before
    ):
        return None
    days = [row[0].day for row in before]
    told_days = [(each.year or 0, each.month, each.day) for each in days]
    in_order = told_days == sorted({*told_days}) or told_days[::-1] == sorted({*told_days})
    return before[0][0].left if in_order else None


def _edge(marked: Sequence[Marked]) -> float | None:
    """Where days begin lines further left than the texts of amounts do: there the column is."""
    lefts = [day.left for each in marked if (day := each.days[0] if each.day else None)]
    if len(lefts) < LEAST_EDGE:
        return None
    edge = _usual(lefts)
    there = sum(abs(left - edge) <= SAME for left in lefts)
    others = sum(
        each.line.words[0].left <= edge + SAME and not each.day
        for each in marked
        if each.amounts and is_plain(each)
    )
    return edge if there >= LEAST_EDGE and there > others else None


def _leading(each: Marked) -> Iterator[Placed]:
    """The days that a line begins with, one right behind the other."""
    end = 0
    for day in each.days:
        if day.first != end:
            return
        yield day
        end = day.end


def _value_titles(marked: Sequence[Marked]) -> list[float]:
    """Where the titles begin that name days of value."""
    found: list[float] = []
    for words in (each.line.words for each in marked if each.heading):
        for at, word in enumerate(words):
            if VALUED.match(word.text.lower()):
                found.append(word.left)
                before = words[at - 1] if at else word
                near = word.left - before.right < word.bottom - word.top
                if near and DAY_WORD.fullmatch(before.text.lower()):  # Data waluty
                    found.append(before.left)
    return found


def _day_titles(marked: Sequence[Marked]) -> list[float]:
    """Where the titles begin that name days."""
    return [
        word.left
        for each in marked
        if each.heading
        for word in each.line.words
        if DAYS.match(word.text.lower())
    ]


def _below_titles(lefts: Sequence[float], titles: Sequence[float]) -> list[float]:
    """Those places that are below a title; a table says its titles on each page anew."""
    places = set(titles)
    below = {left for left in set(lefts) if any(abs(left - title) <= SAME for title in places)}
    return [left for left in lefts if left in below]


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
