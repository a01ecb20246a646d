"""Which events each webhook has still to be told of: how far it has come, and the queries on it.

A place among the events is (transaction, id), read only below the oldest transaction running.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from core.db import Tx
from core.pages import EventPosition
from core.query import compiled
from core.webhooks.queue import LIVE

BATCH = 500
"""How many events are planned for a webhook at a time."""

_AFTER = """event.client_id = webhook.client_id
    AND event.xid < settled_xid()
    AND (event.xid, event.id) > (webhook.planned_xid, webhook.planned_id)"""
_BEHIND = compiled(
    text(f"""
SELECT webhook.id FROM webhook JOIN client ON client.id = webhook.client_id
WHERE {LIVE} AND EXISTS (SELECT FROM event WHERE {_AFTER})
FOR UPDATE OF webhook SKIP LOCKED""")  # noqa: S608
)
_SPAN = compiled(
    text(f"""
SELECT event.xid, event.id FROM webhook CROSS JOIN LATERAL
    (SELECT event.xid, event.id FROM event WHERE {_AFTER} ORDER BY xid, id LIMIT {BATCH}) event
WHERE webhook.id = :id ORDER BY event.xid, event.id""")  # noqa: S608
)
# An event told before is pending again: that is what makes a replay of going back.
_PLAN = compiled(
    text(f"""
INSERT INTO webhook_delivery AS told
    (webhook_id, id, xid, application_id, kind, at, data, state, attempts, next_attempt_at)
SELECT webhook.id, event.id, event.xid, event.application_id, event.kind, event.at, event.data,
    'pending', 0, CAST(:now AS timestamptz)
FROM webhook JOIN event ON {_AFTER}
WHERE webhook.id = :id AND (event.xid, event.id) <= (CAST(:last_xid AS xid8), :last_id)
    AND (webhook.kinds IS NULL OR event.kind = ANY(webhook.kinds))
    AND (webhook.since IS NULL OR NOT pg_visible_in_snapshot(event.xid, webhook.since))
ON CONFLICT (webhook_id, id) DO UPDATE
    SET state = 'pending', attempts = 0, next_attempt_at = excluded.next_attempt_at""")  # noqa: S608
)
_MOVE = compiled(
    text("""
UPDATE webhook SET planned_xid = CAST(:last_xid AS xid8), planned_id = :last_id WHERE id = :id""")
)
# Back to before the first event since a time, whenever the webhook was made; never on.
_GO_BACK = compiled(
    text("""
UPDATE webhook SET since = NULL, planned_xid = first.xid, planned_id = :oldest
FROM (SELECT event.xid FROM event JOIN webhook ON event.client_id = webhook.client_id
    WHERE webhook.id = :id AND event.at >= :since ORDER BY event.xid, event.id LIMIT 1) first
WHERE webhook.id = :id
    AND (first.xid, :oldest) < (webhook.planned_xid, webhook.planned_id)""")
)


async def behind(tx: Tx, versions: Sequence[str]) -> list[UUID]:
    """Webhooks with events still to plan, kept from other planners."""
    return [row["id"] for row in await tx.all(_BEHIND, versions=list(versions))]


async def plan(tx: Tx, id: UUID, now: datetime) -> int:
    """Plan a webhook's next events in order; how many of them it is told."""
    span = await tx.all(_SPAN, id=id)
    if not span:
        return 0
    last = {"last_xid": span[-1]["xid"], "last_id": span[-1]["id"]}
    planned = await tx.run(_PLAN, id=id, now=now, **last)
    await tx.run(_MOVE, id=id, **last)
    return planned


async def go_back(tx: Tx, id: UUID, since: datetime, oldest: EventPosition) -> None:
    """Let the webhook be told again of everything since a time."""
    await tx.run(_GO_BACK, id=id, since=since, oldest=oldest.id)
