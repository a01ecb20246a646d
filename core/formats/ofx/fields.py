"""The values in OFX: texts, days and amounts, as the standard and its many writers have them."""

import re
from functools import lru_cache
from html import escape, unescape

from core.bilingual import Bilingual
from core.formats.common.amounts import Point, find_point, quick_amount, read_amount
from core.formats.common.dates import CalendarDay, real_day
from core.formats.common.texts import BadValue, bad_date, tidy

CURRENCY = re.compile(r"[A-Z]{3}")

Fields = dict[str, str]
LEAF = re.compile(r"<([A-Z0-9.]+)>([^<]*)")
CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
ENTITY = re.compile(r"&#?[A-Za-z0-9]{1,8};")
DAY = re.compile(
    r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{4,6}|[^0-9]|\Z)|([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])"
)


def fields(text: str) -> Fields:
    """The values of the elements in a text, by name; elements without one are empty."""
    if "<![" in text:
        text = CDATA.sub(lambda section: escape(section[1], quote=False), text)
    if text.count("<") != text.count(">"):
        return dict(LEAF.findall(text))
    # With a bracket at each end of each tag, names and values take turns: twice as fast.
    parts = text.replace("<", ">").split(">")
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def words(value: str | None) -> str:
    """A value as text on one line, its entities as they were meant."""
    if not value:
        return ""
    if "&" in value:
        value = ENTITY.sub(lambda entity: unescape(entity[0]), value)
    return tidy(value)


@lru_cache(maxsize=4096)
def day_of(value: str | None) -> CalendarDay | None:
    """The day of `YYYYMMDD` and what may follow it, in whatever time zone that is.

    None where there is no value; raises BadValue where that is no day.
    """
    # Some banks write noughts where they have no date to say.
    if not value or not (text := value.strip()) or not text.strip("0"):
        return None
    match = DAY.match(text)
    found = real_day(*map(int, filter(None, match.groups()))) if match else None
    if found is None:
        raise bad_date(text)
    return found


def amount_of(value: str | None, currency: str) -> int | None:
    """Signed minor units; None where there is no value, BadValue where that is no amount."""
    if not value or not (text := value.strip()):
        return None
    amount = quick_amount(text, ".", currency)
    if amount is None:
        amount = read_amount(text, find_point([text]) or Point.DOT, currency)
    if amount is None:
        raise BadValue(
            Bilingual(
                f"has the amount {text[:40]!r}, which is none",
                f"nennt den Betrag {text[:40]!r}, der keiner ist",
            )
        )
    return amount
