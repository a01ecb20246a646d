"""Days on which no bank books: weekends, TARGET2's holidays, and Germany's."""

from datetime import date, timedelta
from functools import cache

DAY = timedelta(days=1)
AFTER_EASTER = (-2, 1, 39, 50)  # Good Friday, Easter Monday, Ascension Day, Whit Monday
FIXED = ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26))


def is_bank_day(day: date) -> bool:
    """Whether a bank may book on that day."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def none_between(earlier: date, later: date) -> bool:
    """Whether no bank day lies between two days, neither of them counted."""
    day = earlier + DAY
    while day < later:
        if is_bank_day(day):
            return False
        day += DAY
    return True


def back_to_bank_day(day: date) -> date:
    """The first of the days before this one, and of it, on which no bank booked yet."""
    while day > date.min and not is_bank_day(day - DAY):
        day -= DAY
    return day


def on_to_bank_day(day: date) -> date:
    """The last of the days after this one, and of it, on which no bank books any more."""
    while day < date.max and not is_bank_day(day + DAY):
        day += DAY
    return day


@cache
def _holidays(year: int) -> frozenset[date]:
    easter = _easter(year)
    moving = (easter + timedelta(days=each) for each in AFTER_EASTER)
    return frozenset(moving) | {date(year, month, day) for month, day in FIXED}


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the rule of Meeus, Jones and Butcher."""
    century, rest = divmod(year, 100)
    epact = (19 * (year % 19) + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (year % 19 + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
