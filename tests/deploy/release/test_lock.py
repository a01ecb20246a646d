"""Who drives is told apart from who did: sessions that are cut, and a database that goes away."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from core.errors import Conflict, NotFound, Unavailable
from core.settings import Settings
from deploy.release import session, steering
from deploy.release.lock import HOLDER, DriverLock, driving
from deploy.release.model import ReleaseState
from tests import postgres, workers
from tests.deploy.release.driving import FileWorld, drive

WAIT = "SELECT pg_advisory_lock(hashtext('beleg release'), 0)"


@pytest.fixture
async def beside(database: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody else's session on the same database."""
    connection = await asyncpg.connect(database)
    yield connection
    await connection.close()


async def until_routed(world: FileWorld) -> None:
    """Wait until a share is on B."""
    async with asyncio.timeout(60):
        while (world.read("edge") or [""])[:2] != ["blue", "green"]:
            await asyncio.sleep(0.01)


async def cut_off(connection: asyncpg.Connection) -> None:
    """End the session that holds the right to drive."""
    assert await connection.fetchval(f"SELECT pg_terminate_backend(({HOLDER}))")


async def test_a_driver_whose_session_is_cut_takes_it_up_again(
    database: str, beside: asyncpg.Connection, tmp_path: Path
) -> None:
    world = FileWorld(tmp_path, requests=0)
    driver = asyncio.create_task(drive(database, world))
    await until_routed(world)
    before = await beside.fetchval(HOLDER)
    await cut_off(beside)
    async with asyncio.timeout(60):
        while await beside.fetchval(HOLDER) in (None, before):
            await asyncio.sleep(0.01)
    world.requests = 400
    found = await asyncio.wait_for(driver, 60)
    assert found is not None
    assert found.release.state is ReleaseState.DONE


async def test_a_driver_that_another_took_over_from_ends_and_says_so(
    database: str, beside: asyncpg.Connection, tmp_path: Path
) -> None:
    world = FileWorld(tmp_path, requests=0)
    driver = asyncio.create_task(drive(database, world))
    await until_routed(world)
    other = await asyncpg.connect(database)
    waiting = asyncio.create_task(other.execute(WAIT))
    async with asyncio.timeout(60):
        while not await beside.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            await asyncio.sleep(0.01)
    await beside.execute("UPDATE release SET driver = 'uta@office'")
    await cut_off(beside)
    await waiting
    with pytest.raises(Conflict, match=r"Another driver has taken .*`beleg release status`"):
        await asyncio.wait_for(driver, 60)
    assert await beside.fetchval("SELECT driver FROM release") == "uta@office"
    await other.close()


async def test_its_own_session_that_lingers_is_not_taken_for_another_driver(
    database: str, beside: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with driving(database, "test") as lock:
        assert lock is not None
        cut = await asyncpg.connect(database)
        monkeypatch.setattr(lock, "_connection", cut)  # as if no answer came any more
        await cut.close()
        with pytest.raises(Unavailable, match="about to end"):
            await lock.confirm()
        await cut_off(beside)
        async with asyncio.timeout(60):
            while True:
                try:
                    await lock.confirm()
                    break
                except Unavailable:
                    await asyncio.sleep(0.01)
        assert isinstance(lock, DriverLock)


async def test_a_database_that_restarts_is_waited_for(
    pytestconfig: pytest.Config, tmp_path: Path
) -> None:
    given = workers.given(pytestconfig)
    with postgres.serving(given.get("folder")) as server:
        here = await postgres.address(server)
        url = postgres.database(here, given.get("template") or await postgres.create_template(here))
        world = FileWorld(tmp_path, requests=0)
        driver = asyncio.create_task(drive(url, world))
        await until_routed(world)
        await asyncio.to_thread(server.stop)
        await asyncio.sleep(0.1)
        assert not driver.done()
        await asyncio.to_thread(server.start)
        world.requests = 400
        found = await asyncio.wait_for(driver, 120)
        assert found is not None
        assert found.release.state is ReleaseState.DONE
        async with session.records(Settings(database_url=url)) as db:
            with pytest.raises(NotFound, match="open release"):
                await steering.back(db, "too late")
