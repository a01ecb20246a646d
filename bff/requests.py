"""What a request carries, read strictly: a bad value is refused, never guessed at."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from bff.responses import Outdated
from bff.state import Call
from core.decisions import CaseRevision
from core.errors import Complaint, Invalid, TooLarge

REVISION_HEADER = "Case-Revision"
LARGEST = 2**53 - 1  # what the web app's numbers hold
E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


async def json_body(call: Call, adapter: TypeAdapter[T], most: int | None = None) -> T:
    """The JSON body as the adapter's type; raises Invalid naming each place that differs."""
    limit, body = most or call.state["settings"].body_limit_bytes, bytearray()
    async for chunk in call.stream():
        body += chunk
        if len(body) > limit:
            raise TooLarge(f"A body may have at most {limit} bytes.")
    try:
        return adapter.validate_json(bytes(body))
    except ValidationError as problem:
        complaints = [
            Complaint("".join(f"/{step}" for step in each["loc"]), each["msg"])
            for each in problem.errors(include_url=False)
        ]
        raise Invalid(*complaints) from None


def shown_revision(call: Call) -> CaseRevision:
    """The revision of the case that was shown to whoever acts on it; each action names one."""
    if named := call.headers.get(REVISION_HEADER):
        return CaseRevision.parse(named)
    raise Outdated


def text(query: Mapping[str, str], name: str) -> str:
    """A text that has to be there."""
    if value := query.get(name):
        return value
    raise Invalid(Complaint(name, f"{name}: needed"))


def number(query: Mapping[str, str], name: str, least: int, most: int = LARGEST) -> int:
    """A whole number from `least` to `most`; the least where there is none."""
    value = query.get(name)
    if value is None:
        return least
    if value.isascii() and value.isdigit() and len(value) < 17 and least <= int(value) <= most:
        return int(value)
    raise Invalid(Complaint(name, f"{name}: a whole number from {least} to {most}"))


def choice(query: Mapping[str, str], name: str, kind: type[E]) -> E | None:
    """One of the words of an enumeration; None where there is none."""
    value = query.get(name)
    if not value:
        return None
    try:
        return kind(value)
    except ValueError:
        raise Invalid(Complaint(name, f"{name}: one of {', '.join(kind)}")) from None


def identifier(query: Mapping[str, str], name: str) -> UUID | None:
    """An id; None where there is none."""
    value = query.get(name)
    if not value:
        return None
    try:
        return UUID(value)
    except ValueError:
        raise Invalid(Complaint(name, f"{name}: an id is needed")) from None


def day(query: Mapping[str, str], name: str) -> date | None:
    """A day such as `2026-01-31`; None where there is none."""
    value = query.get(name)
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Invalid(Complaint(name, f"{name}: a day such as 2026-01-31")) from None
