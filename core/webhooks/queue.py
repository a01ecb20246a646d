"""What webhooks are still to be told and were told: the queue of deliveries, and its queries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Integer,
    Table,
    Text,
    Uuid,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from core.db import Queryable, Tx
from core.pages import Page, cursor
from core.query import compiled, metadata, param
from core.vault import MARK, Vault
from core.webhooks.model import Attempt, Delivery, DeliveryState, DueDelivery, Room
from core.webhooks.store import SECRETS, still_valid

delivery = Table(
    "webhook_delivery",
    metadata,
    Column("webhook_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("xid", BigInteger),
    Column("application_id", Uuid),
    Column("kind", Text),
    Column("at", DateTime(timezone=True)),
    Column("data", JSONB),
    Column("state", Text),
    Column("attempts", Integer),
    Column("next_attempt_at", DateTime(timezone=True)),
    Column("last_attempt_at", DateTime(timezone=True)),
    Column("last_status", Integer),
    Column("last_error", Text),
)
_DELIVERY = tuple(
    delivery.c[name]
    for name in (
        "id", "application_id", "kind", "at", "state", "attempts", "next_attempt_at",
        "last_attempt_at", "last_status", "last_error",
    )
)  # fmt: skip
_OF = delivery.c.webhook_id == param("webhook_id")

LIVE = "webhook.enabled AND NOT client.disabled AND webhook.version = ANY(:versions)"
"""A webhook that is told by a build which speaks these versions."""
_HAS_KEY = """(substring(webhook.secret FROM 1 FOR octet_length(CAST(:mark AS bytea))) <> :mark
    OR EXISTS (SELECT FROM unnest(CAST(:prefixes AS bytea[])) AS prefix
        WHERE substring(webhook.secret FROM 1 FOR octet_length(prefix)) = prefix))"""
"""Its secret is not sealed, or with a key that is given; who has no key keeps nobody else away."""
# The first of its lane is looked up: an anti-join would walk all that waits, for want of figures.
_IS_DUE = """delivery.state = 'pending' AND delivery.next_attempt_at <= :now
    AND (delivery.application_id IS NULL
        OR (delivery.xid, delivery.id) <= (webhook.planned_xid, webhook.planned_id)
        AND delivery.id = (
            SELECT first.id FROM webhook_delivery first
            WHERE first.webhook_id = delivery.webhook_id
                AND first.application_id = delivery.application_id AND first.state = 'pending'
            ORDER BY first.xid, first.id LIMIT 1))"""
"""The oldest pending one of its application, not beyond what is planned, and due."""
# A webhook that was slow lately stands in a group of its own beside its client's others, so that
# it takes no place of theirs. Whose group has least under way comes first, whatever waits longest.
_CLAIM = compiled(
    text(f"""
WITH going AS MATERIALIZED (
    SELECT each.id, count(*) AS n FROM unnest(CAST(:going AS uuid[])) each(id) GROUP BY each.id),
room AS MATERIALIZED (
    SELECT webhook.id, webhook.client_id, webhook.planned_xid, webhook.planned_id, told.slow,
        coalesce(going.n, 0) AS busy,
        sum(coalesce(going.n, 0)) OVER (PARTITION BY webhook.client_id, told.slow) AS group_busy,
        sum(coalesce(going.n, 0)) OVER (PARTITION BY told.slow) AS all_busy
    FROM webhook JOIN client ON client.id = webhook.client_id
        LEFT JOIN going ON going.id = webhook.id
        CROSS JOIN LATERAL (SELECT webhook.id = ANY(CAST(:slow AS uuid[])) AS slow) told
    WHERE {LIVE} AND {_HAS_KEY}),
head AS MATERIALIZED (
    SELECT webhook.id AS webhook_id, webhook.client_id, webhook.slow, webhook.busy,
        webhook.group_busy, webhook.all_busy, first.id, first.next_attempt_at
    FROM room webhook CROSS JOIN LATERAL (
        SELECT delivery.id, delivery.next_attempt_at FROM webhook_delivery delivery
        WHERE delivery.webhook_id = webhook.id AND {_IS_DUE}
        ORDER BY delivery.next_attempt_at
        LIMIT greatest(
            0, CASE WHEN webhook.slow THEN 1 ELSE CAST(:each AS integer) END - webhook.busy)
        FOR UPDATE SKIP LOCKED) first),
within AS (
    SELECT head.*, busy + row_number()
        OVER (PARTITION BY webhook_id ORDER BY next_attempt_at) AS place FROM head),
grouped AS (
    SELECT within.*, group_busy + row_number()
        OVER (PARTITION BY client_id, slow ORDER BY place, next_attempt_at) AS group_place
    FROM within),
ranked AS (
    SELECT grouped.*, all_busy + row_number()
        OVER (PARTITION BY slow ORDER BY group_place, next_attempt_at) AS overall
    FROM grouped WHERE group_place <= CASE WHEN slow
        THEN CAST(:slow_of_client AS integer) ELSE CAST(:of_client AS integer) END),
due AS MATERIALIZED (
    SELECT ranked.webhook_id, ranked.id FROM ranked
    WHERE NOT slow OR overall <= CAST(:most_slow AS integer)
    ORDER BY group_place, next_attempt_at LIMIT :most)
UPDATE webhook_delivery delivery SET next_attempt_at = :until FROM due
    JOIN webhook ON webhook.id = due.webhook_id
WHERE delivery.webhook_id = due.webhook_id AND delivery.id = due.id
RETURNING delivery.id, delivery.webhook_id, webhook.client_id, webhook.version, webhook.url,
    webhook.secret, webhook.old_secret, webhook.old_secret_until, webhook.older_secrets,
    webhook.older_secrets_until, delivery.application_id, delivery.kind, delivery.at, delivery.data,
    delivery.attempts""")  # noqa: S608
)
_FINISH = compiled(
    update(delivery)
    .where(
        _OF,
        delivery.c.id == param("which"),
        delivery.c.state == DeliveryState.PENDING.value,
        delivery.c.attempts == param("before"),
    )
    .values(
        state=param("new_state"),
        attempts=param("made"),
        next_attempt_at=param("until"),
        last_attempt_at=param("now"),
        last_status=param("status"),
        last_error=param("problem"),
    )
)
_REMOVE = compiled(delete(delivery).where(_OF, delivery.c.id == param("which")))
# What waits behind one that failed waits as long, and need not be looked at until then.
_POSTPONE = compiled(
    update(delivery)
    .where(
        _OF,
        delivery.c.application_id == param("application_id"),
        delivery.c.state == DeliveryState.PENDING.value,
        delivery.c.next_attempt_at < param("now"),
    )
    .values(next_attempt_at=param("until"))
)
_MAKE_DUE = compiled(
    update(delivery)
    .where(_OF, delivery.c.state == DeliveryState.PENDING.value)
    .values(attempts=0, next_attempt_at=param("now"))
)
_REQUEUE = compiled(
    update(delivery)
    .where(_OF, delivery.c.id == param("which"))
    .values(state=DeliveryState.PENDING.value, attempts=0, next_attempt_at=param("now"))
    .returning(*_DELIVERY)
)
_ADD_TEST = compiled(
    insert(delivery)
    .values(
        webhook_id=param("webhook_id"),
        id=param("id"),
        kind=param("kind"),
        at=param("now"),
        data=param("data"),
        state=DeliveryState.PENDING.value,
        attempts=0,
        next_attempt_at=param("now"),
    )
    .returning(*_DELIVERY)
)
_PAGE = compiled(
    select(*_DELIVERY)
    .where(_OF, delivery.c.id < param("before"))
    .order_by(delivery.c.id.desc())
    .limit(param("limit", Integer))
)
_SUCCEEDED = compiled(
    select(delivery.c.id)
    .where(
        _OF,
        delivery.c.state == DeliveryState.DELIVERED.value,
        delivery.c.last_attempt_at >= param("since"),
    )
    .limit(param("limit", Integer))
)
_OLDEST_DUE = compiled(
    text(f"""
SELECT min(delivery.next_attempt_at) AS at
FROM webhook JOIN client ON client.id = webhook.client_id
    JOIN webhook_delivery delivery ON delivery.webhook_id = webhook.id
WHERE {LIVE} AND {_HAS_KEY} AND {_IS_DUE}""")  # noqa: S608
)
_SWEEP = compiled(
    delete(delivery).where(
        delivery.c.state != DeliveryState.PENDING.value, delivery.c.at < param("since")
    )
)


async def claim(
    tx: Tx, versions: Sequence[str], now: datetime, until: datetime, room: Room, vault: Vault
) -> list[DueDelivery]:
    """Deliveries whose turn it is, kept from others until then."""
    rows = await tx.all(
        _CLAIM,
        versions=list(versions),
        now=now,
        until=until,
        most=room.limit,
        each=room.per_webhook,
        of_client=room.per_client,
        most_slow=room.slow_limit,
        slow_of_client=room.slow_per_client,
        going=list(room.in_flight),
        slow=list(room.slow),
        mark=MARK,
        prefixes=vault.prefixes,
    )
    return [_due(row, now) for row in rows]


async def finish(
    tx: Tx, due: DueDelivery, state: DeliveryState, now: datetime, until: datetime, attempt: Attempt
) -> bool:
    """Note how an attempt went; False, noting nothing, where another was made meanwhile."""
    noted = await tx.run(
        _FINISH,
        webhook_id=due.webhook_id,
        which=due.id,
        before=due.attempts,
        made=due.attempts + 1,
        new_state=state,
        now=now,
        until=until,
        status=attempt.status,
        problem=attempt.problem,
    )
    return noted == 1


async def remove(tx: Tx, due: DueDelivery) -> None:
    """Remove a delivery."""
    await tx.run(_REMOVE, webhook_id=due.webhook_id, which=due.id)


async def postpone_behind(tx: Tx, due: DueDelivery, now: datetime, until: datetime) -> None:
    """Let all that waits behind a delivery wait until then."""
    if due.application_id is not None:
        await tx.run(
            _POSTPONE,
            webhook_id=due.webhook_id,
            application_id=due.application_id,
            now=now,
            until=until,
        )


async def make_due(tx: Tx, webhook_id: UUID, now: datetime) -> None:
    """Let all that is pending be tried at once, as if for the first time."""
    await tx.run(_MAKE_DUE, webhook_id=webhook_id, now=now)


async def requeue(tx: Tx, webhook_id: UUID, id: UUID, now: datetime) -> Delivery | None:
    """Let a delivery be made again."""
    row = await tx.one(_REQUEUE, webhook_id=webhook_id, which=id, now=now)
    return _delivery(row) if row else None


async def add_test(tx: Tx, webhook_id: UUID, id: UUID, kind: str, now: datetime) -> Delivery:
    """Insert a delivery that tells of nothing."""
    row = await tx.one(_ADD_TEST, webhook_id=webhook_id, id=id, kind=kind, now=now, data={})
    if row is None:
        raise LookupError(id)
    return _delivery(row)


async def list_by_cursor(
    db: Queryable, webhook_id: UUID, before: UUID, limit: int
) -> Page[Delivery]:
    """A webhook's deliveries, newest first, resuming after the cursor."""
    rows = await db.all(_PAGE, webhook_id=webhook_id, before=before, limit=limit + 1)
    more = len(rows) > limit
    return Page(
        [_delivery(row) for row in rows[:limit]], cursor(rows[limit - 1]["id"]) if more else None
    )


async def succeeded(db: Queryable, webhook_id: UUID, since: datetime) -> bool:
    """Whether anything was delivered since a time."""
    return bool(await db.all(_SUCCEEDED, webhook_id=webhook_id, since=since, limit=1))


async def oldest_due(
    db: Queryable, versions: Sequence[str], now: datetime, vault: Vault
) -> datetime | None:
    """Since when the delivery is due that has waited longest."""
    keys = {"mark": MARK, "prefixes": vault.prefixes}
    row = await db.one(_OLDEST_DUE, versions=list(versions), now=now, **keys)
    return row["at"] if row else None


async def sweep(tx: Tx, since: datetime) -> int:
    """Remove what ended and is older than this; how many."""
    return await tx.run(_SWEEP, since=since)


def _delivery(row: asyncpg.Record) -> Delivery:
    values: dict[str, Any] = {column.name: row[column.name] for column in _DELIVERY}
    state = DeliveryState(values.pop("state"))
    if state is not DeliveryState.PENDING:
        values["next_attempt_at"] = None
    return Delivery(state=state, **values)


def _due(row: asyncpg.Record, now: datetime) -> DueDelivery:
    secrets = (row["secret"], *(each.secret for each in still_valid(row, now)))
    values = {name: value for name, value in row.items() if name not in SECRETS}
    return DueDelivery(secrets=secrets, **values)
