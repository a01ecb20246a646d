"""One unit of work: everything or nothing, and what answers queries within one or without."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import asyncpg
from sqlalchemy import Table

from core.errors import Unavailable
from core.pool import Connection
from core.query import Deferred, Query, together
from core.vocabulary import Vocabulary


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
        self,
        connection: Connection,
        begin: str = "BEGIN",
        lock: int | None = None,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        self._connection = connection
        self._vocabulary = vocabulary
        self._begin = begin
        self._lock = lock
        self._begun = False
        self.wrote = False
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
        connection, arguments = await self._ready(), query.arguments(params)
        if self._vocabulary is not None and not self._vocabulary.whole:
            arguments = await self._sayable(self._vocabulary, arguments)
        return await connection.fetchrow(query.sql, *arguments)

    async def all(self, query: Query, /, **params: Any) -> list[asyncpg.Record]:
        """Every row."""
        connection, arguments = await self._ready(), query.arguments(params)
        if self._vocabulary is not None and not self._vocabulary.whole:
            arguments = await self._sayable(self._vocabulary, arguments)
        return await connection.fetch(query.sql, *arguments)

    async def run(self, query: Query, /, **params: Any) -> int:
        """Run a statement; how many rows it touched."""
        connection, arguments = await self._ready(), query.arguments(params)
        if self._vocabulary is not None and not self._vocabulary.whole:
            arguments = await self._sayable(self._vocabulary, arguments)
        status = await connection.execute(query.sql, *arguments)
        touched = int(status.rsplit(" ", 1)[-1])
        self.wrote = self.wrote or touched > 0
        return touched

    async def copy(
        self, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
    ) -> None:
        """Insert many rows by COPY; those are left out that a build beside this one cannot read."""
        connection = await self._ready()
        if self._vocabulary is not None and not self._vocabulary.whole:
            said = [await self._vocabulary.sayable(connection, row) for row in rows]
            rows = [row for row in said if row is not None]
        await connection.copy_records_to_table(table.name, columns=list(columns), records=rows)
        self.wrote = True

    def defer(self, kind: Deferred, *values: Any) -> None:
        """Insert this row just before the unit of work ends."""
        self._waiting.setdefault(kind, []).extend(values)
        self._rows[kind] = self._rows.get(kind, 0) + 1

    async def commit(self) -> None:
        """Write what waits, then commit."""
        self._require_connection()
        if self._waiting:
            self.wrote = True
            shape = tuple(self._rows.items())
            rows = [value for kind, _ in shape for value in self._waiting[kind]]
            if self._vocabulary is not None and not self._vocabulary.whole:
                rows = await self._sayable(self._vocabulary, rows)
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

    async def _sayable(self, vocabulary: Vocabulary, values: list[Any]) -> list[Any]:
        """The values with words that every build has; raises Unavailable where there are none."""
        said = await vocabulary.sayable(self._connection, values)
        if said is None:
            raise Unavailable("A build beside this one lacks a word for this; try again later.")
        return said

    def _require_connection(self) -> None:
        if self._connection.is_closed():
            raise asyncpg.ConnectionDoesNotExistError("the connection was lost")
