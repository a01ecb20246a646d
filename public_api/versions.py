"""What a version is: a frozen value that says how one published contract speaks.

Endpoints are written once and never ask which version they serve; what differs between versions
is all in here: routes, translations, paging, visibility, problems, dates.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from core.applications import Application
from core.clients import Scope
from core.errors import Refused
from core.lifecycle import VersionDates
from core.viewers import Visibility
from public_api.call import CallTarget, Endpoint
from public_api.documentation import Documentation
from public_api.irregularities import DeclaredInput
from public_api.messages import Headers, Response, Translation
from public_api.schemas import JsonObject, JsonValue, Schema

FORM = "multipart/form-data"
C = TypeVar("C")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A query parameter or header of an operation, as published."""

    name: str
    schema: Schema
    description: str
    where: str = "query"
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[C, R]):
    """One route of a version: its endpoint, a translation that fits it, and what is published."""

    method: str
    path: str
    name: str
    summary: str
    endpoint: Endpoint[C, R]
    translation: Translation[C, R]
    scope: Scope
    responses: Mapping[int, Schema | None]
    refusals: tuple[int, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    body: Mapping[str, Schema] = field(default_factory=dict)
    example: JsonObject | None = None
    # Other media types of the first answer, by the caller's `Accept`.
    also: Mapping[str, Schema] = field(default_factory=dict)

    def target(self, version: "Version") -> CallTarget:
        """What a call of this operation must know of it."""
        return CallTarget(
            version=version.name,
            visibility=version.visibility,
            operation=self.name,
            method=self.method,
            scope=self.scope,
            declared=DeclaredInput(
                query=frozenset(each.name for each in self.parameters if each.where == "query"),
                media_types=frozenset(self.body),
                parts=frozenset(self.body.get(FORM, {}).get("properties", ())),
            ),
        )


AnyOperation = Operation[Any, Any]
"""An operation where nothing depends on its types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEvent:
    """What a webhook is told: an event of an application as that stands now, or a mere test."""

    kind: str
    at: datetime
    data: Mapping[str, JsonValue]
    application: Application | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookBody:
    """One kind of body that receivers get, as published."""

    name: str
    summary: str
    schema: Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookContract:
    """How a version tells a webhook: its bodies, how they are signed, and what is published.

    `sign` gets the secrets, newest first, the delivery's id, the time in seconds, and the body.
    """

    write: Callable[[WebhookEvent], bytes]
    sign: Callable[[Sequence[bytes], str, int, bytes], Headers]
    bodies: tuple[WebhookBody, ...]
    headers: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Version:
    """A published version: everything in which it differs from others, and its dates."""

    name: str
    title: str
    operations: tuple[AnyOperation, ...]
    problem: Callable[[Refused], Response]
    problem_schema: Schema
    problem_media_type: str
    webhook_contract: WebhookContract
    visibility: Visibility
    components: Mapping[str, Schema] = field(default_factory=dict)
    published: datetime | None = None
    deprecated: datetime | None = None
    sunset: datetime | None = None
    successor: str | None = None
    # What is promised beside the schemas; published, and frozen with them.
    promises: Mapping[str, JsonValue] = field(default_factory=dict)
    documentation: Documentation = Documentation()

    def __post_init__(self) -> None:
        if self.sunset and self.deprecated and self.sunset < self.deprecated:
            raise ValueError(f"{self.name}: its sunset precedes its deprecation")

    @property
    def dates(self) -> VersionDates:
        """What of it decides whether it may be taken down."""
        return VersionDates(self.name, self.deprecated, self.sunset)

    def headers(self) -> Headers:
        """The headers that every answer of this version carries."""
        lines = [("Beleg-Version", self.name)]
        if self.deprecated:
            lines.append(("Deprecation", f"@{int(self.deprecated.timestamp())}"))
        if self.sunset:
            lines.append(("Sunset", self.sunset.strftime("%a, %d %b %Y %H:%M:%S GMT")))
        if self.successor:
            lines.append(("Link", f'<{self.successor}>; rel="deprecation"'))
        return tuple(lines)
