"""One driver at a time: a lock of the database's, held by a connection of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from core.connecting import connect
from core.db import CONNECTION_LOST, reason_of
from core.errors import Conflict, Unavailable
from core.pool import Connection

TAKE = "SELECT pg_try_advisory_lock(hashtext('beleg release'), 0)"
HOLDER = """SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
    AND objid = 0 AND classid::bigint = (hashtext('beleg release')::bigint & 4294967295)
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
# A driver's machine may vanish without a word: its session ends within half a minute.
KEEPALIVES = (
    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"
)
CONFIRM_SECONDS = 10.0


class DriverLock:
    """The right to drive the release of this instance."""

    def __init__(self, url: str, name: str, connection: Connection) -> None:
        self._url = url
        self._name = name
        self._keep(connection)

    def _keep(self, connection: Connection) -> None:
        self._connection = connection
        self._pid = connection.get_server_pid()

    async def confirm(self) -> None:
        """Make sure that it still is ours.

        Raises Unavailable while nobody can tell, Conflict where another has it by now.
        """
        try:
            async with asyncio.timeout(CONFIRM_SECONDS):
                await self._connection.execute("SELECT")
                return
        except (*CONNECTION_LOST, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._connection.terminate()
        taken = await _take(self._url, self._name)
        if isinstance(taken, int):
            if taken == self._pid:
                raise Unavailable("The session that drove is cut off, and about to end.")
            raise Conflict(
                "Another driver has taken this release over; this one has ended and changed nothing"
                " since. `beleg release status` says who drives."
            )
        self._keep(taken)

    async def release(self) -> None:
        """Let others drive."""
        try:
            await self._connection.close(timeout=2)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._connection.terminate()


@asynccontextmanager
async def driving(url: str, name: str) -> AsyncIterator[DriverLock | None]:
    """The lock for as long as the block lasts; None where another has it."""
    connection = await _take(url, name)
    if isinstance(connection, int):
        yield None
        return
    lock = DriverLock(url, name, connection)
    try:
        yield lock
    finally:
        await lock.release()


async def _take(url: str, name: str) -> Connection | int:
    """A connection that holds the lock, or which session of the server's does."""
    try:
        connection = await connect(url, name, session=True)
        try:
            await connection.execute(KEEPALIVES)
            if await connection.fetchval(TAKE):
                return connection
            holder = int(await connection.fetchval(HOLDER) or 0)
        except BaseException:
            connection.terminate()
            raise
        await connection.close(timeout=2)
    except (*CONNECTION_LOST, asyncpg.InterfaceError) as problem:
        raise Unavailable(f"The database is not reachable: {reason_of(problem)}") from problem
    return holder
