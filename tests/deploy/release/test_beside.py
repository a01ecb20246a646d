"""A release tells, and keeps, what became of its rules and what came of both builds' work."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from core import builds, clients
from core.audit import SYSTEM
from core.db import Database
from core.settings import Settings
from deploy.release import conditions, session, store
from deploy.release.lookup import lookup
from deploy.release.status import status_json, status_lines
from tests.builders import House
from tests.deploy.release.driving import A_NAME, B_NAME, FileWorld, drive
from tests.deploy.release.test_outcomes import fill


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    """The records of an instance of which nothing runs."""
    async with session.records(Settings(database_url=database)) as opened:
        yield opened


async def screen(db: Database) -> str:
    """What `beleg release status` shows."""
    found, driven = await store.open_release(db), await session.is_driven(db)
    beside = await lookup(db, found)
    json.dumps(status_json(found, driven, beside))  # as a pipeline reads it
    now = found.release.since + timedelta(minutes=1)
    return "\n".join(status_lines(found, driven, now, beside=beside))


async def until_seen(db: Database, *texts: str) -> str:
    """Wait until the screen has all of these."""
    async with asyncio.timeout(60):
        while True:
            shown = await screen(db)
            if all(each in shown for each in texts):
                return shown
            await asyncio.sleep(0.02)


@asynccontextmanager
async def driving(url: str, world: FileWorld, **more: Any) -> AsyncIterator[asyncio.Task[Any]]:
    """A driver, from when a share is on B until the block ends."""
    driver = asyncio.create_task(drive(url, world, **more))
    async with asyncio.timeout(60):
        while not driver.done() and (world.read("edge") or [""])[:2] != ["blue", "green"]:
            await asyncio.sleep(0.01)
    yield driver
    driver.cancel()
    with suppress(asyncio.CancelledError):
        await driver


async def step(db: Database, verdict: str) -> dict[str, Any]:
    """The evidence of the first step at `ab at 5 %` with this verdict."""
    found = await store.last(db)
    assert found is not None
    steps = await store.steps(db, found.release.id)
    told = [e for e in steps if e.from_state == "ab at 5 %" and e.verdict == verdict]
    return dict(told[0].evidence)


async def test_a_partners_key_that_is_rotated_in_the_middle_is_in_the_rule_at_the_next_look(
    house: House, database: str, tmp_path: Path
) -> None:
    partner = await house.partner("Makler Ost")
    rules = await conditions.resolve(house.db, ["client:Makler Ost"])
    world = FileWorld(tmp_path, requests=0)
    first = partner.key[:15]
    async with driving(database, world, rules=rules):
        assert world.rules[-1] == [first]
        await until_seen(house.db, "hold", f"client:Makler Ost: sent to B, by {first}")
    (old,) = await clients.keys_of(house.db, partner.client_id)
    new = await house.db.write(lambda tx: clients.rotate(tx, SYSTEM, old.id, timedelta(days=1)))
    shown = await screen(house.db)
    assert f"({new[:15]}…{new[-4:]}) that no rule names: it goes by the weight" in shown
    async with driving(database, world, rules=rules):
        shown = await until_seen(house.db, f"client:Makler Ost: sent to B, by {first}, {new[:15]}")
    assert "that no rule names" not in shown
    assert world.rules[-1] == [first, new[:15]]
    said = await step(house.db, "refreshed")
    assert said["reasons"] == [f"client:Makler Ost names {new[:15]} from now on"]


async def test_what_came_of_both_builds_is_on_the_screen_and_kept_with_the_step(
    db: Database, database: str, tmp_path: Path
) -> None:
    await builds.Heartbeat(db, "api", A_NAME).beat()
    connection = await asyncpg.connect(database)
    world = FileWorld(tmp_path, requests=0)
    async with driving(database, world) as driver:
        shown = await until_seen(db, f"B = {B_NAME}, A = {A_NAME}, since this step")
        assert "too few to say (fewer than 30 by 6 partners or people, of either build)" in shown
        await connection.execute("UPDATE release SET since = '2020-01-01'")
        await fill(database, A_NAME, 0.1, 20)
        await fill(database, B_NAME, 0.6, 90)
        shown = await until_seen(db, "B is worse")
        assert "documents unreadable" in shown
        world.requests = 400
        await asyncio.wait_for(driver, 60)
    told = await step(db, "pass")
    assert (told["outcomes"]["a"], told["outcomes"]["b"]) == (A_NAME, B_NAME)
    says = {each["name"]: each["says"] for each in told["outcomes"]["measures"]}
    assert says["documents unreadable"] == "B is worse"
    await connection.close()


async def test_of_builds_whose_names_nobody_knows_it_is_said_how_to_compare_them(
    db: Database, database: str, tmp_path: Path
) -> None:
    async with driving(database, FileWorld(tmp_path, requests=0)):
        shown = await until_seen(db, "What A calls itself is not known", "`beleg builds`")
    assert "--a NAME --b NAME" in shown
