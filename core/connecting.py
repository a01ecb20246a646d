"""Connections to PostgreSQL as the product uses them: a lone one, a pool of them, a listener."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import asyncpg
import orjson
import structlog

from core import db, pool_metrics  # noqa: F401 - which measures the pools
from core.connector import KEPT_STATEMENTS, READ_ONLY, UNNAMED, Connector, peer_of
from core.db import APART, BACKFILLS, CONNECTION_LOST, REQUIRES, Database, reason_of
from core.errors import Refused
from core.pool import Connection, Pool
from core.readiness import Readiness

LISTENER_LOOKS_SECONDS = 5.0
"""How long a listener may stay with a server that takes no writes any more, or has gone silent."""

log = structlog.get_logger()


async def connect(
    url: str,
    name: str = UNNAMED,
    *,
    session: bool = True,
    command_seconds: float | None = 60,
    statements: int = KEPT_STATEMENTS,
) -> Connection:
    """A lone connection; one that keeps its session is for a listener, the queue, migrations."""
    return await Connector(
        url, name, session=session, command_seconds=command_seconds, statements=statements
    )()


@asynccontextmanager
async def connected(
    url: str,
    connections: int = 8,
    name: str = UNNAMED,
    requires: tuple[str, ...] = REQUIRES,
    backfills: tuple[str, ...] = BACKFILLS,
    *,
    session: bool = False,
    shadow: bool = False,
    statement_seconds: float | None = None,
) -> AsyncIterator[Database]:
    """A database for as long as the block lasts; it may be away at first and come back later.

    With `session`, a pooler that lends sessions for one transaction only is refused. A shadow's
    transactions are read-only, whatever its role may do. A statement that takes longer than is said
    is ended by the server.
    """
    settings = {
        "jit": "off",
        "lock_timeout": db.LOCK_TIMEOUT,
        "idle_in_transaction_session_timeout": "60s",
        **({READ_ONLY: "on"} if shadow else {}),
        **({"statement_timeout": f"{statement_seconds:.0f}s"} if statement_seconds else {}),
    }

    def renew() -> None:
        pool.drop()
        apart.drop()

    connector = Connector(url, name, settings, session=session)
    readiness = Readiness(requires, backfills, renew)

    async def make() -> Connection:
        connection = await connector()
        try:
            await _prepare(connection)
            await readiness.look(connection)
        except BaseException:
            connection.terminate()
            raise
        return connection

    pool, apart = Pool(make, connections), Pool(make, APART, "apart")
    try:
        yield Database(pool, readiness, Database(apart, readiness, shadow=shadow), shadow=shadow)
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


async def listen(url: str, channel: str, callback: Callable[[], None], name: str = UNNAMED) -> None:
    """Call `callback` at every notification, and whenever some may have been missed, for ever."""
    while True:
        try:
            await _listen(url, channel, callback, name)
        except (*CONNECTION_LOST, asyncpg.PostgresError, asyncpg.InterfaceError, Refused) as lost:
            kind, reason = type(lost).__name__, reason_of(lost)
            log.warning("listener_lost", channel=channel, problem=kind, reason=reason)
            await asyncio.sleep(1)
        callback()


async def _listen(url: str, channel: str, callback: Callable[[], None], name: str) -> None:
    """Listen until the connection ends, or to a server that takes no writes any more."""
    connection = await connect(url, name)
    try:
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        await connection.add_listener(channel, lambda *_: callback())
        callback()
        while not lost.is_set():
            try:
                async with asyncio.timeout(LISTENER_LOOKS_SECONDS):
                    await lost.wait()
            except TimeoutError:
                if not (await peer_of(connection)).writable:
                    return
    finally:
        await connection.close(timeout=1)
