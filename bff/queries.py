"""What stands in an address's query, read strictly: a bad value is refused, never guessed at."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from core.errors import Complaint, Invalid

LARGEST = 2**53 - 1  # what the web app's numbers hold
E = TypeVar("E", bound=StrEnum)


def text(query: Mapping[str, str], name: str) -> str:
    """A text that has to be there."""
    if value := query.get(name):
        return value
    raise Invalid(Complaint(name, f"{name}: needed"))


def number(query: Mapping[str, str], name: str, least: int, most: int = LARGEST) -> int:
    """A whole number from `least` to `most`; the least where there is none."""
    said = query.get(name)
    if said is None:
        return least
    if said.isascii() and said.isdigit() and len(said) < 17 and least <= (n := int(said)) <= most:
        return n
    raise Invalid(Complaint(name, f"{name}: a whole number from {least} to {most}"))


def choice(query: Mapping[str, str], name: str, kind: type[E]) -> E | None:
    """One of the words of an enumeration; None where nothing is said."""
    said = query.get(name)
    if not said:
        return None
    try:
        return kind(said)
    except ValueError:
        raise Invalid(Complaint(name, f"{name}: one of {', '.join(kind)}")) from None


def identity(query: Mapping[str, str], name: str) -> UUID | None:
    """An id; None where nothing is said."""
    said = query.get(name)
    if not said:
        return None
    try:
        return UUID(said)
    except ValueError:
        raise Invalid(Complaint(name, f"{name}: an id is needed")) from None


def day(query: Mapping[str, str], name: str) -> date | None:
    """A day such as `2026-01-31`; None where nothing is said."""
    said = query.get(name)
    if not said:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Invalid(Complaint(name, f"{name}: a day such as 2026-01-31")) from None
