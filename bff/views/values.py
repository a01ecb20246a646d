"""What several screens show: words, money, places on a page.

Money is decimal text with all of the currency's decimals, days are `YYYY-MM-DD`, times RFC 3339.
"""

from datetime import UTC, datetime
from typing import Literal, TypedDict

from core.bilingual import Bilingual
from core.evidence import Box as Place
from core.money import Money, digits

Language = Literal["en", "de"]


class BilingualText(TypedDict):
    """The same words in each language of the web app."""

    en: str
    de: str


class Amount(TypedDict):
    """Money as decimal text."""

    value: str
    currency: str


class Box(TypedDict):
    """A rectangle on a page, in points from the page's top left corner; pages count from 1."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


def amount(minor: int, currency: str) -> Amount:
    """Minor units as the web app takes them."""
    return {"value": digits(minor, currency), "currency": currency}


def money(some: Money | None) -> Amount | None:
    """Money as the web app takes it, where there is some."""
    return None if some is None else amount(some.minor, some.currency)


def bilingual_view(text: Bilingual) -> BilingualText:
    """A text in both languages."""
    return {"en": text.en, "de": text.de}


def box(place: Place | None) -> Box | None:
    """A place on a page, where there is one."""
    if place is None:
        return None
    page, left, top, right, bottom = place
    return {"page": page, "left": left, "top": top, "right": right, "bottom": bottom}


def moment(at: datetime) -> str:
    """A time in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
