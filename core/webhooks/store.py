"""Where webhooks lie, and every query on them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    LargeBinary,
    Table,
    Text,
    Uuid,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from core.clients.store import client
from core.db import Queryable, Tx
from core.query import compiled, metadata, param
from core.webhooks.model import ClientWebhook, DisabledReason, OldSecret, Subscriber, Webhook

webhook = Table(
    "webhook",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("client_id", Uuid),
    Column("version", Text),
    Column("url", Text),
    Column("secret", LargeBinary),
    Column("old_secret", LargeBinary),
    Column("old_secret_until", DateTime(timezone=True)),
    Column("older_secrets", ARRAY(LargeBinary)),
    Column("older_secrets_until", ARRAY(DateTime(timezone=True))),
    Column("kinds", ARRAY(Text)),
    Column("enabled", Boolean),
    Column("disabled_reason", Text),
    Column("created_at", DateTime(timezone=True)),
)
_WEBHOOK = tuple(
    webhook.c[name]
    for name in (
        "id", "client_id", "version", "url", "kinds", "enabled", "disabled_reason", "created_at"
    )
)  # fmt: skip
SECRETS = ("secret", "old_secret", "old_secret_until", "older_secrets", "older_secrets_until")
_MINE = (webhook.c.client_id == param("client_id"), webhook.c.version == param("version"))

_LOCK_CLIENT = compiled(
    select(client.c.id).where(client.c.id == param("client_id")).with_for_update(key_share=True)
)
_COUNT = compiled(
    select(func.count().label("n"))
    .select_from(webhook)
    .where(webhook.c.client_id == param("client_id"))
)
_NEW = ("id", "client_id", "version", "url", "secret", "kinds", "enabled", "created_at")
_ADD = compiled(insert(webhook).values({name: param(name) for name in _NEW}))
_LIST = compiled(select(*_WEBHOOK).where(*_MINE).order_by(webhook.c.id))
_ALL = compiled(
    select(*_WEBHOOK, client.c.name.label("client"))
    .join(client, client.c.id == webhook.c.client_id)
    .order_by(webhook.c.id)
)
_GET = compiled(select(*_WEBHOOK).where(webhook.c.id == param("id"), *_MINE))
_LOCK = compiled(select(*_WEBHOOK).where(webhook.c.id == param("id")).with_for_update())
_CHANGE = compiled(
    update(webhook)
    .where(webhook.c.id == param("which"))
    .values(
        url=param("new_url"),
        kinds=param("new_kinds"),
        enabled=param("new_enabled"),
        disabled_reason=param("new_reason"),
    )
)
_DISABLE_ALL = compiled(
    update(webhook)
    .where(webhook.c.enabled)
    .values(enabled=False, disabled_reason=param("new_reason"))
    .returning(webhook.c.id)
)
_OLD_SECRETS = compiled(
    select(*(webhook.c[name] for name in SECRETS)).where(webhook.c.id == param("id"))
)
_ROTATE = compiled(
    update(webhook)
    .where(webhook.c.id == param("which"))
    .values(
        old_secret=webhook.c.secret,
        old_secret_until=param("until"),
        older_secrets=param("older"),
        older_secrets_until=param("older_until"),
        secret=param("fresh"),
    )
)
_REMOVE = compiled(delete(webhook).where(webhook.c.id == param("id")))


async def add(tx: Tx, new: Webhook, secret: bytes, limit: int) -> bool:
    """Insert a webhook, told of what is committed from now on; False where there are so many."""
    await tx.one(_LOCK_CLIENT, client_id=new.client_id)
    existing = await tx.one(_COUNT, client_id=new.client_id)
    if existing is None or existing["n"] >= limit:
        return False
    await tx.run(
        _ADD,
        id=new.id,
        client_id=new.client_id,
        version=new.version,
        url=new.url,
        secret=secret,
        kinds=_listed(new.kinds),
        enabled=new.enabled,
        created_at=new.created_at,
    )
    return True


async def list_for_subscriber(db: Queryable, subscriber: Subscriber) -> list[Webhook]:
    """A client's webhooks of a version, oldest first."""
    rows = await db.all(_LIST, client_id=subscriber.viewer.client_id, version=subscriber.version)
    return [_webhook(row) for row in rows]


async def list_of_all_clients(db: Queryable) -> list[ClientWebhook]:
    """Every webhook with the name of its client, oldest first."""
    return [ClientWebhook(_webhook(row), row["client"]) for row in await db.all(_ALL)]


async def get(db: Queryable, subscriber: Subscriber, id: UUID) -> Webhook | None:
    """A client's webhook of a version."""
    row = await db.one(
        _GET, id=id, client_id=subscriber.viewer.client_id, version=subscriber.version
    )
    return _webhook(row) if row else None


async def lock(tx: Tx, id: UUID) -> Webhook | None:
    """A webhook that nobody else changes until the unit of work ends."""
    row = await tx.one(_LOCK, id=id)
    return _webhook(row) if row else None


async def change(tx: Tx, changed: Webhook) -> None:
    """Write what was changed in a webhook."""
    await tx.run(
        _CHANGE,
        which=changed.id,
        new_url=changed.url,
        new_kinds=_listed(changed.kinds),
        new_enabled=changed.enabled,
        new_reason=changed.disabled_reason,
    )


async def disable_all(tx: Tx, reason: DisabledReason) -> list[UUID]:
    """Disable every webhook that is enabled; which ones they were."""
    return [row["id"] for row in await tx.all(_DISABLE_ALL, new_reason=reason)]


async def old_secrets(tx: Tx, id: UUID, now: datetime) -> list[OldSecret]:
    """The secrets before the one that a webhook has, as far as they sign still, newest first."""
    row = await tx.one(_OLD_SECRETS, id=id)
    return list(still_valid(row, now)) if row else []


async def rotate(
    tx: Tx, id: UUID, secret: bytes, until: datetime, older: Sequence[OldSecret]
) -> None:
    """Give the webhook a new secret; the one before and the older ones sign too for a while."""
    await tx.run(
        _ROTATE,
        which=id,
        fresh=secret,
        until=until,
        older=[each.secret for each in older],
        older_until=[each.until for each in older],
    )


def still_valid(row: asyncpg.Record, now: datetime) -> Iterator[OldSecret]:
    """The secrets before a webhook's, of a row of them, as far as they sign still, newest first."""
    secrets = (row["old_secret"], *(row["older_secrets"] or ()))
    untils = (row["old_secret_until"], *(row["older_secrets_until"] or ()))
    for secret, until in zip(secrets, untils, strict=True):
        if secret is not None and until > now:
            yield OldSecret(secret, until)


async def remove(tx: Tx, id: UUID) -> None:
    """Remove a webhook with all its deliveries."""
    await tx.run(_REMOVE, id=id)


def _listed(kinds: tuple[str, ...] | None) -> list[str] | None:
    return None if kinds is None else list(kinds)


def _webhook(row: asyncpg.Record) -> Webhook:
    kinds, reason = row["kinds"], row["disabled_reason"]
    return Webhook(
        id=row["id"],
        client_id=row["client_id"],
        version=row["version"],
        url=row["url"],
        kinds=None if kinds is None else tuple(kinds),
        enabled=row["enabled"],
        disabled_reason=None if reason is None else DisabledReason(reason),
        created_at=row["created_at"],
    )
