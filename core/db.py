"""PostgreSQL: connections lent as they are, lone reads, snapshots, and one unit of work.

Since connections are handed back as they are, no session state may be left behind: only `SET LOCAL`
and transaction-level locks.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

import asyncpg
import structlog
from sqlalchemy import Column, Table, Text

from core.errors import InProgress, Unavailable
from core.pool import Connection, Pool
from core.query import Deferred, Query, metadata, together

REQUIRES = (
    *("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008"),
    *("0010", "0011", "0012"),
)
"""The migrations without which this build cannot work; newer ones do not disturb it.

It brings one that it can do without: until 0009 is applied, irregular calls wait to be written.
"""

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

REFUSED_FOR_NOW = (
    asyncpg.ReadOnlySQLTransactionError,  # a standby, or a server that was told to take no writes
    asyncpg.InsufficientResourcesError,  # its disk or memory is full
    asyncpg.PostgresIOError,
)
"""What a server answers that takes no writes just now, though it can be reached."""
NOT_NOW = (*CONNECTION_LOST, *REFUSED_FOR_NOW)
WRITABLE = (
    "SELECT WHERE NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'"
)
WRITABLE_SECONDS = 5.0
"""How long a server may take to say whether it takes writes; then it counts as not ready."""
TOLD_SECONDS = 1.0  # the like of one reason is logged so often at most

applied_revision = Table("applied_revision", metadata, Column("revision", Text, primary_key=True))


log = structlog.get_logger()


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


def reason_of(problem: BaseException) -> str:
    """Why, in the problem's own words; without a server's details, which quote what was sent."""
    if isinstance(problem, asyncpg.PostgresError):
        return str(problem.args[0]) if problem.args else ""
    return str(problem)


class Database:
    """The one database of this instance, reached through a pool of connections."""

    def __init__(self, pool: Pool, requires: tuple[str, ...] = REQUIRES) -> None:
        self.pool = pool
        self._requires = requires
        self._missing: tuple[str, ...] | None = None
        self._looked = 0.0
        self._refused: tuple[float, str] = (0.0, "")  # until when, and why no writes are taken
        self._told: dict[str, float] = {}

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
        except NOT_NOW as problem:
            raise self._unavailable(problem) from problem

    async def write(self, work: Callable[[Tx], Awaitable[T]], lock: int | None = None) -> T:
        """Run a unit of work and commit it; a transient refusal runs all of it once more.

        With an advisory lock, at most one unit at a time does the work; raises LockHeld elsewhere.
        """
        try:
            try:
                result = await self._unit(work, "BEGIN", lock)
            except TRANSIENT:
                result = await self._unit(work, "BEGIN", lock)
        except asyncpg.LockNotAvailableError as problem:
            raise InProgress from problem
        except NOT_NOW as problem:
            raise self._unavailable(problem) from problem
        self._refused = (0.0, "")
        return result

    async def snapshot(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run several reads that all see the same moment."""
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        try:
            try:
                return await self._unit(work, begin)
            except (*CONNECTION_LOST, *TRANSIENT):
                return await self._unit(work, begin)
        except NOT_NOW as problem:
            raise self._unavailable(problem) from problem

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
        except NOT_NOW as problem:
            raise self._unavailable(problem) from problem
        self._missing = tuple(each for each in self._requires if each not in applied)
        return self._missing

    async def ping(self) -> None:
        """Raise Unavailable unless the database answers."""
        await self._lone(lambda c: c.execute("SELECT 1"))

    async def require_writable(self) -> None:
        """Raise Unavailable unless the server answers soon and takes writes."""
        try:
            async with asyncio.timeout(WRITABLE_SECONDS):
                taken = await self._lone(lambda c: c.execute(WRITABLE)) == "SELECT 1"
        except TimeoutError as problem:
            raise self._unavailable(problem) from problem
        if not taken:
            self.pool.drop()
            raise Unavailable("The database takes no writes just now.")
        until, reason = self._refused
        if time.monotonic() < until:
            raise Unavailable(reason)

    def _unavailable(self, problem: BaseException) -> Unavailable:
        """What callers are told; the log gets the reason."""
        kind, now = type(problem).__name__, time.monotonic()
        if now - self._told.get(kind, 0.0) >= TOLD_SECONDS:
            self._told[kind] = now
            state = getattr(problem, "sqlstate", None)
            reason = reason_of(problem)
            log.warning("database_unavailable", problem=kind, reason=reason, sqlstate=state)
        if not isinstance(problem, REFUSED_FOR_NOW):
            return Unavailable("The database is not reachable; try again soon.")
        if isinstance(problem, asyncpg.ReadOnlySQLTransactionError):
            self.pool.drop()  # another server may be the one to write to by now
        detail = "The database takes no writes just now; try again soon."
        self._refused = (now + WRITABLE_SECONDS, detail)
        return Unavailable(detail)

    async def require_revisions(self) -> None:
        """Raise Unavailable, naming each revision that the database still lacks."""
        if self._missing == ():
            return
        if missing := await self.missing():
            raise Unavailable(
                f"The database lacks revision {', '.join(missing)}: run the migrations.",
                code="not_migrated",
            )
