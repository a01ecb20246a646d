"""Data on its way into its new shape: what operators, the worker and `beleg migrate` ask for."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from uuid import uuid4

import asyncpg

from core.connecting import connect
from core.errors import Conflict, NotFound
from core.pool import Connection
from deploy.ops.migrating.backfill import ledger
from deploy.ops.migrating.backfill.files import Backfill, Keyset, read_backfills
from deploy.ops.migrating.backfill.ledger import BackfillProgress, BackfillState
from deploy.ops.migrating.backfill.runner import BackfillRunner
from deploy.ops.migrating.backfill.throttle import Pace

APPLICATION_NAME = f"beleg/{version('beleg')}/backfill"
LOOK_SECONDS = 3
"""How long looking may take whether there is anything to do."""
OPEN = (BackfillState.PENDING, BackfillState.RUNNING)
STEERED = {
    "pause": OPEN,
    "resume": (BackfillState.PAUSED, BackfillState.FAILED, BackfillState.CANCELLED),
    "cancel": (*OPEN, BackfillState.PAUSED, BackfillState.FAILED),
}
"""By verb, the states from which it leads elsewhere."""


@asynccontextmanager
async def connected_alone(url: str) -> AsyncIterator[Connection]:
    """A connection of a backfill's own; it keeps nothing in the session, so a pooler may share."""
    connection = await connect(url, APPLICATION_NAME, session=False)
    try:
        yield connection
    finally:
        await connection.close(timeout=1)


async def register(connection: Connection, backfills: Sequence[Backfill] | None = None) -> None:
    """Let the database know this build's backfills; what has nothing to do is verified at once."""
    found = read_backfills() if backfills is None else backfills
    await ledger.register_rows(connection, [each.name for each in found])
    applied = await applied_revisions(connection)
    fresh = {row.name for row in await ledger.progress(connection) if row.state == "pending"}
    for backfill in found:
        if backfill.name in fresh and backfill.revision in applied:
            await _verify_if_idle(connection, backfill)


async def _verify_if_idle(connection: Connection, backfill: Backfill) -> None:
    try:
        async with connection.transaction():
            await connection.execute(f"SET LOCAL statement_timeout = '{LOOK_SECONDS}s'")
            if not await _wrong_at_once(connection, backfill):
                await ledger.steer(
                    connection, backfill.name, BackfillState.VERIFIED, BackfillState.PENDING
                )
    except asyncpg.QueryCanceledError:  # a large table: whoever runs it finds out
        pass


async def _wrong_at_once(connection: Connection, backfill: Backfill) -> int:
    keyset = await Keyset.of(connection, backfill)
    first, last = await keyset.first(connection), await keyset.last(connection)
    if first is None or last is None:
        return 0
    bounds = await keyset.bounds(connection, first, last)
    wrong: int = await connection.fetchval(backfill.verify, *bounds)
    return wrong


async def applied_revisions(connection: Connection) -> set[str]:
    """The revisions that the database has."""
    return {row[0] for row in await connection.fetch("SELECT revision FROM applied_revision")}


async def status(connection: Connection) -> list[BackfillProgress]:
    """How far each backfill has come; none on a database from before there were any."""
    try:
        return await ledger.progress(connection)
    except asyncpg.UndefinedTableError:
        return []


async def run(
    url: str,
    backfills: Sequence[Backfill],
    pace: Pace | None = None,
    stopping: asyncio.Event | None = None,
) -> None:
    """Run those of these that are pending, one after the other, unless another process runs one."""
    runner, pace = uuid4(), pace or Pace()
    known = {each.name: each for each in backfills}
    async with connected_alone(url) as connection:
        while claimed := await ledger.claim(connection, list(known), runner, pace.lease):
            each = known[claimed.name]
            await BackfillRunner(connection, each, runner, pace, stopping or asyncio.Event()).run()
            if stopping and stopping.is_set():
                return


async def pause(connection: Connection, name: str) -> BackfillProgress:
    """Let it stop after the batch that it is at."""
    return await _steer(connection, name, BackfillState.PAUSED, STEERED["pause"])


async def resume(connection: Connection, name: str) -> BackfillProgress:
    """Let it go on where it stopped; one that failed walks all rows again."""
    async with connection.transaction():
        before = await _named(connection, name)
        row = await _steer(connection, name, BackfillState.PENDING, STEERED["resume"])
        if before.state == BackfillState.FAILED and before.verifying:
            await ledger.begin_anew(connection, name)
    return row


async def cancel(connection: Connection, name: str) -> BackfillProgress:
    """Let it stop, and not be run again until somebody resumes it; what is done stays done."""
    return await _steer(connection, name, BackfillState.CANCELLED, STEERED["cancel"])


async def begin_anew(connection: Connection, name: str) -> BackfillProgress:
    """Let one that is over walk all rows again."""
    among = (BackfillState.VERIFIED, BackfillState.FAILED, BackfillState.CANCELLED)
    async with connection.transaction():
        row = await _steer(connection, name, BackfillState.PENDING, among)
        await ledger.begin_anew(connection, name)
    return row


async def _steer(
    connection: Connection, name: str, to: BackfillState, among: Collection[BackfillState]
) -> BackfillProgress:
    row = await ledger.steer(connection, name, to, *among)
    if row is None:
        now = await _named(connection, name)
        raise Conflict(f"{name} is {now.state}: only what is {_or(among)} can be {to.value}.")
    return row


async def _named(connection: Connection, name: str) -> BackfillProgress:
    rows = {row.name: row for row in await status(connection)}
    if name not in rows:
        raise NotFound(f"backfill {name}: this database knows {', '.join(rows) or 'none'}")
    return rows[name]


def _or(states: Collection[BackfillState]) -> str:
    return " or ".join(each.value for each in states)


async def note_verified(connection: Connection, name: str) -> None:
    """Keep that every row of it was just seen to be right."""
    among = (state for state in BackfillState if state is not BackfillState.RUNNING)
    await ledger.steer(connection, name, BackfillState.VERIFIED, *among)
