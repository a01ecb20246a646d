"""What a request carries, read strictly: a bad value is refused, never guessed at.

What no text has that anybody types is refused before it is looked at: in the address by the guard,
in a body here.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar
from urllib.parse import parse_qsl
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from bff.responses import Outdated
from bff.state import Call
from core.decisions import CaseRevision
from core.errors import Complaint, Invalid, TooLarge

REVISION_HEADER = "Case-Revision"
LARGEST = 2**53 - 1  # what the web app's numbers hold
LONGEST_PATH = 1024
MOST_PAGES = 1_000_000  # of a list, and of a file
UNTYPED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What no text has that anybody types; lines and tabs it may have."""
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
        said = adapter.validate_json(bytes(body))
        require_text(said)
        return said
    except ValidationError as problem:
        complaints = [
            Complaint("".join(f"/{step}" for step in each["loc"]), each["msg"])
            for each in problem.errors(include_url=False)
        ]
        raise Invalid(*complaints) from None


def require_text(value: object, pointer: str = "") -> None:
    """Raise Invalid where a text in the value has what cannot be kept or shown."""
    if isinstance(value, str):
        if UNTYPED.search(value):
            raise Invalid(Complaint(pointer, f"{pointer}: control characters are not taken"))
    elif isinstance(value, Mapping):
        for name, each in value.items():
            require_text(each, f"{pointer}/{name}")
    elif isinstance(value, Sequence):
        for n, each in enumerate(value):
            require_text(each, f"{pointer}/{n}")


def require_sane(path: str, query: bytes) -> None:
    """Raise Invalid for an address that no page of ours asks for, whatever its route."""
    if UNTYPED.search(path) or len(path) > LONGEST_PATH:
        raise Invalid(Complaint("", "the path: control characters and great length are not taken"))
    if b"%" in query or not query.isascii():
        for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
            if UNTYPED.search(name) or UNTYPED.search(value):
                raise Invalid(Complaint("", "the query: control characters are not taken"))


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


def page_number(query: Mapping[str, str]) -> int:
    """The page of a list that is asked for; the first where none is."""
    return number(query, "page", 1, MOST_PAGES)


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
