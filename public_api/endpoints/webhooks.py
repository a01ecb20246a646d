"""Webhooks over HTTP, written once for every version; each version has its own."""

from dataclasses import dataclass, field
from datetime import datetime

from core import webhooks
from core.db import Tx
from core.pages import CursorRequest, Page
from core.webhooks import (
    CreatedWebhook,
    Delivery,
    NewSecret,
    Subscriber,
    Webhook,
    WebhookPatch,
)
from public_api.addresses import Reach, check_url
from public_api.call import Call
from public_api.messages import Response, Translation


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """An address that wants to be told, of which kinds (None: all), signed with which secret."""

    url: str
    kinds: tuple[str, ...] | None = None
    secret: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class WebhookChange:
    """What is to change of a webhook, and where it is to point if that changes.

    `text` is what the caller wrote: it makes a request the same request.
    """

    patch: WebhookPatch
    url: str | None
    text: str


@dataclass(frozen=True, slots=True)
class ReplayRequest:
    """Since when everything is to be told again."""

    since: datetime


async def subscribe(call: Call, translation: Translation[NewWebhook, CreatedWebhook]) -> Response:
    """Tell an address of all that happens from now on."""
    new = translation.read(await call.full_request())
    check_url(new.url, Reach.of(call.dependencies.settings))

    async def work(tx: Tx) -> Response:
        created = await webhooks.subscribe(
            tx, _subscriber(call), new.url, new.kinds, new.secret, call.dependencies.vault
        )
        return translation.write(created)

    return await call.once(new, work, secret=True)


async def list_all(call: Call, translation: Translation[None, list[Webhook]]) -> Response:
    """All of the caller's webhooks, oldest first."""
    return translation.write(await webhooks.list_for_subscriber(call.db, _subscriber(call)))


async def show(call: Call, translation: Translation[None, Webhook]) -> Response:
    """One webhook."""
    return translation.write(await webhooks.get(call.db, _subscriber(call), call.id("webhook_id")))


async def change(call: Call, translation: Translation[WebhookChange, Webhook]) -> Response:
    """Change where a webhook points, what it is told, or whether it is."""
    which = (await webhooks.get(call.db, _subscriber(call), call.id("webhook_id"))).id
    wanted = translation.read(await call.full_request())
    if wanted.url is not None:
        check_url(wanted.url, Reach.of(call.dependencies.settings))

    async def work(tx: Tx) -> Response:
        return translation.write(await webhooks.change(tx, _subscriber(call), which, wanted.patch))

    return await call.once(wanted.text, work)


async def unsubscribe(call: Call, translation: Translation[None, None]) -> Response:
    """Remove a webhook, and what it was still to be told."""
    which = call.id("webhook_id")

    async def work(tx: Tx) -> Response:
        await webhooks.unsubscribe(tx, _subscriber(call), which)
        return translation.write(None)

    return await call.db.write(work)


async def rotate(call: Call, translation: Translation[None, NewSecret]) -> Response:
    """Give a webhook a new secret."""
    which = call.id("webhook_id")

    async def work(tx: Tx) -> Response:
        vault = call.dependencies.vault
        return translation.write(await webhooks.rotate(tx, _subscriber(call), which, vault))

    return await call.once(None, work, secret=True)


async def try_out(call: Call, translation: Translation[None, Delivery]) -> Response:
    """Send a webhook something that tells of nothing."""
    which = call.id("webhook_id")

    async def work(tx: Tx) -> Response:
        return translation.write(await webhooks.try_out(tx, _subscriber(call), which))

    return await call.once(None, work)


async def replay(call: Call, translation: Translation[ReplayRequest, Webhook]) -> Response:
    """Tell a webhook again of everything since a time."""
    which = (await webhooks.get(call.db, _subscriber(call), call.id("webhook_id"))).id
    wanted = translation.read(await call.full_request())

    async def work(tx: Tx) -> Response:
        return translation.write(await webhooks.replay(tx, _subscriber(call), which, wanted.since))

    return await call.once(wanted, work)


async def list_deliveries(
    call: Call, translation: Translation[CursorRequest, Page[Delivery]]
) -> Response:
    """What a webhook was told and is still to be told, newest first."""
    request = translation.read(call.request())
    which = call.id("webhook_id")
    return translation.write(
        await webhooks.list_deliveries(call.db, _subscriber(call), which, request)
    )


async def redeliver(call: Call, translation: Translation[None, Delivery]) -> Response:
    """Make a delivery again, however it ended."""
    which, delivery = call.id("webhook_id"), call.id("delivery_id")

    async def work(tx: Tx) -> Response:
        return translation.write(await webhooks.redeliver(tx, _subscriber(call), which, delivery))

    return await call.once(None, work)


def _subscriber(call: Call) -> Subscriber:
    return Subscriber(call.viewer, call.target.version)
