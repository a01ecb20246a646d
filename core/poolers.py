"""What may stand between us and PostgreSQL: a pooler such as pgbouncer, and how it lends sessions.

In session mode a connection keeps its session. In transaction mode each transaction may meet
another one, so what a session would keep is not there: settings, prepared statements, listening.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import asyncpg

if TYPE_CHECKING:
    from core.pool import Connection
else:
    Connection = asyncpg.Connection

ROUNDS = 4
PROBE_SECONDS = 3.0
OVERTAKEN = 1000
"""How often one is served before another that waits: a pooler that lends by the transaction would
have served that one long before, however slow the machine, also where it has to make a connection
to the server first."""


NO_TRANSACTIONS = "statement pooling"
"""What pgbouncer says to BEGIN in statement mode, under a code that it has for much else."""


class PoolerMode(StrEnum):
    """How a pooler lends sessions of the server; `direct` is no pooler at all."""

    DIRECT = "direct"
    SESSION = "session"
    TRANSACTION = "transaction"
    STATEMENT = "statement"


class TransactionConnection(Connection):
    """A connection through a pooler in transaction mode: whatever is sent goes in a transaction.

    A statement is described and run in two steps; between transactions these could meet two
    sessions, or a table that was changed in between. Settings go with each transaction.
    """

    settings = "SELECT"
    """`SET LOCAL ...` of what a direct connection sets once."""

    async def execute(self, query: str, *args: Any, **options: Any) -> str:
        """Run a statement, or several where there are no arguments."""
        if self.is_in_transaction():
            return await super().execute(query, *args, **options)
        if query.startswith("BEGIN"):
            begin, _, rest = query.partition(";")
            return await super().execute(f"{begin}; {self.settings}; {rest}", **options)
        run = super().execute
        return str(await self._whole(lambda: run(query, *args, **options)))

    async def fetch(  # type: ignore[override]
        self, query: str, *args: Any, **options: Any
    ) -> list[asyncpg.Record]:
        """Every row."""
        read = super().fetch
        rows: list[asyncpg.Record] = await self._whole(lambda: read(query, *args, **options))
        return rows

    async def fetchrow(  # type: ignore[override]
        self, query: str, *args: Any, **options: Any
    ) -> asyncpg.Record | None:
        """The first row, or None."""
        read = super().fetchrow
        row: asyncpg.Record | None = await self._whole(lambda: read(query, *args, **options))
        return row

    async def fetchval(self, query: str, *args: Any, **options: Any) -> Any:
        """The first row's value."""
        read = super().fetchval
        return await self._whole(lambda: read(query, *args, **options))

    async def _whole(self, run: Callable[[], Awaitable[Any]]) -> Any:
        if self.is_in_transaction():
            return await run()
        await super().execute(f"BEGIN; {self.settings}")
        try:
            result = await run()
        except BaseException:
            with suppress(Exception):
                await super().execute("ROLLBACK")
            raise
        await super().execute("COMMIT")
        return result


async def mode_of(held: Connection, connect: Callable[[], Awaitable[Connection]]) -> PoolerMode:
    """How the pooler behind these connections lends sessions; raises what `connect` does.

    Two at once never share a session in session mode, and each keeps its own; in transaction mode
    they get what is free. Slowness proves neither: where one is kept waiting, it is session mode
    only if the one that we hold goes on being served before it.
    """
    bare: list[asyncio.Future[Connection]] = []
    try:
        for _ in range(2):
            bare.append(asyncio.ensure_future(connect()))
            if await _overtakes(held, bare[-1]):
                return PoolerMode.SESSION  # there are no more sessions than are held
        return await _mode_by(*[each.result() for each in bare])
    except asyncpg.PostgresError as refusal:
        if NO_TRANSACTIONS in str(refusal):
            return PoolerMode.STATEMENT
        raise
    finally:
        for each in bare:
            each.cancel()
            with suppress(asyncio.CancelledError, Exception):
                (await each).terminate()


async def _overtakes(held: Connection, waiting: asyncio.Future[Connection]) -> bool:
    await asyncio.wait({waiting}, timeout=PROBE_SECONDS)
    for _ in range(OVERTAKEN):
        if waiting.done():
            return False
        await held.execute("BEGIN")
        await held.execute("COMMIT")
    return True


async def _mode_by(first: Connection, second: Connection) -> PoolerMode:
    seen: tuple[set[int], set[int]] = (set(), set())
    for _ in range(ROUNDS):
        for connection, pids in zip((first, second), seen, strict=True):
            for _ in range(2):  # one after the other, so that taking turns is no keeping
                pids.add(await _backend_of(connection))
    moved = len(seen[0]) > 1 or len(seen[1]) > 1 or seen[0] & seen[1]
    return PoolerMode.TRANSACTION if moved else PoolerMode.SESSION


async def _backend_of(connection: Connection) -> int:
    """The server's process that serves a transaction."""
    await connection.execute("BEGIN")
    pid = int(await connection.fetchval("SELECT pg_backend_pid()"))
    await connection.execute("COMMIT")
    return pid
