"""PostgreSQL: connections lent as they are, lone reads, snapshots, and one unit of work.

Since connections are handed back as they are, no session state may be left behind: only `SET LOCAL`
and transaction-level locks.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
import orjson

from core.errors import InProgress, Unavailable
from core.pool import Connection, Pool
from core.query import Query
from core.readiness import SCHEMA_FAULTS, Readiness
from core.unit_of_work import LockHeld, Queryable, Tx

__all__ = [
    "BACKFILLS",
    "CONNECTION_LOST",
    "LOCK_TIMEOUT",
    "REQUIRES",
    "Database",
    "LockHeld",
    "Queryable",
    "Tx",
    "connected",
    "listen",
]

REQUIRES = (
    *("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008"),
    *("0010", "0011", "0012"),
)
"""The migrations without which this build cannot work; newer ones do not disturb it.

It brings one that it can do without: until 0009 is applied, irregular calls wait to be written.
"""

BACKFILLS: tuple[str, ...] = ()
"""The backfills without which this build would not find what older builds wrote."""

LOCK_TIMEOUT = "10s"
"""How long a statement waits for what another has locked."""

LOOK_SECONDS = 1.0
"""How often at most it is looked whether what is missing has come."""

PROBE_SECONDS = 5.0
"""How long a probe waits for the database to answer."""

APART = 2
"""Connections beside the pool's: for probes and the heart, which wait behind no request."""

T = TypeVar("T")

TRANSIENT = (
    asyncpg.InvalidCachedStatementError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.InternalServerError,  # what was prepared before a restore names what is gone
)
CONNECTION_LOST = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InvalidCatalogNameError,  # dropped, to be restored
    asyncpg.InternalClientError,  # the server has said goodbye and is just hanging up
)


class Database:
    """The one database of this instance, reached through a pool of connections.

    `apart` is the same database on connections that no request ever takes.
    """

    def __init__(self, pool: Pool, readiness: Readiness, apart: "Database | None" = None) -> None:
        self.pool = pool
        self.apart = apart or self
        self._readiness = readiness
        self._looking: asyncio.Task[tuple[str, ...]] | None = None
        self._next_look: asyncio.Task[tuple[str, ...]] | None = None

    async def one(self, query: Query, /, **params: Any) -> asyncpg.Record | None:
        """The first row of a lone read, outside any transaction."""
        arguments = query.arguments(params)
        return await self._lone(lambda c: c.fetchrow(query.sql, *arguments))

    async def all(self, query: Query, /, **params: Any) -> list[asyncpg.Record]:
        """Every row of a lone read, outside any transaction."""
        arguments = query.arguments(params)
        return await self._lone(lambda c: c.fetch(query.sql, *arguments))

    async def _lone(self, read: Callable[[Connection], Awaitable[T]]) -> T:
        """Run a read that may be repeated: once more after a broken connection or stale plan."""
        try:
            try:
                async with self.pool.lease() as connection:
                    return await read(connection)
            except (*CONNECTION_LOST, *TRANSIENT) as problem:
                if isinstance(problem, asyncpg.InternalServerError):
                    self.pool.drop()
            async with self.pool.lease() as connection:
                return await read(connection)
        except (*CONNECTION_LOST, *SCHEMA_FAULTS) as problem:
            raise await self._explained(problem) from None

    async def write(self, work: Callable[[Tx], Awaitable[T]], lock: int | None = None) -> T:
        """Run a unit of work and commit it; a transient refusal runs all of it once more.

        With an advisory lock, at most one unit at a time does the work; raises LockHeld elsewhere.
        """
        try:
            try:
                return await self._unit(work, "BEGIN", lock)
            except TRANSIENT:
                return await self._unit(work, "BEGIN", lock)
        except asyncpg.LockNotAvailableError as problem:
            raise InProgress from problem
        except (*CONNECTION_LOST, *SCHEMA_FAULTS) as problem:
            raise await self._explained(problem) from None

    async def snapshot(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run several reads that all see the same moment."""
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        try:
            try:
                return await self._unit(work, begin)
            except (*CONNECTION_LOST, *TRANSIENT):
                return await self._unit(work, begin)
        except (*CONNECTION_LOST, *SCHEMA_FAULTS) as problem:
            raise await self._explained(problem) from None

    async def _unit(
        self, work: Callable[[Tx], Awaitable[T]], begin: str, lock: int | None = None
    ) -> T:
        async with self.pool.lease() as connection:
            tx = Tx(connection, begin, lock)
            try:
                result = await work(tx)
                await tx.commit()
            except BaseException as problem:
                await tx.rollback()
                if isinstance(problem, asyncpg.InternalServerError):
                    self.pool.drop()
                raise
            return result

    async def _explained(self, problem: Exception) -> Exception:
        """What to raise for a problem: the database is away, or lacks something, or it is ours."""
        if isinstance(problem, CONNECTION_LOST):
            return _unreachable()
        if missing := await self.look():
            return self._readiness.refusal(missing)
        return problem

    @property
    def requires(self) -> tuple[str, ...]:
        """The revisions that this build needs."""
        return self._readiness.requires

    async def look(self) -> tuple[str, ...]:
        """The revisions and backfills that this build needs and the database lacks now.

        However many ask at once, at most two look: one that has begun, and one for those after.
        """
        if self._next_look is None:
            self._next_look = asyncio.create_task(self._look_after(self._looking))
            self._next_look.add_done_callback(_heed)  # all who asked may have gone
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                return await asyncio.shield(self._next_look)
        except CONNECTION_LOST as problem:  # a TimeoutError is one
            raise _unreachable() from problem

    async def _look_after(self, looking: asyncio.Task[Any] | None) -> tuple[str, ...]:
        if looking is not None:
            await asyncio.wait([looking])
        self._looking, self._next_look = self._next_look, None
        pool = self.pool if self._readiness.missing is None else self.apart.pool
        async with pool.lease() as connection, asyncio.timeout(PROBE_SECONDS):
            return await self._readiness.look(connection)

    async def missing(self) -> tuple[str, ...]:
        """What the database lacks; where it lacked something, that is looked up every second."""
        known = self._readiness.missing
        if known is None:
            return await self.look()
        if known and time.monotonic() - self._readiness.looked_at >= LOOK_SECONDS:
            return await self.look()
        return known

    async def require_answer(self) -> None:
        """Raise Unavailable unless the database answers and lacks nothing; for probes.

        It looks on a connection of its own, so that it waits behind no request.
        """
        if missing := await self.look():
            raise self._readiness.refusal(missing)

    async def require_revisions(self) -> None:
        """Raise Unavailable, naming each revision or backfill that the database still lacks."""
        if self._readiness.missing == ():
            return
        if missing := await self.missing():
            raise self._readiness.refusal(missing)


def _heed(look: asyncio.Task[Any]) -> None:
    if not look.cancelled():
        look.exception()


def _unreachable() -> Unavailable:
    return Unavailable("The database is not reachable; try again soon.")


@asynccontextmanager
async def connected(
    url: str,
    connections: int = 8,
    name: str = "beleg/unnamed",
    requires: tuple[str, ...] = REQUIRES,
    backfills: tuple[str, ...] = BACKFILLS,
) -> AsyncIterator[Database]:
    """A database for as long as the block lasts; it may be away at first and come back later."""

    def renew() -> None:
        pool.drop()
        apart.drop()

    readiness = Readiness(requires, backfills, renew)

    async def connect() -> Connection:
        connection = await asyncpg.connect(
            url,
            timeout=10,
            command_timeout=60,
            max_cached_statement_lifetime=0,
            statement_cache_size=500,
            server_settings={
                "application_name": name,
                "jit": "off",
                "lock_timeout": LOCK_TIMEOUT,
                "idle_in_transaction_session_timeout": "60s",
                "timezone": "UTC",
                "datestyle": "ISO",
            },
        )
        try:
            await _prepare(connection)
            await readiness.look(connection)
        except BaseException:
            connection.terminate()
            raise
        return connection

    pool, apart = Pool(connect, connections), Pool(connect, APART)
    try:
        yield Database(pool, readiness, Database(apart, readiness))
    finally:
        await apart.close()
        await pool.close()


async def _prepare(connection: Connection) -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: b"\x01" + orjson.dumps(value),
        decoder=lambda raw: orjson.loads(raw[1:]),
        format="binary",
    )


def _setting(event: asyncio.Event) -> Callable[[Any], None]:
    return lambda _: event.set()


async def listen(url: str, channel: str, callback: Callable[[], None]) -> None:
    """Call `callback` at every notification, and whenever some may have been missed, for ever."""
    while True:
        try:
            connection = await asyncpg.connect(url, timeout=10)
            try:
                lost = asyncio.Event()
                connection.add_termination_listener(_setting(lost))
                await connection.add_listener(channel, lambda *_: callback())
                callback()
                await lost.wait()
            finally:
                await connection.close(timeout=1)
        except CONNECTION_LOST:
            await asyncio.sleep(1)
        callback()
