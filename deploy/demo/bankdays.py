"""Days on which German banks book, and the months they fall into."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

DAY = timedelta(days=1)


def easter(year: int) -> date:
    """Easter Sunday by Gauss's rule as corrected by Lichtenberg."""
    century = year // 100
    lunar = 15 + (3 * century + 3) // 4 - (8 * century + 13) // 25
    solar = 2 - (3 * century + 3) // 4
    golden = year % 19
    seed = (19 * golden + lunar) % 30
    limit = 21 + seed - (seed // 29 + (seed // 28 - seed // 29) * (golden // 11))
    sunday = 7 - (year + year // 4 + solar) % 7
    return date(year, 3, 1) + timedelta(days=limit + 7 - (limit - sunday) % 7 - 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """The holidays that all German states share."""
    moving = (easter(year) + timedelta(days=n) for n in (-2, 1, 39, 50))
    fixed = ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26))
    return frozenset(moving) | {date(year, month, day) for month, day in fixed}


def is_bank_day(day: date) -> bool:
    """Whether banks book on that day."""
    return day.weekday() < 5 and day not in holidays(day.year)


def on_or_after(day: date) -> date:
    """The first bank day from that day on."""
    while not is_bank_day(day):
        day += DAY
    return day


def later(day: date, bank_days: int) -> date:
    """The bank day that many bank days after."""
    for _ in range(bank_days):
        day = on_or_after(day + DAY)
    return day


def days(first: date, last: date) -> Iterator[date]:
    """Every calendar day from first to last."""
    while first <= last:
        yield first
        first += DAY


def shift(month: date, by: int) -> date:
    """The first day of the month that many months later."""
    year, index = divmod(month.year * 12 + month.month - 1 + by, 12)
    return date(year, index + 1, 1)


def month_of(day: date) -> date:
    """The first day of its month, which stands for the month."""
    return day.replace(day=1)


def last_day(month: date) -> date:
    """The last calendar day of a month."""
    return shift(month, 1) - DAY


def months(first: date, last: date) -> list[date]:
    """Every month from first to last, each as its first day."""
    first, last = month_of(first), month_of(last)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [shift(first, n) for n in range(count)]


def bank_days(month: date) -> list[date]:
    """The bank days of a month in order."""
    return [day for day in days(month, last_day(month)) if is_bank_day(day)]
