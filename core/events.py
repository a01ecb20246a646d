"""What happened to applications, in order: the outbox from which others are told.

An event's place is (transaction, id), read only below the oldest transaction still running: the
order of serials is not the order of commits, and a reader of serials would skip.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from core.db import Deferred, Reads, Tx, compiled, metadata, param
from core.ids import new_id


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to an application, such as `document.read`."""

    id: UUID
    at: datetime
    kind: str
    data: dict[str, Any]


event = Table(
    "event",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("xid", BigInteger),
    Column("at", DateTime(timezone=True)),
    Column("client_id", Uuid),
    Column("application_id", Uuid),
    Column("kind", Text),
    Column("data", JSONB),
)
_EVENT = Deferred(event, "id", "at", "client_id", "application_id", "kind", "data")
_OF_APPLICATION = compiled(
    select(event.c.id, event.c.at, event.c.kind, event.c.data)
    .where(event.c.application_id == param("application_id"))
    .order_by(event.c.id)
)


def emit(tx: Tx, client_id: UUID, application_id: UUID, kind: str, data: Mapping[str, Any]) -> None:
    """Say that this happened; told to nobody unless the unit of work commits."""
    tx.later(_EVENT, new_id(), datetime.now(UTC), client_id, application_id, kind, dict(data))


async def of_application(db: Reads, application_id: UUID) -> list[Event]:
    """What happened to an application, oldest first."""
    rows = await db.all(_OF_APPLICATION, application_id=application_id)
    return [Event(row["id"], row["at"], row["kind"], row["data"]) for row in rows]
