"""What a version is: a frozen value that says how one published contract speaks.

Endpoints are written once and never ask which version they serve; what differs between versions
is all in here: routes, translations, paging, visibility, problems, dates.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from core.applications import EVERYTHING, Application, Visibility
from core.errors import Refused

C = TypeVar("C")
R = TypeVar("R")
Headers = tuple[tuple[str, str], ...]
Schema = Mapping[str, Any]


class Received(NamedTuple):
    """A request as a translation sees it: path, query and header values as text, and the body."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class Answer(NamedTuple):
    """A response: status, headers, and the bytes of its body."""

    status: int
    body: bytes = b""
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Streamed:
    """A response whose body comes in parts."""

    status: int
    chunks: AsyncIterator[bytes]
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Translation(Generic[C, R]):
    """Two pure functions: a request into what core is asked, core's result into a response."""

    read: Callable[[Received], C]
    write: Callable[[R], Answer]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter or header of an operation, as published."""

    name: str
    schema: Schema
    description: str
    where: str = "query"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """One route of a version: which endpoint serves it, how it is said, and what is published."""

    method: str
    path: str
    name: str
    summary: str
    endpoint: Callable[..., Any]
    said: Translation[Any, Any]
    scope: str
    answers: Mapping[int, Schema | None]
    refusals: tuple[int, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    body: Mapping[str, Schema] = field(default_factory=dict)
    example: Any = None
    # Other media types of the first answer, by the caller's `Accept`.
    also: Mapping[str, Schema] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Happened:
    """What a webhook is told: an event of an application as that stands now, or a mere test."""

    kind: str
    at: datetime
    data: Mapping[str, Any]
    application: Application | None


@dataclass(frozen=True, slots=True)
class Told:
    """One kind of body that receivers get, as published."""

    name: str
    summary: str
    schema: Schema


@dataclass(frozen=True, slots=True)
class Telling:
    """How a version tells a webhook: its bodies, how they are signed, and what is published.

    `sign` gets the secrets, newest first, the delivery's id, the time in seconds, and the body.
    """

    write: Callable[[Happened], bytes]
    sign: Callable[[Sequence[bytes], str, int, bytes], Headers]
    bodies: tuple[Told, ...]
    headers: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """A published version: everything in which it differs from others, and its dates."""

    name: str
    title: str
    operations: tuple[Operation, ...]
    problem: Callable[[Refused], Answer]
    problem_schema: Schema
    problem_media_type: str
    told: Telling
    seen: Visibility = EVERYTHING
    components: Mapping[str, Schema] = field(default_factory=dict)
    published: datetime | None = None
    deprecated: datetime | None = None
    sunset: datetime | None = None
    successor: str | None = None
    # What is promised beside the schemas; published, and frozen with them.
    promises: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.sunset and self.deprecated and self.sunset < self.deprecated:
            raise ValueError(f"{self.name}: its sunset precedes its deprecation")

    def stamp(self) -> Headers:
        """The headers that every answer of this version carries."""
        lines = [("Beleg-Version", self.name)]
        if self.deprecated:
            lines.append(("Deprecation", f"@{int(self.deprecated.timestamp())}"))
        if self.sunset:
            lines.append(("Sunset", self.sunset.strftime("%a, %d %b %Y %H:%M:%S GMT")))
        if self.successor:
            lines.append(("Link", f'<{self.successor}>; rel="deprecation"'))
        return tuple(lines)
