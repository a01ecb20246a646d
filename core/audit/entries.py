"""Who acts, and what is noted of what was done, with the work itself."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from sqlalchemy import BigInteger, Column, DateTime, Integer, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from core.db import Queryable, Tx
from core.ids import new_id
from core.query import Deferred, compiled, metadata, param


class EndUser(NamedTuple):
    """A person who signed in to a client's app: the OpenID provider's `iss` and `sub`."""

    issuer: str
    subject: str

    @property
    def mark(self) -> str:
        """Another word for every person, which names nobody."""
        return hashlib.sha256(f"{self.issuer}\0{self.subject}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: `client`, `person`, `operator` or `system`, and which one.

    `name` is of those that have no id: an operator's own, and the host's where he works. A client
    acts for the `end_user` of its app who has signed in, where there is one.
    """

    kind: str
    id: UUID | None
    name: str | None = None
    end_user: EndUser | None = None


SYSTEM = Actor("system", None)
NO_RECORD = UUID(int=0)
"""What an action on no record of its own, such as a version's retirement, is noted against."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that was done, as it stands in the log."""

    at: datetime
    actor_kind: str
    actor_id: UUID | None
    action: str
    detail: dict[str, Any]


audit_entry = Table(
    "audit_entry",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("xid", BigInteger),
    Column("at", DateTime(timezone=True)),
    Column("actor_kind", Text),
    Column("actor_id", Uuid),
    Column("action", Text),
    Column("subject", Text),
    Column("subject_id", Uuid),
    Column("detail", JSONB),
)
_ENTRY = Deferred(
    audit_entry, "id", "at", "actor_kind", "actor_id", "action", "subject", "subject_id", "detail"
)
COLUMNS = [column for column in audit_entry.c if column.name != "xid"]
_OF_SUBJECT = compiled(
    select(*COLUMNS)
    .where(audit_entry.c.subject_id == param("subject_id"))
    .order_by(audit_entry.c.id)
)
_LATEST_OF_SUBJECT = compiled(
    select(*COLUMNS)
    .where(audit_entry.c.subject_id == param("subject_id"))
    .order_by(audit_entry.c.id.desc())
    .limit(param("limit", Integer))
)


def record(
    tx: Tx, actor: Actor, action: str, subject: str, subject_id: UUID, detail: Mapping[str, Any]
) -> None:
    """Note that the actor did this to the record; written with the work itself."""
    now, said = datetime.now(UTC), dict(detail)
    if actor.name is not None:
        said["by"] = actor.name
    if actor.end_user is not None:
        said["end_user"] = actor.end_user._asdict()
    tx.defer(_ENTRY, new_id(), now, actor.kind, actor.id, action, subject, subject_id, said)


async def history(db: Queryable, subject_id: UUID) -> list[AuditEntry]:
    """What was done to a record, oldest first."""
    return _entries(await db.all(_OF_SUBJECT, subject_id=subject_id))


async def latest(db: Queryable, subject_id: UUID, limit: int) -> list[AuditEntry]:
    """What was done to a record last, oldest first."""
    return _entries(await db.all(_LATEST_OF_SUBJECT, subject_id=subject_id, limit=limit))[::-1]


def _entries(rows: Sequence[asyncpg.Record]) -> list[AuditEntry]:
    return [
        AuditEntry(
            at=row["at"],
            actor_kind=row["actor_kind"],
            actor_id=row["actor_id"],
            action=row["action"],
            detail=row["detail"],
        )
        for row in rows
    ]
