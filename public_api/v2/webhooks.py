"""How version 2 says webhook, and how a delivery to one goes."""

import base64
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from core import webhooks
from core.errors import Complaint, Invalid
from core.pages import CursorRequest, Page
from public_api.endpoints.webhooks import NewWebhook, ReplayRequest, WebhookChange
from public_api.messages import Request, Response, Translation, no_command
from public_api.v2.events import TYPE, TypeWord, type_of
from public_api.v2.paths import WEBHOOK, href
from public_api.v2.wire import (
    Count,
    HttpStatus,
    Id,
    Strict,
    after,
    json_response,
    limit,
    refusal_of,
    sorted_text,
    validated,
)

SECRET = "whsec_"  # noqa: S105 - how every secret begins, not one of them
Url = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^https?://[!-~]+$")]
Types = Annotated[list[TypeWord], Field(min_length=1, max_length=50)]
KIND = {word: str(kind) for kind, word in TYPE.items()}
StateWord = Literal["pending", "delivered", "failed"]
ReasonWord = Literal["requested", "gone", "failing"]
STATE: dict[webhooks.DeliveryState, StateWord] = {
    webhooks.DeliveryState.PENDING: "pending",
    webhooks.DeliveryState.DELIVERED: "delivered",
    webhooks.DeliveryState.FAILED: "failed",
}
REASON: dict[webhooks.DisabledReason, ReasonWord] = {
    webhooks.DisabledReason.REQUESTED: "requested",
    webhooks.DisabledReason.GONE: "gone",
    webhooks.DisabledReason.FAILING: "failing",
}


class SubscribeWebhook(Strict):
    """An address to be told of these types of events; of all, later ones too, if none is named."""

    url: Url
    events: Types | None = None


@with_config(ConfigDict(extra="forbid", strict=True))
class ChangeWebhook(TypedDict, total=False):
    """What is to change; what is absent stays, and null for `events` means all."""

    url: Url
    events: Types | None
    enabled: bool


class ReplayWebhook(Strict):
    """Since when everything is to be told again; at most 30 days ago."""

    since: Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class Webhook(TypedDict):
    """An address that is told what happens; `events` is null where it is told of everything."""

    id: Id
    url: str
    events: list[TypeWord] | None
    enabled: bool
    disabled_reason: ReasonWord | None
    created_at: datetime


class WebhookWithSecret(Webhook):
    """A new webhook, with the secret that signs what it is told; it is shown this once."""

    secret: str


class WebhookList(TypedDict):
    """All of your webhooks, oldest first."""

    data: list[Webhook]


class RotatedSecret(TypedDict):
    """The new secret, shown this once, and until when the one before signs beside it."""

    secret: str
    previous_valid_until: datetime


class Delivery(TypedDict):
    """An event as told to a webhook, under the event's id; how often it was tried, and the answer.

    `last_status` is the receiver's, `last_error` says why there was none.
    """

    id: Id
    type: str
    application_id: Id | None
    timestamp: datetime
    status: StateWord
    attempts: Count
    next_attempt_at: datetime | None
    last_attempt_at: datetime | None
    last_status: HttpStatus | None
    last_error: str | None


class DeliveryList(TypedDict):
    """A webhook's deliveries, newest first; `next` resumes after them, null at the end."""

    data: list[Delivery]
    next: str | None


_CHANGE = TypeAdapter(ChangeWebhook)


def _read_new(request: Request) -> NewWebhook:
    payload = validated(SubscribeWebhook, request.body)
    return NewWebhook(payload.url, _kinds(payload.events))


def _read_change(request: Request) -> WebhookChange:
    try:
        payload = _CHANGE.validate_json(request.body)
    except ValidationError as problem:
        raise refusal_of(problem) from None

    def patched(webhook: webhooks.Webhook) -> webhooks.Webhook:
        kinds = _kinds(payload["events"]) if "events" in payload else webhook.kinds
        url, enabled = payload.get("url", webhook.url), payload.get("enabled", webhook.enabled)
        return replace(webhook, url=url, kinds=kinds, enabled=enabled)

    return WebhookChange(patched, payload.get("url"), sorted_text(payload))


def _read_replay(request: Request) -> ReplayRequest:
    payload = validated(ReplayWebhook, request.body)
    try:
        since = datetime.fromisoformat(payload.since)
    except ValueError:
        since = None
    if since is None or since.tzinfo is None:
        raise Invalid(Complaint("/since", "since: a time such as 2026-01-31T08:00:00Z"))
    return ReplayRequest(since.astimezone(UTC))


def _read_listing(request: Request) -> CursorRequest:
    return CursorRequest(limit(request), after(request))


def _kinds(words: list[TypeWord] | None) -> tuple[str, ...] | None:
    return None if words is None else tuple(dict.fromkeys(KIND[each] for each in words))


def write(webhook: webhooks.Webhook) -> dict[str, object]:
    """A webhook as this version shows it."""
    reason = webhook.disabled_reason
    return {
        "id": webhook.id,
        "url": webhook.url,
        "events": None if webhook.kinds is None else [type_of(each) for each in webhook.kinds],
        "enabled": webhook.enabled,
        "disabled_reason": None if reason is None else REASON[reason],
        "created_at": webhook.created_at,
    }


def secret_text(secret: bytes) -> str:
    """A secret as receivers' libraries take it."""
    return SECRET + base64.b64encode(secret).decode()


def _write_created(created: webhooks.CreatedWebhook) -> Response:
    webhook = created.webhook
    place = ("Location", href(WEBHOOK, webhook_id=webhook.id))
    return json_response({**write(webhook), "secret": secret_text(created.secret)}, 201, (place,))


def _write_secret(new: webhooks.NewSecret) -> Response:
    return json_response(
        {"secret": secret_text(new.secret), "previous_valid_until": new.previous_valid_until}
    )


def _write_list(listed: list[webhooks.Webhook]) -> Response:
    return json_response({"data": [write(each) for each in listed]})


def _delivery(delivery: webhooks.Delivery) -> Delivery:
    return {
        "id": str(delivery.id),
        "type": type_of(delivery.kind),
        "application_id": None if delivery.application_id is None else str(delivery.application_id),
        "timestamp": delivery.at,
        "status": STATE[delivery.state],
        "attempts": delivery.attempts,
        "next_attempt_at": delivery.next_attempt_at,
        "last_attempt_at": delivery.last_attempt_at,
        "last_status": delivery.last_status,
        "last_error": delivery.last_error,
    }


def _write_deliveries(page: Page[webhooks.Delivery]) -> Response:
    return json_response({"data": [_delivery(each) for each in page.items], "next": page.next})


SUBSCRIBE = Translation(_read_new, _write_created)
LIST = Translation(no_command, _write_list)
SHOW: Translation[None, webhooks.Webhook] = Translation(
    no_command, lambda webhook: json_response(write(webhook))
)
CHANGE: Translation[WebhookChange, webhooks.Webhook] = Translation(
    _read_change, lambda webhook: json_response(write(webhook))
)
UNSUBSCRIBE: Translation[None, None] = Translation(no_command, lambda _: Response(204))
ROTATE = Translation(no_command, _write_secret)
REPLAY: Translation[ReplayRequest, webhooks.Webhook] = Translation(
    _read_replay, lambda webhook: json_response(write(webhook), 202)
)
DELIVERIES = Translation(_read_listing, _write_deliveries)
ONE_DELIVERY: Translation[None, webhooks.Delivery] = Translation(
    no_command, lambda delivery: json_response(_delivery(delivery), 202)
)
