"""How version 1 said callback: the whole application, whenever something happens to it."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from core import webhooks
from core.events import EventKind
from public_api.endpoints.webhooks import NewWebhook
from public_api.messages import Request, Response, Translation, no_command
from public_api.schemas import shape
from public_api.signatures import of_body
from public_api.v1 import applications
from public_api.v1.wire import dump, invalid, json_object, json_response, moment, text
from public_api.versions import Parameter, WebhookBody, WebhookContract, WebhookEvent

LONGEST_URL = 2000
CALLED: dict[EventKind, bool] = {
    EventKind.APPLICATION_RECEIVED: True,
    EventKind.APPLICATION_CHANGED: True,
    EventKind.APPLICATION_READING: True,
    EventKind.APPLICATION_NEEDS_DOCUMENTS: True,
    EventKind.APPLICATION_IN_REVIEW: True,
    EventKind.APPLICATION_APPROVED: True,
    EventKind.APPLICATION_DECLINED: True,
    EventKind.APPLICATION_WITHDRAWN: True,
    EventKind.DOCUMENT_QUEUED: False,
    EventKind.DOCUMENT_READ: False,
    EventKind.DOCUMENT_UNREADABLE: False,
    EventKind.DECISION_MADE: False,
}
"""Whether an address is called when this happens: documents had no callback in this version."""
KINDS = tuple(str(kind) for kind, called in CALLED.items() if called)


class AddCallback(TypedDict):
    """An address to be called, and the secret that signs what it gets."""

    url: Annotated[str, Field(min_length=1, max_length=LONGEST_URL)]
    secret: Annotated[str, Field(min_length=1, max_length=200)]


class Callback(TypedDict):
    """An address that is called whenever something happens to an application."""

    id: str
    url: str
    created: str


class CallbackList(TypedDict):
    """All of your callbacks, oldest first."""

    items: list[Callback]


def _read_new(request: Request) -> NewWebhook:
    payload = json_object(request.body)
    url = payload.get("url")
    if not isinstance(url, str) or not 1 <= len(url) <= LONGEST_URL:
        raise invalid("url", f"must be a text of at most {LONGEST_URL} characters")
    secret = text(payload, "secret", required=True)
    return NewWebhook(url, KINDS, (secret or "").encode())


def write(webhook: webhooks.Webhook) -> Callback:
    """A callback as this version shows it."""
    return {"id": str(webhook.id), "url": webhook.url, "created": moment(webhook.created_at)}


def _write_created(created: webhooks.CreatedWebhook) -> Response:
    return json_response(write(created.webhook), 201)


def _write_list(listed: list[webhooks.Webhook]) -> Response:
    return json_response({"items": [write(each) for each in listed]})


def webhook_body(event: WebhookEvent) -> bytes:
    """What a receiver gets: the application as it stands."""
    return dump({} if event.application is None else applications.write(event.application))


SUBSCRIBE = Translation(_read_new, _write_created)
LIST = Translation(no_command, _write_list)
UNSUBSCRIBE: Translation[None, None] = Translation(no_command, lambda _: Response(204))
WEBHOOK_CONTRACT = WebhookContract(
    write=webhook_body,
    sign=of_body,
    bodies=(
        WebhookBody(
            name="callback",
            summary="Something happened to one of your applications",
            schema=shape(applications.Application),
        ),
    ),
    headers=(
        Parameter(
            name="X-Signature",
            schema={"type": "string"},
            description="`sha256=` and the hexadecimal HMAC-SHA256 of the body.",
        ),
        Parameter(
            name="Beleg-Version",
            schema={"type": "string"},
            description="The version that the body is in.",
        ),
    ),
)
