"""What happened to applications, in order: the outbox from which others are told.

An event's place is (transaction, id), read only below the oldest transaction still running: the
order of serials is not the order of commits, and a reader of serials would skip.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import BigInteger, Column, DateTime, Integer, Table, Text, Uuid, select, text
from sqlalchemy.dialects.postgresql import JSONB

from core.db import Queryable, Tx
from core.ids import new_id
from core.pages import FIRST, CursorRequest, EventPosition, Page, cursor, resume_position
from core.query import Deferred, compiled, metadata, param
from core.viewers import OF_END_USER, VISIBLE, Viewer, Visibility


class EventKind(StrEnum):
    """What can happen to an application."""

    APPLICATION_RECEIVED = "application.received"
    APPLICATION_CHANGED = "application.changed"
    APPLICATION_READING = "application.reading"
    APPLICATION_NEEDS_DOCUMENTS = "application.needs_documents"
    APPLICATION_IN_REVIEW = "application.in_review"
    APPLICATION_APPROVED = "application.approved"
    APPLICATION_DECLINED = "application.declined"
    APPLICATION_WITHDRAWN = "application.withdrawn"
    DOCUMENT_QUEUED = "document.queued"
    DOCUMENT_READ = "document.read"
    DOCUMENT_UNREADABLE = "document.unreadable"
    DECISION_MADE = "decision.made"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to an application; a newer build may have kinds of its own."""

    id: UUID
    at: datetime
    application_id: UUID
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
_COLUMNS = (event.c.id, event.c.at, event.c.application_id, event.c.kind, event.c.data)
SETTLED = text("event.xid < settled_xid()")
"""Only events that none can come before any more."""
ORDER = (event.c.xid, event.c.id)
_NEWS = (
    select(*_COLUMNS, event.c.xid)
    .where(
        event.c.client_id == param("client_id"),
        SETTLED,
        text("(event.xid, event.id) > (CAST(:xid AS xid8), :id)"),
    )
    .order_by(*ORDER)
    .limit(param("limit", Integer))
)
_FEED = compiled(_NEWS)
_FEED_OF_VISIBLE = compiled(
    _NEWS.where(
        text(
            "EXISTS (SELECT FROM application WHERE application.id = event.application_id"
            f" AND {VISIBLE})"
        )
    )
)
"""The feed of who cannot be shown every application: that of the others would tell of them."""
# By the index of events by application: others' events, of which there are many, are not looked at.
_FEED_OF_END_USER = compiled(
    text(f"""
WITH own AS MATERIALIZED (
    SELECT application.id FROM application
    WHERE application.client_id = :client_id AND {OF_END_USER} AND {VISIBLE}
)
SELECT event.id, event.at, event.application_id, event.kind, event.data, event.xid
FROM own JOIN event ON event.application_id = own.id
WHERE event.xid < settled_xid() AND (event.xid, event.id) > (CAST(:xid AS xid8), :id)
ORDER BY event.xid, event.id LIMIT :limit""")  # noqa: S608 - of constants
)


def emit(
    tx: Tx, client_id: UUID, application_id: UUID, kind: EventKind, data: Mapping[str, Any]
) -> None:
    """Say that this happened; told to nobody unless the unit of work commits."""
    tx.defer(_EVENT, new_id(), datetime.now(UTC), client_id, application_id, kind, dict(data))


async def list_events(db: Queryable, viewer: Viewer, request: CursorRequest) -> Page[Event]:
    """What happened to a client's applications, in order; `next` is always given, to go on with."""
    since = resume_position(request.after) if request.after else FIRST
    place: dict[str, Any] = {"xid": since.xid, "id": since.id, "limit": request.limit}
    feed = _FEED if viewer.visibility == Visibility.all() else _FEED_OF_VISIBLE
    if viewer.end_user is not None:
        feed = _FEED_OF_END_USER
    rows = await db.all(feed, **viewer.parameters(), **place)
    last = EventPosition(rows[-1]["xid"], rows[-1]["id"]) if rows else since
    return Page([_event(row) for row in rows], cursor(last))


def _event(row: asyncpg.Record) -> Event:
    return Event(
        id=row["id"],
        at=row["at"],
        application_id=row["application_id"],
        kind=row["kind"],
        data=row["data"],
    )
