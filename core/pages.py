"""A page of a list, resumed by cursor or counted by number; core offers both."""

import base64
import binascii
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Generic, TypeVar
from uuid import UUID

from core.errors import Complaint, Invalid

T = TypeVar("T")
NEWEST = UUID(int=(1 << 128) - 1)  # before every id there is
OLDEST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items; `next` resumes after the last of them, None at the end."""

    items: list[T]
    next: str | None


@dataclass(frozen=True, slots=True)
class CursorRequest:
    """How many items to list, and the cursor to resume after; None from the start."""

    limit: int
    after: str | None = None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page to list, from 1, of so many items each."""

    page: int
    per_page: int

    @property
    def offset(self) -> int:
        """How many items come before the page."""
        return (self.page - 1) * self.per_page

    def within(self, total: int) -> "PageRequest":
        """The same page, or the last that so many items have where it lies beyond."""
        return PageRequest(min(self.page, max(1, ceil(total / self.per_page))), self.per_page)


@dataclass(frozen=True, slots=True)
class NumberedPage(Generic[T]):
    """The items of the page that was asked for, and how many there are in all."""

    items: list[T]
    total: int
    request: PageRequest


@dataclass(frozen=True, slots=True)
class DayPosition:
    """Where a list by day and id is resumed."""

    day: date
    id: UUID


@dataclass(frozen=True, slots=True)
class EventPosition:
    """Where a list in the order of transactions is resumed."""

    xid: int
    id: UUID


@dataclass(frozen=True, slots=True)
class AccountPosition:
    """Where a list by account, day and id is resumed."""

    account: str
    day: date
    id: UUID


BEGINNING = DayPosition(date.min, OLDEST)
FIRST = EventPosition(0, OLDEST)
FIRST_ACCOUNT = AccountPosition("", date.min, OLDEST)


def cursor(last: UUID | DayPosition | EventPosition | AccountPosition) -> str:
    """An opaque cursor that resumes after this item."""
    if isinstance(last, AccountPosition):
        raw = last.day.toordinal().to_bytes(4, "big") + last.id.bytes + last.account.encode()
    elif isinstance(last, DayPosition):
        raw = last.day.toordinal().to_bytes(4, "big") + last.id.bytes
    elif isinstance(last, EventPosition):
        raw = last.xid.to_bytes(8, "big") + last.id.bytes
    else:
        raw = last.bytes
    return _text(raw)


def resume(text: str) -> UUID:
    """The id a cursor stands for; raises Invalid for a cursor we did not give out."""
    raw = _raw(text)
    if len(raw) != 16:
        raise _unknown()
    return UUID(bytes=raw)


def resume_place(text: str) -> DayPosition:
    """The day and id a cursor stands for; raises Invalid for a cursor we did not give out."""
    raw = _raw(text)
    if len(raw) != 20 or not 1 <= (day := int.from_bytes(raw[:4], "big")) <= date.max.toordinal():
        raise _unknown()
    return DayPosition(date.fromordinal(day), UUID(bytes=raw[4:]))


def resume_account(text: str) -> AccountPosition:
    """The account, day and id a cursor stands for; raises Invalid for one we did not give out."""
    raw = _raw(text)
    try:
        place, account = resume_place(_text(raw[:20])), raw[20:].decode()
    except UnicodeDecodeError:
        raise _unknown() from None
    if "\0" in account:
        raise _unknown()
    return AccountPosition(account, place.day, place.id)


def resume_position(text: str) -> EventPosition:
    """The transaction and id a cursor stands for; raises Invalid for one we did not give out."""
    raw = _raw(text)
    if len(raw) != 24:
        raise _unknown()
    return EventPosition(int.from_bytes(raw[:8], "big"), UUID(bytes=raw[8:]))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _raw(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _unknown() from None


def _unknown() -> Invalid:
    return Invalid(Complaint("/after", "after: use the cursor that the page before gave as next."))
