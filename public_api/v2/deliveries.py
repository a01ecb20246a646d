"""How version 2 tells a webhook what happened: Standard Webhooks."""

from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict

from public_api.schemas import shape
from public_api.signatures import standard_webhooks
from public_api.v2 import applications
from public_api.v2.events import Details, TypeWord, details, type_of
from public_api.v2.wire import dump
from public_api.versions import Parameter, WebhookBody, WebhookContract, WebhookEvent


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


def write(event: WebhookEvent) -> bytes:
    """What a receiver gets."""
    data: dict[str, object] = {**details(event.data)}
    if event.application is not None:
        data = {"application": applications.write(event.application), **data}
    return dump({"type": type_of(event.kind), "timestamp": event.at, "data": data})


CONTRACT = WebhookContract(
    write=write,
    sign=standard_webhooks,
    bodies=(
        WebhookBody(
            name="toldEvent",
            summary="Something happened to one of your applications",
            schema=shape(ToldEvent),
        ),
        WebhookBody(name="toldTest", summary="You asked for a test", schema=shape(ToldTest)),
    ),
    headers=(
        Parameter(
            name="webhook-id",
            schema={"type": "string"},
            description="The event's id, the same at each attempt.",
        ),
        Parameter(
            name="webhook-timestamp",
            schema={"type": "string"},
            description="When this was sent, in seconds.",
        ),
        Parameter(
            name="webhook-signature",
            schema={"type": "string"},
            description="Standard Webhooks: `v1,` and the base64 HMAC-SHA256 of id, timestamp and"
            " body, joined by dots; for 24 hours after a rotation two of them, with a space"
            " between.",
        ),
        Parameter(
            name="Beleg-Version",
            schema={"type": "string"},
            description="The version that the body is in.",
        ),
    ),
)
