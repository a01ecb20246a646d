"""Webhooks over HTTP, written once for every version; each version has its own."""

from dataclasses import dataclass, field
from datetime import datetime

from core import webhooks
from core.db import Tx
from core.webhooks import Subscriber, WebhookPatch
from public_api.addresses import Reach, checked
from public_api.call import Call
from public_api.versions import Response


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """An address that wants to be told, of which kinds (None: all), signed with which secret."""

    url: str
    kinds: tuple[str, ...] | None = None
    secret: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class WebhookChange:
    """What is to become of a webhook, and where it is to point if that changes."""

    become: WebhookPatch
    url: str | None


@dataclass(frozen=True, slots=True)
class DeliveryListing:
    """Which deliveries to list, resuming after a cursor."""

    limit: int
    after: str | None = None


@dataclass(frozen=True, slots=True)
class ReplayRequest:
    """Since when everything is to be told again."""

    since: datetime


async def subscribe(call: Call) -> Response:
    """Tell an address of all that happens from now on."""
    new: NewWebhook = call.translation.read(await call.received())
    checked(new.url, Reach.of(call.shared.settings))

    async def work(tx: Tx) -> Response:
        return call.translation.write(
            await webhooks.subscribe(tx, _who(call), new.url, new.kinds, new.secret)
        )

    return await call.once(new, work)


async def list_all(call: Call) -> Response:
    """All of the caller's webhooks, oldest first."""
    return call.translation.write(await webhooks.list_for_subscriber(call.db, _who(call)))


async def show(call: Call) -> Response:
    """One webhook."""
    return call.translation.write(await webhooks.get(call.db, _who(call), call.id("webhook_id")))


async def change(call: Call) -> Response:
    """Change where a webhook points, what it is told, or whether it is."""
    which = (await webhooks.get(call.db, _who(call), call.id("webhook_id"))).id
    said: WebhookChange = call.translation.read(await call.received())
    if said.url is not None:
        checked(said.url, Reach.of(call.shared.settings))

    async def work(tx: Tx) -> Response:
        return call.translation.write(await webhooks.change(tx, _who(call), which, said.become))

    return await call.db.write(work)


async def unsubscribe(call: Call) -> Response:
    """Remove a webhook, and what it was still to be told."""
    which = call.id("webhook_id")

    async def work(tx: Tx) -> Response:
        await webhooks.unsubscribe(tx, _who(call), which)
        return call.translation.write(None)

    return await call.db.write(work)


async def rotate(call: Call) -> Response:
    """Give a webhook a new secret."""
    which = call.id("webhook_id")

    async def work(tx: Tx) -> Response:
        return call.translation.write(await webhooks.rotate(tx, _who(call), which))

    return await call.once(None, work)


async def try_out(call: Call) -> Response:
    """Send a webhook something that tells of nothing."""
    which = call.id("webhook_id")

    async def work(tx: Tx) -> Response:
        return call.translation.write(await webhooks.try_out(tx, _who(call), which))

    return await call.once(None, work)


async def replay(call: Call) -> Response:
    """Tell a webhook again of everything since a time."""
    which = (await webhooks.get(call.db, _who(call), call.id("webhook_id"))).id
    said: ReplayRequest = call.translation.read(await call.received())

    async def work(tx: Tx) -> Response:
        return call.translation.write(await webhooks.replay(tx, _who(call), which, said.since))

    return await call.once(said, work)


async def deliveries(call: Call) -> Response:
    """What a webhook was told and is still to be told, newest first."""
    asked: DeliveryListing = call.translation.read(call.asked())
    which = call.id("webhook_id")
    found = await webhooks.deliveries(
        call.db, _who(call), which, limit=asked.limit, after=asked.after
    )
    return call.translation.write(found)


async def redeliver(call: Call) -> Response:
    """Make a delivery again, however it ended."""
    which, delivery = call.id("webhook_id"), call.id("delivery_id")

    async def work(tx: Tx) -> Response:
        return call.translation.write(await webhooks.redeliver(tx, _who(call), which, delivery))

    return await call.once(None, work)


def _who(call: Call) -> Subscriber:
    return Subscriber(call.caller.actor, call.caller.client_id, call.version.name)
