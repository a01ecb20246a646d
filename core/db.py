"""PostgreSQL: connections lent as they are, lone reads, snapshots, and one unit of work.

Since connections are handed back as they are, no session state may be left behind: only `SET LOCAL`
and transaction-level locks.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar

import asyncpg
import orjson
from sqlalchemy import Column, Table, Text

from core.errors import InProgress, Unavailable
from core.pool import Connection, Pool
from core.query import Deferred, Query, metadata, together

REQUIRES = (
    *("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008"),
    *("0010", "0011", "0012", "0013", "0014", "0015"),
)
"""The migrations without which this build cannot work; newer ones do not disturb it.

It brings two that it can do without: until 0009 is applied, irregular calls wait to be written, and
until 0016 is, the inbox counts from whole rows.
"""

BACKFILLS = ("0013_transaction_count", "0014_iso_parts", "0015_declared_lender_names")
"""The backfills without which this build would not find what older builds wrote."""

LOCK_TIMEOUT = "10s"
"""How long a statement waits for what another has locked."""

T = TypeVar("T")

TRANSIENT = (
    asyncpg.InvalidCachedStatementError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
)
CONNECTION_LOST = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InternalClientError,  # the server has said goodbye and is just hanging up
)

applied_revision = Table("applied_revision", metadata, Column("revision", Text, primary_key=True))


class Queryable(Protocol):
    """What can answer a query: the database itself, a snapshot, or a unit of work."""

    async def one(self, query: Query, /, **params: Any) -> asyncpg.Record | None:
        """The first row, or None."""

    async def all(self, query: Query, /, **params: Any) -> list[asyncpg.Record]:
        """Every row."""


class LockHeld(Exception):
    """Somebody else holds the lock without which a unit of work may not be done."""


class Tx:
    """A unit of work. It begins with its first statement and ends with everything or nothing.

    Rows given to `defer` leave in one statement at the end; a unit that did nothing else is that
    one statement, whole by itself, and costs a single round trip. A lock, which is waited for never
    and held until the end, is taken with the first statement and costs none.
    """

    def __init__(
        self, connection: Connection, begin: str = "BEGIN", lock: int | None = None
    ) -> None:
        self._connection = connection
        self._begin = begin
        self._lock = lock
        self._begun = False
        self._waiting: dict[Deferred, list[Any]] = {}
        self._rows: dict[Deferred, int] = {}

    async def _ready(self) -> Connection:
        self._require_connection()
        if not self._begun:
            await self._start()
        return self._connection

    async def _start(self) -> None:
        if self._lock is None:
            await self._connection.execute(self._begin)
            self._begun = True
            return
        take = f"SELECT WHERE pg_try_advisory_xact_lock({self._lock:d})"
        taken = await self._connection.execute(f"{self._begin}; {take}")
        self._begun = True
        if taken != "SELECT 1":
            raise LockHeld

    async def one(self, query: Query, /, **params: Any) -> asyncpg.Record | None:
        """The first row, or None."""
        return await (await self._ready()).fetchrow(query.sql, *query.arguments(params))

    async def all(self, query: Query, /, **params: Any) -> list[asyncpg.Record]:
        """Every row."""
        return await (await self._ready()).fetch(query.sql, *query.arguments(params))

    async def run(self, query: Query, /, **params: Any) -> int:
        """Run a statement; how many rows it touched."""
        status = await (await self._ready()).execute(query.sql, *query.arguments(params))
        return int(status.rsplit(" ", 1)[-1])

    async def copy(
        self, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
    ) -> None:
        """Insert many rows by COPY."""
        await (await self._ready()).copy_records_to_table(
            table.name, columns=list(columns), records=rows
        )

    def defer(self, kind: Deferred, *values: Any) -> None:
        """Insert this row just before the unit of work ends."""
        self._waiting.setdefault(kind, []).extend(values)
        self._rows[kind] = self._rows.get(kind, 0) + 1

    async def commit(self) -> None:
        """Write what waits, then commit."""
        self._require_connection()
        if self._waiting:
            shape = tuple(self._rows.items())
            rows = [value for kind, _ in shape for value in self._waiting[kind]]
            if self._lock is None or self._begun:
                await self._connection.execute(together(shape), *rows)
            else:
                lone = together(shape, locked=True)
                if (await self._connection.execute(lone, self._lock, *rows)).endswith(" 0"):
                    raise LockHeld
        if self._begun:
            await self._connection.execute("COMMIT")
            self._begun = False

    async def rollback(self) -> None:
        """Undo everything; what still waits is never written."""
        if self._begun and not self._connection.is_closed():
            await self._connection.execute("ROLLBACK")

    def _require_connection(self) -> None:
        if self._connection.is_closed():
            raise asyncpg.ConnectionDoesNotExistError("the connection was lost")


class Database:
    """The one database of this instance, reached through a pool of connections."""

    def __init__(self, pool: Pool, requires: tuple[str, ...] = REQUIRES) -> None:
        self.pool = pool
        self._requires = requires
        self._missing: tuple[str, ...] | None = None
        self._looked = 0.0

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
            async with self.pool.lease() as connection:
                return await read(connection)
        except (*CONNECTION_LOST, *TRANSIENT):
            pass
        try:
            async with self.pool.lease() as connection:
                return await read(connection)
        except CONNECTION_LOST as problem:
            raise Unavailable("The database is not reachable; try again soon.") from problem

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
        except CONNECTION_LOST as problem:
            raise Unavailable("The database is not reachable; try again soon.") from problem

    async def snapshot(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run several reads that all see the same moment."""
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        try:
            try:
                return await self._unit(work, begin)
            except (*CONNECTION_LOST, *TRANSIENT):
                return await self._unit(work, begin)
        except CONNECTION_LOST as problem:
            raise Unavailable("The database is not reachable; try again soon.") from problem

    async def _unit(
        self, work: Callable[[Tx], Awaitable[T]], begin: str, lock: int | None = None
    ) -> T:
        async with self.pool.lease() as connection:
            tx = Tx(connection, begin, lock)
            try:
                result = await work(tx)
                await tx.commit()
            except BaseException:
                await tx.rollback()
                raise
            return result

    async def missing(self) -> tuple[str, ...]:
        """The revisions this build needs and the database lacks; looked up until none is left."""
        if self._missing == () or (self._missing and time.monotonic() - self._looked < 1):
            return self._missing
        self._looked = time.monotonic()
        try:
            async with self.pool.lease() as connection:
                rows = await connection.fetch("SELECT revision FROM applied_revision")
            applied = {row["revision"] for row in rows}
        except asyncpg.UndefinedTableError:
            applied = set()
        except CONNECTION_LOST as problem:
            raise Unavailable("The database is not reachable; try again soon.") from problem
        self._missing = tuple(each for each in self._requires if each not in applied)
        return self._missing

    async def ping(self) -> None:
        """Raise Unavailable unless the database answers."""
        await self._lone(lambda c: c.execute("SELECT 1"))

    async def require_revisions(self) -> None:
        """Raise Unavailable, naming each revision that the database still lacks."""
        if self._missing == ():
            return
        if missing := await self.missing():
            raise Unavailable(
                f"The database lacks revision {', '.join(missing)}: run the migrations.",
                code="not_migrated",
            )


@asynccontextmanager
async def connected(
    url: str, connections: int = 8, name: str = "beleg", requires: tuple[str, ...] = REQUIRES
) -> AsyncIterator[Database]:
    """A database for as long as the block lasts; it may be away at first and come back later."""

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
        except BaseException:
            connection.terminate()
            raise
        return connection

    pool = Pool(connect, connections)
    try:
        yield Database(pool, requires)
    finally:
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
