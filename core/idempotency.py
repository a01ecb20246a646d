"""One key, one answer: a retried request gets the stored answer, byte for byte.

The key's row leaves with the other writes of its unit of work, so after a crash there is either
both or neither. A twin that comes while the first is in flight waits on the row's unique index
(for at most the connection's lock timeout) and then replays.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
from sqlalchemy import Column, DateTime, Integer, LargeBinary, Table, Text, Uuid, delete, select
from sqlalchemy.dialects.postgresql import JSONB

from core.db import Database, Tx
from core.errors import Refused
from core.query import Deferred, compiled, metadata, param

RETENTION = timedelta(hours=24)


class KeyReused(Refused):
    """The key was used before, for another request or on another version."""

    code = "idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """What makes a request the same request: whose, which key, on which version, saying what."""

    client_id: UUID
    key: str
    version: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """An answer as it was first given; `replayed` when it was given before."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    replayed: bool = False


idempotency_key = Table(
    "idempotency_key",
    metadata,
    Column("client_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("version", Text),
    Column("fingerprint", LargeBinary),
    Column("status", Integer),
    Column("headers", JSONB),
    Column("body", LargeBinary),
    Column("created_at", DateTime(timezone=True)),
)
_MINE = (
    idempotency_key.c.client_id == param("client_id"),
    idempotency_key.c.key == param("key"),
)
_CLAIM = Deferred(idempotency_key, *(column.name for column in idempotency_key.c))
_FIND = compiled(
    select(
        idempotency_key.c.version,
        idempotency_key.c.fingerprint,
        idempotency_key.c.status,
        idempotency_key.c.headers,
        idempotency_key.c.body,
    ).where(*_MINE, idempotency_key.c.created_at > param("since"))
)
_DELETE_EXPIRED = compiled(
    delete(idempotency_key).where(*_MINE, idempotency_key.c.created_at <= param("since"))
)
_SWEEP = compiled(delete(idempotency_key).where(idempotency_key.c.created_at <= param("since")))


async def once(
    db: Database, key: IdempotencyKey, work: Callable[[Tx], Awaitable[StoredResponse]]
) -> StoredResponse:
    """Do the work and keep its answer under the key, or give the answer that is kept there."""

    async def work_and_store(tx: Tx) -> StoredResponse:
        answer = await work(tx)
        tx.defer(
            _CLAIM,
            key.client_id,
            key.key,
            key.version,
            key.fingerprint,
            answer.status,
            answer.headers,
            answer.body,
            datetime.now(UTC),
        )
        return answer

    try:
        return await db.write(work_and_store)
    except asyncpg.UniqueViolationError as violation:
        if violation.constraint_name != "idempotency_key_pkey":
            raise
    except Refused:
        # What was done under this key may itself be why it is refused now.
        if (stored := await _find(db, key)) is not None:
            return stored
        raise
    if (stored := await _find(db, key)) is not None:
        return stored
    return await _after_expiry(db, key, work_and_store)


async def sweep(tx: Tx) -> int:
    """Forget the answers that were kept long enough; how many."""
    return await tx.run(_SWEEP, since=datetime.now(UTC) - RETENTION)


async def _find(db: Database, key: IdempotencyKey) -> StoredResponse | None:
    row = await db.one(
        _FIND, client_id=key.client_id, key=key.key, since=datetime.now(UTC) - RETENTION
    )
    if row is None:
        return None
    if row["version"] != key.version:
        raise KeyReused("This Idempotency-Key was used on another version; use a new one.")
    if row["fingerprint"] != key.fingerprint:
        raise KeyReused("This Idempotency-Key was used for another request; use a new one.")
    headers = tuple((name, value) for name, value in row["headers"])
    return StoredResponse(row["status"], headers, row["body"], replayed=True)


async def _after_expiry(
    db: Database, key: IdempotencyKey, work_and_store: Callable[[Tx], Awaitable[StoredResponse]]
) -> StoredResponse:
    async def work(tx: Tx) -> StoredResponse:
        since = datetime.now(UTC) - RETENTION
        await tx.run(_DELETE_EXPIRED, client_id=key.client_id, key=key.key, since=since)
        return await work_and_store(tx)

    return await db.write(work)
