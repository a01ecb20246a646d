"""How version 2 says what happened."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NotRequired

from typing_extensions import TypedDict

from core import events
from core.events import EventKind
from core.pages import CursorRequest, Page
from core.webhooks import TEST
from public_api.messages import Request, Response, Translation
from public_api.schemas import JsonValue
from public_api.v2.applications import DELETE_REASON
from public_api.v2.decisions import OUTCOME
from public_api.v2.wire import Id, after, json_response, limit

TypeWord = Literal[
    "application.received",
    "application.changed",
    "application.reading",
    "application.needs_documents",
    "application.in_review",
    "application.approved",
    "application.declined",
    "application.withdrawn",
    "document.queued",
    "document.read",
    "document.unreadable",
    "decision.made",
]
TYPE: dict[EventKind, TypeWord] = {
    EventKind.APPLICATION_RECEIVED: "application.received",
    EventKind.APPLICATION_CHANGED: "application.changed",
    EventKind.APPLICATION_READING: "application.reading",
    EventKind.APPLICATION_NEEDS_DOCUMENTS: "application.needs_documents",
    EventKind.APPLICATION_IN_REVIEW: "application.in_review",
    EventKind.APPLICATION_APPROVED: "application.approved",
    EventKind.APPLICATION_DECLINED: "application.declined",
    EventKind.APPLICATION_WITHDRAWN: "application.withdrawn",
    EventKind.DOCUMENT_QUEUED: "document.queued",
    EventKind.DOCUMENT_READ: "document.read",
    EventKind.DOCUMENT_UNREADABLE: "document.unreadable",
    EventKind.DECISION_MADE: "decision.made",
}
FIELD = {
    "product": "product",
    "applicant.legal_name": "applicant.legal_name",
    "applicant.country": "applicant.country",
    "applicant.legal_form": "applicant.legal_form",
    "applicant.register_court": "applicant.register_court",
    "applicant.register_number": "applicant.register_number",
    "applicant.vat_id": "applicant.vat_id",
    "applicant.lei": "applicant.lei",
    "amount": "amount",
    "term_months": "term_months",
    "purpose": "purpose",
    "property": "property",
    "property.market_value": "property.market_value",
    "property.address": "property.address",
    "declared.annual_revenue": "declared.annual_revenue",
    "declared.monthly_debt_service": "declared.monthly_debt_service",
    "declared.existing_lenders": "declared.existing_lenders",
    "external_reference": "external_reference",
}
"""What core calls a field of an application that changed, and what this version does."""
DETAILS = ("fields", "document_id", "sha256", "findings", "outcome", "reason")
"""What an event may say of itself, each under its own name."""
# By the values that are stored.
_TYPE_STORED = {str(kind): word for kind, word in TYPE.items()} | {TEST: "webhook.test"}
_DETAIL_STORED: Mapping[str, Mapping[str, str]] = {
    "fields": FIELD,
    "outcome": {str(outcome): word for outcome, word in OUTCOME.items()},
    "reason": {str(reason): word for reason, word in DELETE_REASON.items()},
}


class Details(TypedDict):
    """What an event says beside the application: which fields, which document, which result."""

    fields: NotRequired[list[str]]
    document_id: NotRequired[Id]
    sha256: NotRequired[str]
    findings: NotRequired[list[str]]
    outcome: NotRequired[str]
    reason: NotRequired[str]


class EventData(Details):
    """Which application it happened to, and what."""

    application_id: Id


class Event(TypedDict):
    """One thing that happened; `type` may gain values, and `data` fields."""

    id: Id
    type: TypeWord
    timestamp: datetime
    data: EventData


class EventList(TypedDict):
    """Events, oldest first; `next` is always given and goes on after the last of them."""

    data: list[Event]
    next: str


def type_of(kind: str) -> str:
    """What this version calls a kind; one that only a newer build knows goes by its own name."""
    return _TYPE_STORED.get(kind, kind)


def details(data: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """What is told of an event's own data; what only a newer build knows goes by its own name."""
    return {name: _detail(name, data[name]) for name in DETAILS if name in data}


def _detail(name: str, value: JsonValue) -> JsonValue:
    words = _DETAIL_STORED.get(name, {})
    if isinstance(value, list):
        return [_detail(name, each) for each in value]
    return words.get(value, value) if isinstance(value, str) else value


def write(event: events.Event) -> dict[str, object]:
    """An event as this version shows it."""
    return {
        "id": event.id,
        "type": type_of(event.kind),
        "timestamp": event.at,
        "data": {"application_id": event.application_id, **details(event.data)},
    }


def _read(request: Request) -> CursorRequest:
    return CursorRequest(limit(request), after(request))


def _write_page(page: Page[events.Event]) -> Response:
    return json_response({"data": [write(each) for each in page.items], "next": page.next})


LIST = Translation(_read, _write_page)
