"""Who did what to which record: append-only, and chained by hash in the order of commits.

Entries are written by the unit of work that does the thing. A single sealer in the worker chains
them afterwards (a chain inside the transaction would queue every writer). Entries that were
committed before a seal are sealed before it: an entry is sealed only once every transaction that
began earlier has ended.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    LargeBinary,
    Table,
    Text,
    Uuid,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from core.db import Database, Queryable, Tx
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

    A client acts for the `end_user` of its app who has signed in, where there is one.
    """

    kind: str
    id: UUID | None
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


@dataclass(frozen=True, slots=True)
class ChainVerification:
    """What a check of the chain found: entries sealed and not yet sealed, the first bad seal."""

    sealed: int
    unsealed: int
    broken_at: int | None


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
audit_seal = Table(
    "audit_seal",
    metadata,
    Column("number", BigInteger, primary_key=True),
    Column("entry_id", Uuid),
    Column("hash", LargeBinary),
)

_ENTRY = Deferred(
    audit_entry, "id", "at", "actor_kind", "actor_id", "action", "subject", "subject_id", "detail"
)
_COLUMNS = [column for column in audit_entry.c if column.name != "xid"]
_OF_SUBJECT = compiled(
    select(*_COLUMNS)
    .where(audit_entry.c.subject_id == param("subject_id"))
    .order_by(audit_entry.c.id)
)
_LOCK = compiled(select(func.pg_advisory_xact_lock(text("hashtext('audit_seal')"))))
_LAST = compiled(
    select(audit_seal.c.number, audit_seal.c.hash, text("audit_entry.xid"), audit_entry.c.id)
    .join(audit_entry, audit_entry.c.id == audit_seal.c.entry_id)
    .order_by(audit_seal.c.number.desc())
    .limit(1)
)
_SETTLED = text("audit_entry.xid < settled_xid()")
_ORDER = (text("audit_entry.xid"), audit_entry.c.id)
_FIRST_UNSEALED = compiled(select(*_COLUMNS).where(_SETTLED).order_by(*_ORDER).limit(1000))
_NEXT_UNSEALED = compiled(
    select(*_COLUMNS)
    .where(_SETTLED, text("(audit_entry.xid, audit_entry.id) > (CAST(:xid AS xid8), :id)"))
    .order_by(*_ORDER)
    .limit(1000)
)
_CHAIN = compiled(
    select(audit_seal.c.number, audit_seal.c.hash, audit_seal.c.entry_id, *_COLUMNS[1:])
    .outerjoin(audit_entry, audit_entry.c.id == audit_seal.c.entry_id)
    .where(audit_seal.c.number > param("after"))
    .order_by(audit_seal.c.number)
    .limit(1000)
)
_TAIL = compiled(
    select(func.count())
    .select_from(audit_entry)
    .where(~select(audit_seal.c.number).where(audit_seal.c.entry_id == audit_entry.c.id).exists())
)


def record(
    tx: Tx, actor: Actor, action: str, subject: str, subject_id: UUID, detail: Mapping[str, Any]
) -> None:
    """Note that the actor did this to the record; written with the work itself."""
    now, noted = datetime.now(UTC), dict(detail)
    if actor.end_user is not None:
        noted["end_user"] = actor.end_user._asdict()
    tx.defer(_ENTRY, new_id(), now, actor.kind, actor.id, action, subject, subject_id, noted)


async def history(db: Queryable, subject_id: UUID) -> list[AuditEntry]:
    """What was done to a record, oldest first."""
    rows = await db.all(_OF_SUBJECT, subject_id=subject_id)
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


async def seal(tx: Tx) -> int:
    """Chain what has been committed since the last seal; how many entries that were."""
    await tx.one(_LOCK)
    last = await tx.one(_LAST)
    if last:
        number, chain = last["number"], last["hash"]
        rows = await tx.all(_NEXT_UNSEALED, xid=last["xid"], id=last["id"])
    else:
        number, chain = 0, b""
        rows = await tx.all(_FIRST_UNSEALED)
    seals = []
    for row in rows:
        number, chain = number + 1, _link(chain, row, row["id"])
        seals.append((number, row["id"], chain))
    if seals:
        await tx.copy(audit_seal, ("number", "entry_id", "hash"), seals)
    return len(seals)


async def verify(db: Database) -> ChainVerification:
    """Walk the whole chain and say where, if anywhere, it does not hold."""

    async def walk(tx: Tx) -> ChainVerification:
        number, chain = 0, b""
        while rows := await tx.all(_CHAIN, after=number):
            for row in rows:
                chain = _link(chain, row, row["entry_id"])
                if row["number"] != number + 1 or row["at"] is None or chain != row["hash"]:
                    return ChainVerification(number, 0, row["number"])
                number += 1
        tail = await tx.one(_TAIL)
        return ChainVerification(number, tail["count_1"] if tail else 0, None)

    return await db.snapshot(walk)


def _link(before: bytes, row: asyncpg.Record, entry_id: UUID) -> bytes:
    fields = [
        entry_id,
        row["at"],
        row["actor_kind"],
        row["actor_id"],
        row["action"],
        row["subject"],
        row["subject_id"],
        row["detail"],
    ]
    serialised = orjson.dumps(fields, default=str, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(before + serialised).digest()
