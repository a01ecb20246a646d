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
from public_api.documentation import Documentation

C = TypeVar("C")
R = TypeVar("R")
Headers = tuple[tuple[str, str], ...]
Schema = Mapping[str, Any]


class Request(NamedTuple):
    """A request as a translation sees it: path, query and header values as text, and the body."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class Response(NamedTuple):
    """A response: status, headers, and the bytes of its body."""

    status: int
    body: bytes = b""
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class StreamedResponse:
    """A response whose body comes in parts."""

    status: int
    chunks: AsyncIterator[bytes]
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Translation(Generic[C, R]):
    """Two pure functions: a request into what core is asked, core's result into a response."""

    read: Callable[[Request], C]
    write: Callable[[R], Response]


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
    translation: Translation[Any, Any]
    scope: str
    responses: Mapping[int, Schema | None]
    refusals: tuple[int, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    body: Mapping[str, Schema] = field(default_factory=dict)
    example: Any = None
    # Other media types of the first answer, by the caller's `Accept`.
    also: Mapping[str, Schema] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """What a webhook is told: an event of an application as that stands now, or a mere test."""

    kind: str
    at: datetime
    data: Mapping[str, Any]
    application: Application | None


@dataclass(frozen=True, slots=True)
class WebhookBody:
    """One kind of body that receivers get, as published."""

    name: str
    summary: str
    schema: Schema


@dataclass(frozen=True, slots=True)
class WebhookContract:
    """How a version tells a webhook: its bodies, how they are signed, and what is published.

    `sign` gets the secrets, newest first, the delivery's id, the time in seconds, and the body.
    """

    write: Callable[[WebhookEvent], bytes]
    sign: Callable[[Sequence[bytes], str, int, bytes], Headers]
    bodies: tuple[WebhookBody, ...]
    headers: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """A published version: everything in which it differs from others, and its dates."""

    name: str
    title: str
    operations: tuple[Operation, ...]
    problem: Callable[[Refused], Response]
    problem_schema: Schema
    problem_media_type: str
    webhook_contract: WebhookContract
    visibility: Visibility = EVERYTHING
    components: Mapping[str, Schema] = field(default_factory=dict)
    published: datetime | None = None
    deprecated: datetime | None = None
    sunset: datetime | None = None
    successor: str | None = None
    # What is promised beside the schemas; published, and frozen with them.
    promises: Mapping[str, Any] = field(default_factory=dict)
    documentation: Documentation = Documentation()

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
