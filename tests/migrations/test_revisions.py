"""A build and a database that are not of the same age."""

import asyncio
import re
import sys
from pathlib import Path

import asyncpg
import pytest

import migrations
from core.db import REQUIRES
from core.errors import Unavailable
from deploy.ops.migrating.apply import applied, known, migrate
from public_api.app import VERSIONS
from tests.builders import application, running

DISPENSABLE = {
    "0009": "irregular calls wait in memory until there is a table for them",
    "0016": "the inbox counts all the same, only from whole rows",
    "0020": "`beleg release` alone reads and writes it, and says what it lacks",
    "0021": "the database fills it by itself; `beleg release outcomes` alone reads it",
    "0031": "an end user's applications are found all the same, only among all of the client's",
    "0024": "a worker takes turns all the same, only by looking at all jobs that wait",
}
REVISIONS = sorted((Path(migrations.__file__).parent / "versions").glob("[0-9]*.py"))


async def test_a_build_says_which_revision_it_lacks_and_recovers_by_itself(
    empty_database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await asyncio.to_thread(migrate, empty_database, "0001")
    async with running(empty_database, tmp_path, requires=("0001", "0002")) as house:
        http = house.caller("beleg_live_any")
        with pytest.raises(Unavailable, match="0002"):
            await house.api.ready()
        for version in VERSIONS:
            for operation in version.operations:
                path = re.sub(r"{\w+}", "x", f"/{version.name}{operation.path}")
                answer = await http.request(operation.method, path)
                assert answer.status_code == 503
                assert answer.headers["content-type"] == version.problem_media_type
                assert "0002" in answer.text
        await asyncio.to_thread(migrate, empty_database)
        async with asyncio.timeout(60):
            while (await http.get("/v2/applications")).status_code == 503:
                await asyncio.sleep(0.1)
        await house.api.ready()
        partner = await house.partner()
        answer = await partner.http.post("/v2/applications", json=application())
        assert answer.status_code == 201
    captured = capsys.readouterr()
    assert "UndefinedColumn" not in captured.out + captured.err


async def test_a_build_that_needs_less_is_ready_on_a_database_that_has_more(
    database: str, tmp_path: Path
) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute("INSERT INTO applied_revision (revision) VALUES ('9999')")
    await connection.execute("UPDATE alembic_version SET version_num = '9999'")
    await connection.close()
    async with running(database, tmp_path, requires=("0001",)) as house:
        await house.api.ready()
    assert await asyncio.to_thread(migrate, database) == []


async def test_two_migrators_at_once_both_succeed(empty_database: str) -> None:
    command = (sys.executable, "-m", "deploy.ops.cli", "migrate")
    env = {"BELEG_DATABASE_URL": empty_database, "PATH": ""}
    both = [await asyncio.create_subprocess_exec(*command, env=env) for _ in range(2)]
    assert [await each.wait() for each in both] == [0, 0]
    assert await applied(empty_database) == known()


@pytest.mark.unit
@pytest.mark.parametrize("file", REVISIONS, ids=lambda file: file.stem)
def test_a_revision_says_what_kind_it_is(file: Path) -> None:
    kinds = [line for line in file.read_text().splitlines() if line.startswith("kind = ")]
    assert kinds in (['kind = "expand"'], ['kind = "backfill"'], ['kind = "contract"'])


@pytest.mark.unit
def test_the_build_requires_the_revisions_there_are_but_for_those_it_can_do_without() -> None:
    assert tuple(each for each in sorted(known()) if each not in DISPENSABLE) == REQUIRES


async def test_what_a_build_can_do_without_is_applied_all_the_same(empty_database: str) -> None:
    await asyncio.to_thread(migrate, empty_database, "0008")
    assert "0009" in await asyncio.to_thread(migrate, empty_database)
