"""One key, one answer: a retried request gets the stored answer, byte for byte.

The key's row leaves with the other writes of its unit of work, so after a crash there is either
both or neither. A twin that comes while the first is in flight waits for it, without a connection,
and then replays: in the same process for its end, elsewhere it looks now and then whether the
advisory lock of the key is free. The row's unique index is the last guard, also against a build
that takes no such lock.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5
from zlib import crc32

import asyncpg
from sqlalchemy import Column, DateTime, Integer, LargeBinary, Table, Text, Uuid, delete, select
from sqlalchemy.dialects.postgresql import JSONB

from core.db import Database, LockHeld, Tx
from core.errors import InProgress, Refused
from core.query import Deferred, compiled, metadata, param
from core.vault import NO_VAULT, Vault

RETENTION = timedelta(hours=24)
PATIENCE_SECONDS = 10.0
"""How long a twin waits for its first."""
FIRST_PAUSE, LONGEST_PAUSE = 0.005, 0.2  # seconds between looks at a first in another process


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

    @property
    def lock(self) -> int:
        """The advisory lock of whoever works on this key; two that share one only take turns."""
        return crc32(self.key.encode()) << 31 ^ self.client_id.int & (1 << 63) - 1

    @property
    def place(self) -> UUID:
        """Where its answer lies; what is sealed there opens nowhere else."""
        return uuid5(self.client_id, self.key)


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """An answer as it was first given; `replayed` when it was given before."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    replayed: bool = False
    secret: bool = False
    """Whether the body holds a secret, and is kept sealed."""


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


class KeysInFlight:
    """The keys that this process works on, so that twins take turns without a connection."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[UUID, str], deque[asyncio.Future[None]]] = {}

    async def enter(self, key: IdempotencyKey, deadline: float) -> bool:
        """Begin to work on a key, alone in this process; whether others had to end before."""
        which = key.client_id, key.key
        waiting = self._waiting.get(which)
        if waiting is None:
            self._waiting[which] = deque()
            return False
        turn = asyncio.get_running_loop().create_future()
        waiting.append(turn)
        try:
            async with asyncio.timeout(deadline - time.monotonic()):
                await turn
        except (asyncio.CancelledError, TimeoutError) as problem:
            if not turn.cancelled():  # its turn came at the very moment it gave up
                self.leave(key)
            if isinstance(problem, TimeoutError):
                raise InProgress from None
            raise
        return True

    def leave(self, key: IdempotencyKey) -> None:
        """End it, and let begin whoever has waited longest."""
        which = key.client_id, key.key
        waiting = self._waiting[which]
        while waiting:
            turn = waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        del self._waiting[which]


Work = Callable[[Tx], Awaitable[StoredResponse]]


async def once(
    db: Database,
    keys_in_flight: KeysInFlight,
    key: IdempotencyKey,
    work: Work,
    vault: Vault = NO_VAULT,
) -> StoredResponse:
    """Do the work and keep its answer under the key, or give the answer that is kept there."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    others = await keys_in_flight.enter(key, deadline)
    try:
        if others and (stored := await _find(db, key)) is not None:
            return _opened(stored, key, vault)
        return _opened(await _alone_here(db, key, _storing(key, work, vault), deadline), key, vault)
    finally:
        keys_in_flight.leave(key)


async def _alone_here(
    db: Database, key: IdempotencyKey, work_and_store: Work, deadline: float
) -> StoredResponse:
    """Do the work, or wait for the other process that does it, holding no connection meanwhile."""
    pause = FIRST_PAUSE
    while True:
        try:
            return await _do(db, key, work_and_store)
        except LockHeld:
            left = deadline - time.monotonic()
            if left <= 0:
                raise InProgress from None
        await asyncio.sleep(min(pause, left))
        pause = min(2 * pause, LONGEST_PAUSE)
        if (stored := await _find(db, key)) is not None:
            return stored


async def _do(db: Database, key: IdempotencyKey, work_and_store: Work) -> StoredResponse:
    try:
        return await db.write(work_and_store, key.lock)
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


def _opened(stored: StoredResponse, key: IdempotencyKey, vault: Vault) -> StoredResponse:
    """An answer with its body as it was first given."""
    return replace(stored, body=vault.open(stored.body, key.place)) if stored.replayed else stored


def _storing(key: IdempotencyKey, work: Work, vault: Vault) -> Work:
    async def work_and_store(tx: Tx) -> StoredResponse:
        answer = await work(tx)
        body = await vault.seal(tx, answer.body, key.place) if answer.secret else answer.body
        tx.defer(
            _CLAIM,
            key.client_id,
            key.key,
            key.version,
            key.fingerprint,
            answer.status,
            answer.headers,
            body,
            datetime.now(UTC),
        )
        return answer

    return work_and_store


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


async def _after_expiry(db: Database, key: IdempotencyKey, work_and_store: Work) -> StoredResponse:
    async def work(tx: Tx) -> StoredResponse:
        since = datetime.now(UTC) - RETENTION
        await tx.run(_DELETE_EXPIRED, client_id=key.client_id, key=key.key, since=since)
        return await work_and_store(tx)

    return await db.write(work, key.lock)
