"""Which build this is, and which live on a database: told by their hearts, kept for a rollback."""

import asyncio
import json
import tomllib
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from core import builds, settings
from core.builds import BUILD, Heartbeat
from core.connecting import connected
from core.db import BACKFILLS, REQUIRES, Database
from core.errors import Invalid, Unavailable
from core.query import Query
from deploy.ops.migrating.apply import migrate
from tests.builders import House, part
from tests.deploy.ops.test_steering import beleg
from tests.migrations.accident import eventually

ROOT = Path(__file__).parents[2]


async def test_a_process_is_on_record_while_it_lives_and_after(database: str) -> None:
    async with connected(database, 1) as db:
        async with Heartbeat(db, "api", seconds=0.1):

            async def beats() -> bool:
                return bool(await builds.live(db))

            await eventually(beats, 60)
            (process,) = await builds.live(db)
            assert (process.build, process.part, process.requires) == (BUILD, "api", REQUIRES)
            assert "application.delete_reason" in process.uses

            async def beats_again() -> bool:
                return (await builds.live(db))[0].seen_at > process.seen_at

            await eventually(beats_again, 60)
        assert await builds.live(db) == []
        (ended,) = await builds.seen(db)
        assert ended.ended_at is not None


async def test_a_process_that_is_killed_is_silent_not_ended(
    database: str, tmp_path: Path, house: House
) -> None:
    async with part("worker", database, tmp_path) as worker:

        async def lives() -> bool:
            return "worker" in {each.part for each in await builds.live(house.db)}

        await eventually(lives, 60)
        await worker.kill()
    connection = await asyncpg.connect(database)
    await connection.execute("UPDATE live_build SET seen_at = seen_at - interval '61 s'")
    await connection.close()
    listed = await beleg(house, "builds", "--json")
    states = {each["part"]: each["state"] for each in map(json.loads, listed.output.splitlines())}
    assert states["worker"] == "silent"
    table = await beleg(house, "builds")
    assert [line.split()[:2] for line in table.output.splitlines()[1:]].count(
        [BUILD, "worker"]
    ) == 1


async def test_a_build_that_beat_no_heart_is_put_on_record_by_one_that_does(database: str) -> None:
    names = {"beleg": "worker", "public_api": "api", "beleg-bff": "bff"}
    old = [
        await asyncpg.connect(database, server_settings={"application_name": name})
        for name in names
    ]
    async with connected(database, 1) as db:
        await Heartbeat(db, "api").beat()
        found = {each.part: each.build for each in await builds.live(db) if each.build != BUILD}
        assert found == dict.fromkeys(names.values(), "0.1.0")
        for each in old:
            await each.close()
        later = Query("UPDATE live_build SET seen_at = seen_at - interval '5 min'", (), {})
        await db.write(lambda tx: tx.run(later))
        await Heartbeat(db, "api").beat()
        assert {each.build for each in await builds.live(db)} == {BUILD}
        assert "0.1.0" in {each.build for each in await builds.seen(db, timedelta(days=7))}


async def test_a_heart_beats_on_a_database_that_lacks_a_later_revision(
    empty_database: str,
) -> None:
    await asyncio.to_thread(migrate, empty_database, "0010")
    async with connected(empty_database, 1) as db, Heartbeat(db, "worker", seconds=0.1):

        async def lives() -> bool:
            return bool(await builds.live(db))

        await eventually(lives, 60)
        assert await db.missing() == (*REQUIRES[REQUIRES.index("0010") + 1 :], *BACKFILLS)


async def test_the_last_of_each_build_is_remembered_for_the_longest_window(database: str) -> None:
    connection = await asyncpg.connect(database)
    for build, age in (
        ("a", "2 h"),
        ("a", "3 h"),
        ("b", "91 days"),
        ("c", "89 days"),
        ("d", "1 s"),
    ):
        await connection.execute(
            "INSERT INTO live_build VALUES (gen_random_uuid(), 'api', $1, '{}', '{}', now(),"
            f" now() - interval '{age}')",
            build,
        )
    await connection.close()
    async with connected(database, 1) as db:
        assert await db.write(builds.sweep) == 2
        kept = {each.build: each.started_at - each.seen_at for each in await builds.seen(db)}
        assert sorted(kept) == ["a", "c", "d"]
        assert kept["a"] < timedelta(hours=2, minutes=30)  # the last of its processes


async def test_builds_are_listed_only_where_they_are_known(
    empty_database: str, house: House
) -> None:
    await asyncio.to_thread(migrate, empty_database, "0009")
    refused = await beleg(house, "builds", BELEG_DATABASE_URL=empty_database)
    assert refused.exit_code == 1
    assert "lacks revision 0010" in refused.output


@pytest.mark.unit
def test_a_build_is_named_by_its_version_and_what_tells_it_from_others() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["version"] == builds.VERSION
    assert BUILD.startswith(f"{builds.VERSION}+")
    assert builds.named("4f2c") == f"{builds.VERSION}+4f2c"
    commit = "f" * 40
    assert len(builds.session_name(builds.named(commit), "command")) <= 63
    with pytest.raises(Invalid, match="BELEG_BUILD"):
        settings.load({"BELEG_BUILD": "feature/x"})


async def test_a_heart_goes_on_though_looking_what_is_missing_fails(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_: Database) -> tuple[str, ...]:
        raise Unavailable("The database is not reachable; try again soon.")

    async with connected(database, 1) as db:
        monkeypatch.setattr(Database, "missing", away)
        async with Heartbeat(db, "worker", seconds=0.05):

            async def beats_twice() -> bool:
                return any(each.seen_at > each.started_at for each in await builds.live(db))

            await eventually(beats_twice, 60)
