"""The values in OFX: texts, days and amounts, as the standard and its many writers have them."""

import re
from functools import lru_cache
from html import escape, unescape

from core.errors import Unreadable
from core.money import EXPONENTS
from core.statements.amounts import Point, find_point, read_amount
from core.statements.dates import Day, real_day
from core.statements.texts import decode, tidy

CURRENCY = re.compile(r"[A-Z]{3}")
Fields = dict[str, str]
LEAF = re.compile(r"<([A-Z][A-Z0-9.]*)>([^<]*)")
CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
ENTITY = re.compile(r"&#?[A-Za-z0-9]{1,8};")
DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{4,6}|[^0-9]|\Z)")
PLAIN = re.compile(r"-?[0-9]{1,16}\.[0-9]{2}")


def fields(text: str) -> Fields:
    """The values of the elements in a text, by name; elements without one are empty."""
    if "<![" in text:
        text = CDATA.sub(lambda section: escape(section[1], quote=False), text)
    return dict(LEAF.findall(text))


def words(value: str | None) -> str:
    """A value as text on one line, its letters and entities as they were meant."""
    if not value:
        return ""
    text = decode(value)
    if "&" in text:
        text = ENTITY.sub(lambda entity: unescape(entity[0]), text)
    return tidy(text)


def day_of(value: str | None, what: str) -> Day | None:
    """The day of `YYYYMMDD` and what may follow it, in whatever time zone that is.

    None where there is no value; raises Unreadable, naming `what`, where that is no day.
    """
    if not value or not (text := value.strip()):
        return None
    found = _day(text[:14])
    if found is None:
        raise Unreadable(f"{what} is dated {text[:40]!r}, which is no date.")
    return found


@lru_cache(maxsize=4096)
def _day(text: str) -> Day | None:
    match = DAY.match(text)
    return real_day(int(match[1]), int(match[2]), int(match[3])) if match else None


def amount_of(value: str | None, currency: str, what: str) -> int | None:
    """Signed minor units; None where there is no value, Unreadable where that is no amount."""
    if not value or not (text := value.strip()):
        return None
    if currency not in EXPONENTS and PLAIN.fullmatch(text):
        return int(text[:-3] + text[-2:])
    amount = read_amount(text, find_point([text]) or Point.DOT, currency, what)
    if amount is None:
        raise Unreadable(f"{what} has the amount {text[:40]!r}, which is none.")
    return amount
