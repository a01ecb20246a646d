"""A command's time with a release: its records, and the right to drive it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress

import asyncpg

from core import builds
from core.connecting import connected
from core.db import Database, Queryable
from core.errors import Conflict, Refused, Unavailable
from core.query import Query
from core.settings import Settings
from deploy.release import store
from deploy.release.composition import Composition
from deploy.release.driver import USUAL, Driver, Times
from deploy.release.lock import HOLDER, driving
from deploy.release.machine import Release
from deploy.release.model import ReleaseState
from deploy.release.reconcile import Told
from deploy.release.steering import driver_name
from deploy.release.store import StoredRelease

REVISION = "0020"
"""Where releases are kept; nothing else of a database's age matters to who steers one."""
LOOK_SECONDS = 0.25
IS_DRIVEN = Query(HOLDER, (), {})


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """This instance's database, of whatever age it is."""
    async with connected(settings.database_url, 2, _name(settings), (REVISION,), ()) as db:
        yield db


@asynccontextmanager
async def records(settings: Settings) -> AsyncIterator[Database]:
    """The database in which this instance's releases are kept."""
    async with opened(settings) as db:
        if REVISION in await db.look():
            raise Unavailable(
                f"The database lacks revision {REVISION}, where releases are kept: run"
                " `beleg migrate` of this build first, which is safe beside what runs."
            )
        yield db


async def require_builds(parts: Composition, builds: Mapping[str, str]) -> None:
    """Raise Unavailable where a build that is named cannot be run at all."""
    for name, build in builds.items():
        try:
            await parts.platform.command(build, "--version")
        except Unavailable as problem:
            said = f"{name} cannot be run, and nothing was begun: {problem.detail}"
            raise Unavailable(said) from problem


async def is_driven(db: Queryable) -> bool:
    """Whether somebody drives."""
    return await db.one(IS_DRIVEN) is not None


async def drive(
    settings: Settings,
    db: Database,
    compose: Callable[[str], Composition],
    told: Told,
    steps: int = 0,
    *,
    stay: bool = True,
    times: Times = USUAL,
) -> StoredRelease | None:
    """Drive the open release until it rests; None where another process does."""
    async with driving(settings.direct_url, _name(settings)) as lock:
        if lock is None:
            return None
        found = await store.open_release(db)
        await store.driven(db, found.release.id, driver_name())
        try:
            parts = compose(await attempt(db, found.release))
            await Driver(db, lock, parts, told, times).run(steps, stay=stay)
        finally:
            with suppress(Refused, asyncpg.PostgresError, asyncpg.InterfaceError):
                await store.undriven(db, found.release.id, driver_name())
        return await _of(db)


async def attempt(db: Queryable, release: Release) -> str:
    """What this try at the release is called: the same for whoever goes on with it."""
    steps = await store.steps(db, release.id)
    begun = [each for each in steps if each.to_state == ReleaseState.EXPAND != each.from_state]
    return f"{release.id}-{len(begun)}"


async def until_made(db: Database, seconds: float) -> StoredRelease:
    """Wait until whoever drives has made the world so; raises Conflict where that takes longer."""
    deadline = time.monotonic() + seconds
    while not (found := await _of(db)).release.stands:
        if time.monotonic() > deadline:
            raise Conflict(
                f"{found.release.where} is written down, but {found.driver or 'its driver'} has not"
                f" made it so within {seconds:g} s. End that process, then run this again."
            )
        if not await is_driven(db) and not (await _of(db)).release.stands:  # it may be done by now
            raise Conflict("Its driver has just gone: run this again.")
        await asyncio.sleep(LOOK_SECONDS)
    return found


async def _of(db: Database) -> StoredRelease:
    found = await store.last(db)
    assert found is not None  # noqa: S101 - it was there a moment ago
    return found


def _name(settings: Settings) -> str:
    return builds.session_name(builds.named(settings.build), "release")
