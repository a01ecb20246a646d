"""Days as banks write them, some of which no calendar has.

Where interest is reckoned in months of thirty days, a booking may bear the 30 February.
"""

import re
from calendar import month_name, monthrange
from collections.abc import Iterable
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from core import bilingual
from core.bilingual import Bilingual
from core.documents.model import Finding

TURN_OF_CENTURY = 80  # two digits from here on are of the twentieth century, as SWIFT has it

WRITTEN = re.compile(
    r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4}|[0-9]{2})(?:[ T,].*)?"
    r"|([0-9]{4})[./-]([0-9]{1,2})[./-]([0-9]{1,2})(?:[ T,].*)?|([0-9]{4})([0-9]{2})([0-9]{2})"
)
WORDED = re.compile(
    r"([0-9]{1,2})\.?[ -]([A-Za-zä]{3,9})\.?,?[ -]([0-9]{4})(?:[ T,].*)?"
    r"|([A-Za-zä]{3,9})\.? ([0-9]{1,2}),? ([0-9]{4})(?:[ T,].*)?"
)
GERMAN_MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
MONTH_NAMES = tuple(map(Bilingual, month_name[1:], GERMAN_MONTHS))
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTH_OF = {name: at for at, name in enumerate(MONTHS, 1)}
MONTH_OF |= {"mär": 3, "mrz": 3, "mae": 3, "mai": 5, "okt": 10, "dez": 12}


class Order(Enum):
    """What comes first in a date whose year comes last."""

    DAY = "day"
    MONTH = "month"


class CalendarDay(NamedTuple):
    """A real day; `odd` is how the file has it where the calendar does not."""

    on: date
    odd: Bilingual | None = None


def real_day(year: int, month: int, day: int) -> CalendarDay | None:
    """The day, the month's last one for a 29th to 31st that it lacks; None for no day at all."""
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1900 <= year <= 9998):
        return None
    last = monthrange(year, month)[1]
    if day <= last:
        return CalendarDay(date(year, month, day))
    name = MONTH_NAMES[month - 1]
    odd = Bilingual(f"{day} {name.en} {year}", f"{day}. {name.de} {year}")
    return CalendarDay(date(year, month, last), odd)


@lru_cache(maxsize=4096)
def short_day(text: str) -> CalendarDay | None:
    """The day that six digits, YYMMDD, say."""
    year = int(text[:2])
    century = 1900 if year >= TURN_OF_CENTURY else 2000
    return real_day(century + year, int(text[2:4]), int(text[4:6]))


@lru_cache(maxsize=4096)
def yearless_day(text: str, near: date) -> CalendarDay | None:
    """The day that four digits, MMDD, say: in whichever year it is nearest to the other day."""
    month, day = int(text[:2]), int(text[2:4])
    years = (near.year, near.year - 1, near.year + 1)
    found = [each for each in (real_day(year, month, day) for year in years) if each]
    return min(found, key=lambda each: abs(each.on - near), default=None)


def find_order(texts: Iterable[str]) -> Order:
    """Whether a column of dates puts the month first, as only Americans do: a 13th tells."""
    matches = [match for text in texts if (match := WRITTEN.fullmatch(text.strip()))]
    second = [int(match[2]) for match in matches if match[2]]
    first = [int(match[1]) for match in matches if match[1]]
    return Order.MONTH if max(second, default=0) > 12 >= max(first, default=0) else Order.DAY


@lru_cache(maxsize=4096)
def written_day(text: str, order: Order) -> CalendarDay | None:
    """The day of `31.12.24`, `2024-12-31`, `12/31/2024 10:15` or `31 Dec 2024`; None for none."""
    match = WRITTEN.fullmatch(text.strip())
    if match is None:
        return _worded_day(text.strip())
    if match[1] is None:
        year, month, day = (int(each) for each in match.groups()[3:] if each is not None)
        return real_day(year, month, day)
    year = int(match[3])
    if year < 100:
        year += 1900 if year >= TURN_OF_CENTURY else 2000
    day, month = int(match[1]), int(match[2])
    return real_day(year, day, month) if order is Order.MONTH else real_day(year, month, day)


def is_day(text: str) -> bool:
    """Whether a text is a date as banks write them, whichever comes first in it."""
    return written_day(text, Order.DAY) is not None or written_day(text, Order.MONTH) is not None


def _worded_day(text: str) -> CalendarDay | None:
    """The day of a date whose month is a word."""
    match = WORDED.fullmatch(text)
    if match is None:
        return None
    day, month, year = match.groups()[:3] if match[1] else (match[5], match[4], match[6])
    number = MONTH_OF.get(month[:3].lower())
    return None if number is None else real_day(int(year), number, int(day))


def odd_date(what: Bilingual, day: CalendarDay) -> Finding:
    """What is said of a date that does not exist."""
    assumed = bilingual.day(day.on)
    odd = day.odd or assumed
    return Finding(
        "impossible_date",
        Bilingual(
            f"{what.en} is dated {odd.en}, a day that does not exist; it is taken as {assumed.en}.",
            f"{what.de} trägt das Datum {odd.de}, das es nicht gibt; gerechnet wird mit"
            f" {assumed.de}.",
        ),
    )
