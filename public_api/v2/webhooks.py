"""How version 2 says webhook, and what it tells one: Standard Webhooks."""

import base64
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from core import webhooks
from core.errors import Complaint, Invalid
from core.pages import Page
from public_api.endpoints.webhooks import DeliveryListing, NewWebhook, ReplayRequest, WebhookChange
from public_api.schemas import shape
from public_api.signatures import standard
from public_api.v2 import applications
from public_api.v2.documents import nothing
from public_api.v2.events import TYPE, Details, TypeWord, details, type_of
from public_api.v2.wire import Id, Strict, after, answered, dump, parsed, refused, whole
from public_api.versions import (
    Parameter,
    Request,
    Response,
    Translation,
    WebhookBody,
    WebhookContract,
    WebhookEvent,
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
    attempts: int
    next_attempt_at: datetime | None
    last_attempt_at: datetime | None
    last_status: int | None
    last_error: str | None


class DeliveryList(TypedDict):
    """A webhook's deliveries, newest first; `next` resumes after them, null at the end."""

    data: list[Delivery]
    next: str | None


class ToldData(Details):
    """The application as it stands when this is sent, and what the event says beside it."""

    application: applications.Application


class ToldEvent(TypedDict):
    """An event, as a webhook is told of it; `type` may gain values, and `data` fields."""

    type: TypeWord
    timestamp: datetime
    data: ToldData


class NoData(TypedDict):
    """Nothing."""


class ToldTest(TypedDict):
    """What a webhook gets when it is tried out; it tells of nothing."""

    type: Literal["webhook.test"]
    timestamp: datetime
    data: NoData


_CHANGE = TypeAdapter(ChangeWebhook)


def _read_new(received: Request) -> NewWebhook:
    said = parsed(SubscribeWebhook, received.body)
    return NewWebhook(said.url, _kinds(said.events))


def _read_change(received: Request) -> WebhookChange:
    try:
        said = _CHANGE.validate_json(received.body)
    except ValidationError as problem:
        raise refused(problem) from None

    def become(webhook: webhooks.Webhook) -> webhooks.Webhook:
        kinds = _kinds(said["events"]) if "events" in said else webhook.kinds
        url, enabled = said.get("url", webhook.url), said.get("enabled", webhook.enabled)
        return replace(webhook, url=url, kinds=kinds, enabled=enabled)

    return WebhookChange(become, said.get("url"))


def _read_replay(received: Request) -> ReplayRequest:
    said = parsed(ReplayWebhook, received.body)
    try:
        since = datetime.fromisoformat(said.since)
    except ValueError:
        since = None
    if since is None or since.tzinfo is None:
        raise Invalid(Complaint("/since", "since: a time such as 2026-01-31T08:00:00Z"))
    return ReplayRequest(since.astimezone(UTC))


def _read_listing(received: Request) -> DeliveryListing:
    return DeliveryListing(whole(received, "limit", 20, 1, 100), after(received))


def _kinds(said: list[TypeWord] | None) -> tuple[str, ...] | None:
    return None if said is None else tuple(dict.fromkeys(KIND[each] for each in said))


def write(webhook: webhooks.Webhook) -> dict[str, Any]:
    """A webhook as this version shows it."""
    why = webhook.disabled_reason
    return {
        "id": webhook.id,
        "url": webhook.url,
        "events": None if webhook.kinds is None else [type_of(each) for each in webhook.kinds],
        "enabled": webhook.enabled,
        "disabled_reason": None if why is None else REASON[why],
        "created_at": webhook.created_at,
    }


def shown(secret: bytes) -> str:
    """A secret as receivers' libraries take it."""
    return SECRET + base64.b64encode(secret).decode()


def _subscribed(made: tuple[webhooks.Webhook, bytes]) -> Response:
    webhook, secret = made
    place = ("Location", f"/v2/webhooks/{webhook.id}")
    return answered({**write(webhook), "secret": shown(secret)}, 201, (place,))


def _rotated(made: tuple[bytes, datetime]) -> Response:
    return answered({"secret": shown(made[0]), "previous_valid_until": made[1]})


def _listed(found: list[webhooks.Webhook]) -> Response:
    return answered({"data": [write(each) for each in found]})


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


def _deliveries(page: Page[webhooks.Delivery]) -> Response:
    return answered({"data": [_delivery(each) for each in page.items], "next": page.next})


def told(happened: WebhookEvent) -> bytes:
    """What a receiver gets."""
    data = details(happened.data)
    if happened.application is not None:
        data = {"application": applications.write(happened.application), **data}
    return dump({"type": type_of(happened.kind), "timestamp": happened.at, "data": data})


SUBSCRIBE = Translation(_read_new, _subscribed)
LIST = Translation(nothing, _listed)
SHOW: Translation[None, webhooks.Webhook] = Translation(nothing, lambda it: answered(write(it)))
CHANGE: Translation[WebhookChange, webhooks.Webhook] = Translation(
    _read_change, lambda it: answered(write(it))
)
UNSUBSCRIBE: Translation[None, None] = Translation(nothing, lambda _: Response(204))
ROTATE = Translation(nothing, _rotated)
REPLAY: Translation[ReplayRequest, webhooks.Webhook] = Translation(
    _read_replay, lambda it: answered(write(it), 202)
)
DELIVERIES = Translation(_read_listing, _deliveries)
ONE_DELIVERY: Translation[None, webhooks.Delivery] = Translation(
    nothing, lambda it: answered(_delivery(it), 202)
)
TELLING = WebhookContract(
    told,
    standard,
    (
        WebhookBody(
            "toldEvent", "Something happened to one of your applications", shape(ToldEvent)
        ),
        WebhookBody("toldTest", "You asked for a test", shape(ToldTest)),
    ),
    (
        Parameter("webhook-id", {"type": "string"}, "The event's id, the same at each attempt."),
        Parameter("webhook-timestamp", {"type": "string"}, "When this was sent, in seconds."),
        Parameter(
            "webhook-signature",
            {"type": "string"},
            "Standard Webhooks: `v1,` and the base64 HMAC-SHA256 of id, timestamp and body, joined"
            " by dots; for 24 hours after a rotation two of them, with a space between.",
        ),
        Parameter("Beleg-Version", {"type": "string"}, "The version that the body is in."),
    ),
)
