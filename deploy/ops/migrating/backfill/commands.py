"""What `beleg backfill` does on one database."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from typing import TypeVar

import asyncpg

from core.builds import LIVE_FOR
from core.db import CONNECTION_LOST
from core.errors import Conflict, NotFound, Unavailable
from core.pool import Connection
from deploy.ops.migrating.backfill import ledger as backfill_ledger
from deploy.ops.migrating.backfill import plan as backfill_plan
from deploy.ops.migrating.backfill import steering as backfill
from deploy.ops.migrating.backfill.files import Backfill, read_backfills
from deploy.ops.migrating.backfill.ledger import BackfillProgress, BackfillState
from deploy.ops.migrating.backfill.plan import BackfillPlan
from deploy.ops.migrating.backfill.steering import connected_alone
from deploy.ops.migrating.backfill.throttle import Pace
from deploy.ops.migrating.revisions import revisions

AWAY_SECONDS = 300.0
"""How long a run outlives a database that is away."""
LOOK_SECONDS = 1.0
SETTLED = (
    BackfillState.VERIFIED,
    BackfillState.FAILED,
    BackfillState.PAUSED,
    BackfillState.CANCELLED,
)
T = TypeVar("T")
Told = Callable[[Sequence[BackfillProgress]], None]


def status(url: str) -> list[BackfillProgress]:
    """How far each has come."""
    return asyncio.run(_on(url, backfill.status))


def steer(url: str, verb: str, name: str) -> BackfillProgress:
    """Pause, resume or cancel one."""
    verbs = {"pause": backfill.pause, "resume": backfill.resume, "cancel": backfill.cancel}
    return asyncio.run(_on(url, lambda connection: verbs[verb](connection, name)))


def verify(url: str, name: str | None) -> dict[str, int]:
    """How many rows of each are wrong; one without any is verified from now on."""

    async def work(connection: Connection) -> dict[str, int]:
        wrong = {}
        for each in await _applied(connection, named(name)):
            wrong[each.name] = await backfill_plan.verify(connection, each)
            if not wrong[each.name]:
                await backfill.note_verified(connection, each.name)
        return wrong

    return asyncio.run(_on(url, work))


def plan(url: str, name: str | None) -> list[BackfillPlan]:
    """What is to do, for each that is not verified, or for the one that is named."""

    async def work(connection: Connection) -> list[BackfillPlan]:
        verified = {row.name for row in await backfill.status(connection) if row.verified}
        owed = [each for each in named(name) if name or each.name not in verified]
        return [
            await backfill_plan.plan(connection, each) for each in await _applied(connection, owed)
        ]

    return asyncio.run(_on(url, work))


def run(
    url: str,
    name: str | None,
    *,
    rest: float = 1.0,
    again: bool = False,
    told: Told = lambda rows: None,
    backfills: Sequence[Backfill] | None = None,
) -> list[BackfillProgress]:
    """Run what is not verified until it is, has failed or was stopped; how each stands then."""
    chosen = named(name, backfills)
    pace = replace(Pace(), rest=rest)

    async def work() -> list[BackfillProgress]:
        names = [each.name for each in chosen]
        await _on(url, lambda connection: _make_ready(connection, chosen, name, again))
        stopping = asyncio.Event()
        with _stopped_by_signals(stopping):
            async with _watched(url, names, told):
                return await _run(url, chosen, pace, stopping)

    return asyncio.run(work())


def named(name: str | None, among: Sequence[Backfill] | None = None) -> list[Backfill]:
    """This build's backfills, or the one of this name."""
    known = read_backfills() if among is None else among
    chosen = [each for each in known if name in (None, each.name)]
    if name and not chosen:
        names = ", ".join(each.name for each in known) or "none"
        raise NotFound(f"backfill {name} in this build, which brings {names}")
    return chosen


async def _make_ready(
    connection: Connection, chosen: Sequence[Backfill], name: str | None, again: bool
) -> None:
    """Let what failed be tried again; refuse what cannot run, or what somebody stopped."""
    await _require_applied(connection, chosen)
    if again:
        await _applied(connection, chosen)
    await backfill_ledger.register_rows(connection, [each.name for each in chosen])
    states = {row.name: row.state for row in await backfill.status(connection)}
    for each in chosen:
        state = states[each.name]
        if again and state == BackfillState.VERIFIED:
            await _require_nobody(connection, each.name)
        if again and state in (BackfillState.VERIFIED, BackfillState.FAILED):
            await backfill.begin_anew(connection, each.name)
        elif state == BackfillState.FAILED:
            await backfill.resume(connection, each.name)
        elif name and state in (BackfillState.PAUSED, BackfillState.CANCELLED):
            raise Conflict(f"{name} is {state}: `beleg backfill resume {name}` first.")


async def _require_nobody(connection: Connection, name: str) -> None:
    """Refuse to take back that it is verified under processes that are not ready without."""
    living = await connection.fetchval(
        "SELECT count(*) FROM live_build WHERE ended_at IS NULL AND seen_at > now() - $1::interval",
        LIVE_FOR,
    )
    if living:
        raise Conflict(
            f"{living} processes are at work, and not ready while {name} is not verified: stop them"
            f" first. `beleg backfill verify {name}` looks at every row beside them."
        )


async def _run(
    url: str, chosen: Sequence[Backfill], pace: Pace, stopping: asyncio.Event
) -> list[BackfillProgress]:
    """Run them, or wait for whoever does; outlives a database that is away for a while."""
    names, away_since = [each.name for each in chosen], None
    while True:
        try:
            await backfill.run(url, chosen, pace, stopping)
            rows = [row for row in await _on(url, backfill.status) if row.name in names]
            if stopping.is_set() or all(row.state in SETTLED for row in rows):
                return rows
            away_since = None
        except (*CONNECTION_LOST, asyncpg.PostgresError, asyncpg.InterfaceError, Unavailable):
            away_since = away_since or time.monotonic()
            if time.monotonic() - away_since > AWAY_SECONDS or stopping.is_set():
                raise
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await stopping.wait()


@asynccontextmanager
async def _watched(url: str, names: Sequence[str], told: Told) -> AsyncIterator[None]:
    """Tell how far these are, once a second, whichever process runs them."""

    async def watch() -> None:
        while True:
            with suppress(*CONNECTION_LOST, asyncpg.PostgresError, asyncpg.InterfaceError):
                async with connected_alone(url) as connection:
                    while True:
                        rows = await backfill.status(connection)
                        told([row for row in rows if row.name in names])
                        await asyncio.sleep(LOOK_SECONDS)
            await asyncio.sleep(LOOK_SECONDS)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


@contextmanager
def _stopped_by_signals(stopping: asyncio.Event) -> Iterator[None]:
    """SIGINT and SIGTERM set an event, so that what is begun is finished and handed back."""
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stopping.set)
    try:
        yield
    finally:
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(each)


async def _on(url: str, work: Callable[[Connection], Awaitable[T]]) -> T:
    try:
        async with connected_alone(url) as connection:
            return await work(connection)
    except CONNECTION_LOST as problem:
        raise Unavailable(f"The database is not reachable: {problem}") from problem
    except asyncpg.UndefinedTableError as problem:
        raise Unavailable("The database is from before backfills: `beleg migrate`.") from problem


async def _require_applied(connection: Connection, chosen: Sequence[Backfill]) -> None:
    applied = await backfill.applied_revisions(connection)
    if lacking := [each for each in chosen if each.revision not in applied]:
        names = ", ".join(each.name for each in lacking)
        revisions = ", ".join(sorted({each.revision for each in lacking}))
        raise Unavailable(f"{names}: the database lacks {revisions}: `beleg migrate` first.")


async def _applied(connection: Connection, chosen: Sequence[Backfill]) -> list[Backfill]:
    """Those of these that can be looked at: their expand is applied, and no contract over them.

    Raises Conflict where the only one has been contracted.
    """
    applied = await backfill.applied_revisions(connection)
    over = {name: each for each in revisions() if each.number in applied for name in each.needs}
    if len(chosen) == 1 and (contract := over.get(chosen[0].name)):
        raise Conflict(f"{chosen[0].name} is over: {contract.name} dropped what it took from.")
    return [each for each in chosen if each.revision in applied and each.name not in over]
