"""What can be done with webhooks: subscribe, plan what each is told, and note how telling went.

A webhook has a place among the events, as a poller of the feed would: planning takes it on, a
replay sets it back, and while it is disabled it stands still, so nothing is skipped.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from core import audit
from core.audit import SYSTEM, Actor
from core.db import Queryable, Tx
from core.errors import Complaint, Conflict, Invalid, NotFound
from core.ids import new_id
from core.pages import FIRST, NEWEST, CursorRequest, Page, resume
from core.vault import NO_VAULT, Vault
from core.viewers import Viewer, Visibility
from core.webhooks import planning, queue, sealing, store
from core.webhooks.model import (
    CLAIM_TIME,
    MOST_SECRETS,
    MOST_WEBHOOKS,
    RETENTION,
    ROTATION,
    SCHEDULE,
    TEST,
    Attempt,
    AttemptOutcome,
    ClientWebhook,
    CreatedWebhook,
    Delivery,
    DisabledReason,
    DueDelivery,
    NewSecret,
    Room,
    Subscriber,
    Webhook,
    WebhookPatch,
    outcome_of,
    wait_after,
)

SUBJECT = "webhook"


async def subscribe(
    tx: Tx,
    subscriber: Subscriber,
    url: str,
    kinds: tuple[str, ...] | None = None,
    secret: bytes | None = None,
    vault: Vault = NO_VAULT,
) -> CreatedWebhook:
    """Tell this address of all that happens from now on; the webhook, and its secret this once."""
    secret = secrets.token_bytes(32) if secret is None else secret
    new = Webhook(
        id=new_id(),
        client_id=subscriber.viewer.client_id,
        version=subscriber.version,
        url=url,
        kinds=kinds,
        enabled=True,
        disabled_reason=None,
        created_at=datetime.now(UTC),
    )
    stored = await vault.seal(tx, secret, new.id)
    if not await store.add(tx, new, stored, MOST_WEBHOOKS):
        raise Conflict(
            f"A client may have {MOST_WEBHOOKS} webhooks; remove one that you do not need.",
            code="too_many_webhooks",
        )
    audit.record(
        tx,
        subscriber.viewer.actor,
        "webhook.created",
        SUBJECT,
        new.id,
        {"version": subscriber.version},
    )
    return CreatedWebhook(new, secret)


async def list_for_subscriber(db: Queryable, subscriber: Subscriber) -> list[Webhook]:
    """A client's webhooks of a version, oldest first."""
    return await store.list_for_subscriber(db, subscriber)


async def list_of_all_clients(db: Queryable) -> list[ClientWebhook]:
    """Every webhook with the name of its client, for the lender's own people."""
    return await store.list_of_all_clients(db)


async def get(db: Queryable, subscriber: Subscriber, id: UUID) -> Webhook:
    """A client's webhook; a stranger's, or one of another version, is not found."""
    webhook = await store.get(db, subscriber, id)
    if webhook is None:
        raise NotFound("webhook")
    return webhook


async def change(tx: Tx, subscriber: Subscriber, id: UUID, patch: WebhookPatch) -> Webhook:
    """Change a webhook; enabled again, it goes on where it stopped."""
    before = await _lock_own(tx, subscriber, id)
    patched = patch(before)
    if patched == before:
        return before
    reason = before.disabled_reason or DisabledReason.REQUESTED
    after = replace(patched, disabled_reason=None if patched.enabled else reason)
    await store.change(tx, after)
    fields = [
        each
        for each in ("url", "kinds", "enabled")
        if getattr(after, each) != getattr(before, each)
    ]
    audit.record(tx, subscriber.viewer.actor, "webhook.changed", SUBJECT, id, {"fields": fields})
    if after.enabled and not before.enabled:
        await queue.make_due(tx, id, datetime.now(UTC))
    return after


async def set_enabled(tx: Tx, actor: Actor, id: UUID, *, enabled: bool) -> Webhook:
    """Switch anybody's webhook on or off, as an operator may."""
    webhook = await store.lock(tx, id)
    if webhook is None:
        raise NotFound("webhook")
    subscriber = Subscriber(Viewer(webhook.client_id, actor, Visibility.all()), webhook.version)
    return await change(tx, subscriber, id, lambda it: replace(it, enabled=enabled))


async def disable_all(tx: Tx, actor: Actor) -> int:
    """Switch off every webhook of every client, as a copy of an instance must; how many."""
    reason = DisabledReason.REQUESTED
    disabled = await store.disable_all(tx, reason)
    for each in disabled:
        audit.record(tx, actor, "webhook.disabled", SUBJECT, each, {"reason": reason})
    return len(disabled)


async def unsubscribe(tx: Tx, subscriber: Subscriber, id: UUID) -> None:
    """Remove a webhook, and what it was still to be told."""
    await _lock_own(tx, subscriber, id)
    await store.remove(tx, id)
    audit.record(tx, subscriber.viewer.actor, "webhook.removed", SUBJECT, id, {})


async def rotate(tx: Tx, subscriber: Subscriber, id: UUID, vault: Vault = NO_VAULT) -> NewSecret:
    """A new secret, shown this once, and until when the one before signs beside it.

    Older ones go on signing until their own time.
    """
    await _lock_own(tx, subscriber, id)
    now = datetime.now(UTC)
    older = await store.old_secrets(tx, id, now)
    if len(older) + 2 > MOST_SECRETS:  # beside the new one and the one that it follows
        raise Conflict(
            f"{MOST_SECRETS} secrets of this webhook sign already; rotate again once the oldest"
            f" has run out, at {min(each.until for each in older):%Y-%m-%dT%H:%M:%SZ}.",
            code="too_many_secrets",
        )
    fresh, until = secrets.token_bytes(32), now + ROTATION
    await store.rotate(tx, id, await vault.seal(tx, fresh, id), until, older)
    detail = {"old_until": str(until)}
    audit.record(tx, subscriber.viewer.actor, "webhook.secret_rotated", SUBJECT, id, detail)
    return NewSecret(fresh, until)


async def list_deliveries(
    db: Queryable, subscriber: Subscriber, id: UUID, request: CursorRequest
) -> Page[Delivery]:
    """What a webhook was told and is still to be told, newest first."""
    await get(db, subscriber, id)
    before = resume(request.after) if request.after else NEWEST
    return await queue.list_by_cursor(db, id, before, request.limit)


async def redeliver(tx: Tx, subscriber: Subscriber, id: UUID, delivery_id: UUID) -> Delivery:
    """Make a delivery again, however it ended."""
    _require_enabled(await _lock_own(tx, subscriber, id))
    delivery = await queue.requeue(tx, id, delivery_id, datetime.now(UTC))
    if delivery is None:
        raise NotFound("delivery")
    return delivery


async def try_out(tx: Tx, subscriber: Subscriber, id: UUID) -> Delivery:
    """Make a delivery that tells of nothing, to see whether it arrives."""
    _require_enabled(await _lock_own(tx, subscriber, id))
    return await queue.add_test(tx, id, new_id(), TEST, datetime.now(UTC))


async def replay(tx: Tx, subscriber: Subscriber, id: UUID, since: datetime) -> Webhook:
    """Tell again everything since a time, in order, under the same ids."""
    if since < datetime.now(UTC) - RETENTION:
        raise Invalid(Complaint("/since", f"since: at most {RETENTION.days} days ago"))
    webhook = await _lock_own(tx, subscriber, id)
    _require_enabled(webhook)
    await planning.go_back(tx, id, since, FIRST)
    audit.record(
        tx, subscriber.viewer.actor, "webhook.replayed", SUBJECT, id, {"since": str(since)}
    )
    return webhook


async def plan(tx: Tx, versions: Sequence[str]) -> int:
    """Plan for each webhook the next events that it is to be told; how many deliveries."""
    now = datetime.now(UTC)
    return sum([await planning.plan(tx, each, now) for each in await planning.behind(tx, versions)])


async def claim(
    tx: Tx, versions: Sequence[str], room: Room, vault: Vault = NO_VAULT
) -> list[DueDelivery]:
    """Deliveries whose turn it is, as many as there is room for: fairly among clients.

    Of an application it is the oldest that is not delivered or given up. Others are kept away for
    the time of an attempt. A webhook whose secret cannot be opened waits, and nobody else.
    """
    now = datetime.now(UTC)
    claimed = await queue.claim(tx, versions, now, now + CLAIM_TIME, room, vault)
    return [due for each in claimed if (due := sealing.opened(each, vault)) is not None]


async def finish(
    tx: Tx, due: DueDelivery, attempt: Attempt, schedule: tuple[timedelta, ...] = SCHEDULE
) -> AttemptOutcome:
    """Note how an attempt went; what is still to be told waits, or the webhook is disabled.

    Disabled is a webhook whose receiver says 410, or that took nothing while one delivery went
    through all its attempts; what is pending stays so until somebody enables it again.
    """
    now = datetime.now(UTC)
    delay = timedelta() if attempt.delivered else wait_after(due.attempts + 1, schedule)
    reason = await _given_up(tx, due, attempt, delay, now - sum(schedule, timedelta()))
    # The webhook is locked before its deliveries, here as where it is changed.
    webhook = await store.lock(tx, due.webhook_id) if reason else None
    outcome = outcome_of(attempt, delay, reason)
    until = now + (delay or timedelta())
    if not await queue.finish(tx, due, outcome.state, now, until, attempt):
        return AttemptOutcome.SUPERSEDED
    if outcome is AttemptOutcome.RETRIED:
        await queue.postpone_behind(tx, due, now, until)
    if webhook is not None and webhook.enabled:
        await store.change(tx, replace(webhook, enabled=False, disabled_reason=reason))
        audit.record(tx, SYSTEM, "webhook.disabled", SUBJECT, webhook.id, {"reason": reason})
    return outcome


async def skip(tx: Tx, due: DueDelivery) -> AttemptOutcome:
    """Drop a delivery of what its version has no words for."""
    await queue.remove(tx, due)
    return AttemptOutcome.SKIPPED


async def _given_up(
    tx: Tx, due: DueDelivery, attempt: Attempt, delay: timedelta | None, since: datetime
) -> DisabledReason | None:
    """Why the webhook is to be disabled after an attempt; None where it is not."""
    if attempt.gone:
        return DisabledReason.GONE
    if delay is None and not await queue.succeeded(tx, due.webhook_id, since):
        return DisabledReason.FAILING
    return None


async def waiting_seconds(db: Queryable, versions: Sequence[str], vault: Vault = NO_VAULT) -> float:
    """For how long the delivery has been due that has waited longest (in seconds).

    Of those whose webhook's secret is sealed with a key that is given, or with none.
    """
    now = datetime.now(UTC)
    since = await queue.oldest_due(db, versions, now, vault)
    return 0.0 if since is None else (now - since).total_seconds()


async def sweep(tx: Tx) -> int:
    """Forget deliveries that ended long ago; how many."""
    return await queue.sweep(tx, datetime.now(UTC) - RETENTION)


def _require_enabled(webhook: Webhook) -> None:
    if not webhook.enabled:
        raise Conflict("The webhook is disabled; enable it first.", code="webhook_disabled")


async def _lock_own(tx: Tx, subscriber: Subscriber, id: UUID) -> Webhook:
    webhook = await store.lock(tx, id)
    if webhook is None or (webhook.client_id, webhook.version) != (
        subscriber.viewer.client_id,
        subscriber.version,
    ):
        raise NotFound("webhook")
    return webhook
