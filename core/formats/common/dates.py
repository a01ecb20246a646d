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
from core.formats.common.months import GERMAN, folded, month_of

TURN_OF_CENTURY = 80  # two digits from here on are of the twentieth century, as SWIFT has it

# A time, or whatever else that is no second day.
_BEHIND = r"(?:[ T,](?!.*[0-9][./-][0-9]{1,2}[./-]).*)?"
WRITTEN = re.compile(
    rf"([0-9]{{1,2}})[./-]([0-9]{{1,2}})[./-]([0-9]{{4}}|[0-9]{{2}}){_BEHIND}"
    rf"|([0-9]{{4}})[./-]([0-9]{{1,2}})[./-]([0-9]{{1,2}}){_BEHIND}"
    r"|([0-9]{4})([0-9]{2})([0-9]{2})"
)
_MONTH = r"([^\W\d_]{3,12})\.?"
WORDED = re.compile(
    rf"([0-9]{{1,2}})(?:\.|st|nd|rd|th)?[ /-]*+(?:de )?{_MONTH},?[ /-]*+(?:del? )?"
    rf"([0-9]{{4}}|[0-9]{{2}}){_BEHIND}"
    rf"|{_MONTH} ([0-9]{{1,2}})(?:st|nd|rd|th)?,? ([0-9]{{4}}){_BEHIND}"
    rf"|([0-9]{{4}})\.?[ /-]+{_MONTH}[ /-]*+([0-9]{{1,2}}){_BEHIND}"
)
YEARLESS = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})")
YEARLESS_WORDED = re.compile(rf"([0-9]{{1,2}})\.?[ -]?{_MONTH}|{_MONTH} ([0-9]{{1,2}})")
# What stands around a day: blanks, apostrophes that keep Excel from reading it, the day of the
# week, a dot behind as in Hungary and Croatia.
AROUND = " \t\r\n'’\"=\u00a0\u202f\u2007\u2009\u200b\ufeff"
WEEKDAY = re.compile(r"([^\W\d_]{1,12})(?:\.,?|,)? *(?=[0-9])|([^\W\d_]{1,12})(?:\.,?|,)? +")
GAP = re.compile(r"(?<=[0-9][./-])[ \u00a0\u202f\u2009]+(?=[0-9])")
SORT_CODE = re.compile("'[0-9]{2}-[0-9]{2}-[0-9]{2}'?")  # of a British bank, kept from Excel
LONGEST_DAY = 60  # letters of a day with all that may stand around it
DIGIT = re.compile("[0-9]")
HYPHEN = re.compile("[\u2010-\u2015\u2212]")
MONTH_NAMES = tuple(map(Bilingual, month_name[1:], GERMAN))
_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch"
    " donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi"
    " dimanche lunes martes miercoles jueves viernes sabado domingo lunedi martedi mercoledi"
    " giovedi venerdi sabato domenica segunda terca quarta quinta sexta maandag dinsdag"
    " woensdag donderdag vrijdag zaterdag zondag poniedzialek wtorek sroda czwartek piatek"
    " sobota niedziela pondeli utery streda ctvrtek patek nedele hetfo kedd szerda csutortok"
    " pentek szombat vasarnap mandag mandag tisdag tirsdag onsdag torsdag fredag lordag sondag"
    " maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai luni marti miercuri"
    " joi vineri sambata duminica"
)
WEEKDAYS = frozenset(_WEEKDAYS.split())
_SHORT_WEEKDAYS = "pn wt sr cz pt nd st ct pa h k p v cs ma wo vr"
SHORT_WEEKDAYS = frozenset(_SHORT_WEEKDAYS.split())


@lru_cache(maxsize=1024)
def is_weekday(word: str) -> bool:
    """Whether a word is the name of a day of the week, or how one begins."""
    name = folded(word)
    return name in SHORT_WEEKDAYS or (
        len(name) > 1 and any(each.startswith(name) for each in WEEKDAYS)
    )


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


def plain_day(text: str) -> str:
    """A day as it is written, without what may stand around it and blanks between its parts."""
    text = HYPHEN.sub("-", text.strip(AROUND))
    named = WEEKDAY.match(text) if text[:1].isalpha() else None
    if named and is_weekday(named[1] or named[2]):
        text = text[named.end() :]
    text = GAP.sub("", text)
    return text.rstrip(".") if text[-1:] == "." else text


@lru_cache(maxsize=4096)
def written_day(text: str, order: Order) -> CalendarDay | None:
    """The day of `31.12.24`, `2024-12-31`, `12/31/2024 10:15` or `31 Dec 2024`; None for none."""
    match = WRITTEN.fullmatch(text.strip())
    if match is None:
        if len(text) > LONGEST_DAY or SORT_CODE.fullmatch(text):
            return None
        if worded := _worded_day(text.strip()):
            return worded
        text = plain_day(text)
        match = WRITTEN.fullmatch(text)
    if match is None:
        return _worded_day(text)
    if match[1] is None:
        year, month, day = (int(each) for each in match.groups()[3:] if each is not None)
        return real_day(year, month, day)
    day, month, year = int(match[1]), int(match[2]), _full_year(match[3])
    return real_day(year, day, month) if order is Order.MONTH else real_day(year, month, day)


@lru_cache(maxsize=4096)
def is_day(text: str) -> bool:
    """Whether a text is a date as banks write them, whichever comes first in it."""
    if not DIGIT.search(text):
        return False
    return written_day(text, Order.DAY) is not None or written_day(text, Order.MONTH) is not None


@lru_cache(maxsize=4096)
def day_and_month(text: str, order: Order) -> tuple[int, int] | None:
    """The day and the month of `31.12.` or `31 Dec`, which tell no year; None for all else."""
    if len(text) > LONGEST_DAY:
        return None
    text = plain_day(text)
    if match := YEARLESS.fullmatch(text):
        first, second = int(match[1]), int(match[2])
        day, month = (first, second) if order is Order.DAY else (second, first)
    elif match := YEARLESS_WORDED.fullmatch(text):
        day, month = int(match[1] or match[4]), month_of(match[2] or match[3]) or 0
    else:
        return None
    return (day, month) if 1 <= day <= 31 and 1 <= month <= 12 else None


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (1900 if year >= TURN_OF_CENTURY else 2000)


def _worded_day(text: str) -> CalendarDay | None:
    """The day of a date whose month is a word."""
    match = WORDED.fullmatch(text)
    if match is None:
        return None
    if match[1]:
        day, month, year = match[1], match[2], match[3]
    elif match[4]:
        month, day, year = match[4], match[5], match[6]
    else:
        year, month, day = match[7], match[8], match[9]
    number = month_of(month)
    return None if number is None else real_day(_full_year(year), number, int(day))


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
