"""PostgreSQL: connections lent as they are, lone reads, snapshots, and one unit of work.

Since connections are handed back as they are, no session state may be left behind: only `SET LOCAL`
and transaction-level locks.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, TypeVar

import asyncpg
import structlog

from core import database_problems
from core.database_problems import CONNECTION_LOST, NOT_NOW, REFUSED_FOR_NOW, TRANSIENT, reason_of
from core.errors import InProgress, Unavailable
from core.pool import Connection, Pool
from core.query import Query
from core.readiness import SCHEMA_FAULTS, Readiness
from core.restores import is_restored
from core.row_turns import RowHeld, RowTurns
from core.unit_of_work import LockHeld, Queryable, Tx
from core.vocabulary import WORDS_REVISION, Vocabulary

__all__ = [
    "BACKFILLS",
    "CONNECTION_LOST",
    "LOCK_TIMEOUT",
    "NOT_NOW",
    "REFUSED_FOR_NOW",
    "REQUIRES",
    "Database",
    "LockHeld",
    "Queryable",
    "RowHeld",
    "Tx",
    "reason_of",
]

REQUIRES = (
    *("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008"),
    *("0010", "0011", "0012", "0013", "0014", "0015", "0022"),
    *("0026", "0027", "0029", "0030", "0032", "0033"),
)
"""The migrations without which this build cannot work; newer ones do not disturb it.

It brings some that it can do without: until 0009 is applied, irregular calls wait to be written,
until 0016 is, the inbox counts from whole rows, until 0020 is, no release can be begun, until 0021
is, nobody knows which build wrote a row, so that a release tells no outcomes, until 0024 is, a
worker looks at all jobs that wait to tell whose turn it is, and until 0031 is, a person's list of
applications is found among all of the client's.
"""

BACKFILLS = (
    "0006_test_clients",
    "0013_transaction_count",
    "0014_iso_parts",
    "0015_declared_lender_names",
)
"""The backfills without which this build would not find what older builds wrote."""

LOCK_TIMEOUT = "10s"
"""How long a statement waits for what another has locked."""

LOCK_SECONDS = 10.0
"""How long a unit of work waits for a row that another changes, without a connection."""

LOOK_SECONDS = 1.0
"""How often at most it is looked whether what is missing has come."""

PROBE_SECONDS = 5.0
"""How long a probe waits for the database to answer."""

APART = 2
"""Connections beside the pool's: for probes and the heart, which wait behind no request."""

T = TypeVar("T")

WRITABLE = (
    "SELECT WHERE NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'"
)
REFUSED_SECONDS = 5.0
"""For how long at least a server that took no write counts as not ready, until it takes one."""
TOLD_SECONDS = 1.0  # the like of one reason is logged so often at most

log = structlog.get_logger()

_let_in: ContextVar[Readiness | None] = ContextVar("let_in", default=None)
"""That of the database which lacked nothing when the request, or the job, was let in."""


class Database:
    """The one database of this instance, reached through a pool of connections.

    `apart` is the same database on connections that no request ever takes. A shadow writes nothing,
    locks nothing, and is ready on a role that may only read.
    """

    def __init__(
        self,
        pool: Pool,
        readiness: Readiness,
        apart: "Database | None" = None,
        *,
        shadow: bool = False,
    ) -> None:
        self.pool = pool
        self._shadow = shadow
        self.apart = apart or self
        self._readiness = readiness
        self._vocabulary: Vocabulary | None = None
        if WORDS_REVISION in readiness.requires:
            self._vocabulary = apart._vocabulary if apart else Vocabulary()
        self._looking: asyncio.Task[tuple[str, ...]] | None = None
        self._next_look: asyncio.Task[tuple[str, ...]] | None = None
        # Since when a write was refused, and why; whoever has connections apart shares it.
        self._refusal: list[tuple[float, str]] = apart._refusal if apart else []
        self._told: dict[str, float] = {}
        self._row_turns = RowTurns()

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
        known = self._readiness.missing
        try:
            try:
                async with self.pool.lease() as connection:
                    self._require_as(known)
                    return await read(connection)
            except (*CONNECTION_LOST, *TRANSIENT) as problem:
                database_problems.count(problem)
                if isinstance(problem, asyncpg.InternalServerError):
                    self.pool.drop()
            async with self.pool.lease() as connection:
                self._require_as(known)
                return await read(connection)
        except (*NOT_NOW, *SCHEMA_FAULTS) as problem:
            raise await self.explained(problem) from None

    async def write(
        self,
        work: Callable[[Tx], Awaitable[T]],
        lock: int | None = None,
        patience_seconds: float = LOCK_SECONDS,
    ) -> T:
        """Run a unit of work and commit it; a transient refusal runs all of it once more.

        With an advisory lock, at most one unit at a time does the work; raises LockHeld elsewhere.
        Where another has its row it is done anew once that is free; raises InProgress if not soon.
        """
        try:
            return await self._write(work, lock)
        except RowHeld as held:
            return await self._row_turns.wait(
                held.id, lambda: self._write(work, lock), patience_seconds
            )

    async def _write(self, work: Callable[[Tx], Awaitable[T]], lock: int | None) -> T:
        if self._shadow:
            lock = None  # nobody who writes waits for a shadow
        try:
            try:
                result = await self._unit(work, "BEGIN", lock, self._vocabulary)
            except TRANSIENT as problem:
                database_problems.count(problem)
                result = await self._unit(work, "BEGIN", lock, self._vocabulary)
        except asyncpg.LockNotAvailableError as problem:
            database_problems.count(problem)
            raise InProgress from problem
        except (*NOT_NOW, *SCHEMA_FAULTS) as problem:
            raise await self.explained(problem) from None
        return result

    async def snapshot(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run several reads that all see the same moment."""
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        try:
            try:
                return await self._unit(work, begin)
            except (*CONNECTION_LOST, *TRANSIENT) as problem:
                database_problems.count(problem)
                return await self._unit(work, begin)
        except (*NOT_NOW, *SCHEMA_FAULTS) as problem:
            raise await self.explained(problem) from None

    async def _unit(
        self,
        work: Callable[[Tx], Awaitable[T]],
        begin: str,
        lock: int | None = None,
        vocabulary: Vocabulary | None = None,
    ) -> T:
        known = self._readiness.missing
        async with self.pool.lease() as connection:
            self._require_as(known)
            tx = Tx(connection, begin, lock, vocabulary)
            try:
                result = await work(tx)
                await tx.commit()
                if tx.wrote and self._refusal:
                    self._took_a_write()
            except (asyncio.CancelledError, TimeoutError):
                raise  # in the middle of a statement: the connection ends, and with it the unit
            except BaseException as problem:
                await tx.rollback()
                if isinstance(problem, asyncpg.InternalServerError):
                    self.pool.drop()
                raise
            return result

    def _require_as(self, known: tuple[str, ...] | None) -> None:
        """Raise Unavailable where something lacks that did not when the work was begun.

        A connection that is new looks. What it leads to may be a restore that has not ended yet,
        in which nobody is signed in and nothing is to be found; somebody else may have noticed.
        """
        begun = known == () or _let_in.get() is self._readiness
        if begun and (missing := self._readiness.missing):
            raise self._readiness.refusal(missing)

    async def explained(self, problem: Exception) -> Exception:
        """What to raise for a problem: the database is away, or lacks something, or it is ours."""
        database_problems.count(problem)
        if isinstance(problem, NOT_NOW):
            return self._unavailable(problem)
        try:
            missing = await self.look()
        except Unavailable as away:
            return away
        return self._readiness.refusal(missing) if missing else problem

    @property
    def refuses_writes(self) -> bool:
        """Whether the server refused one, and has taken none since."""
        return bool(self._refusal)

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
        except NOT_NOW as problem:  # a TimeoutError is one
            raise self._unavailable(problem) from problem

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

    async def learn_words(self) -> None:
        """See which words the builds beside this one have; a heart does so at each beat."""
        if self._vocabulary is not None:
            async with self.pool.lease() as connection:
                await self._vocabulary.look(connection)

    async def is_restored(self) -> bool:
        """Whether this is another database than the one that it was, as after a restore."""
        return await self._lone(is_restored)

    async def require_answer(self) -> None:
        """Raise Unavailable unless the database answers, takes writes and lacks nothing.

        It looks on a connection of its own, so that it waits behind no request.
        """
        if missing := await self.look():
            raise self._readiness.refusal(missing)
        if self._shadow:
            return
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                taken = await self.apart._lone(lambda c: c.execute(WRITABLE)) == "SELECT 1"
        except TimeoutError as problem:
            raise self._unavailable(problem) from problem
        if not taken:
            self._drop()
            raise Unavailable("The database takes no writes just now.")
        for _, reason in self._refusal:
            raise Unavailable(reason)

    def _unavailable(self, problem: BaseException) -> Unavailable:
        """What callers are told; the log gets the reason."""
        if self._shadow and isinstance(problem, database_problems.DENIED):
            return Unavailable(database_problems.SHADOW_WALL)
        kind, now = type(problem).__name__, time.monotonic()
        if now - self._told.get(kind, 0.0) >= TOLD_SECONDS:
            self._told[kind] = now
            state = getattr(problem, "sqlstate", None)
            reason = reason_of(problem)
            log.warning("database_unavailable", problem=kind, reason=reason, sqlstate=state)
        detail = database_problems.detail_of(problem)
        if isinstance(problem, REFUSED_FOR_NOW):
            self._refusal[:] = [(now, detail)]
        if isinstance(problem, asyncpg.ReadOnlySQLTransactionError):
            self._drop()
        return Unavailable(detail)

    def _took_a_write(self) -> None:
        """Writes are taken again: a request's tells at once, a heart's small one after a while."""
        if self.apart is not self or time.monotonic() - self._refusal[0][0] > REFUSED_SECONDS:
            self._refusal.clear()

    def _drop(self) -> None:
        """Let go of all connections: another server may be the one to write to by now."""
        self.pool.drop()
        self.apart.pool.drop()

    async def require_revisions(self) -> None:
        """Raise Unavailable, naming each revision or backfill that the database still lacks."""
        missing = self._readiness.missing
        if missing != () and (missing := await self.missing()):
            raise self._readiness.refusal(missing)
        _let_in.set(self._readiness)


def _heed(look: asyncio.Task[Any]) -> None:
    if not look.cancelled():
        look.exception()
