"""Indexes beside whatever runs: built to their end, whatever dies on the way."""

import asyncio
import sys

import asyncpg
import pytest

from core.errors import Refused
from deploy.ops.migrating import locks
from deploy.ops.migrating.apply import applied, migrate
from deploy.ops.migrating.contracts import contract
from deploy.ops.migrating.migrator import Manner
from deploy.ops.migrating.notices import Notice
from tests.migrations.holding import READER, holding
from tests.migrations.scratch import Scratch

BUILD = "CREATE INDEX CONCURRENTLY application_amount ON application (amount)"
SNAPSHOT = "SELECT pg_current_xact_id(), pg_export_snapshot()"
PHASE = "SELECT phase FROM pg_stat_progress_create_index"
VALID = """
    SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('application_amount')"""
MIGRATE = """
import sys
from pathlib import Path
from deploy.ops.migrating import locks
from deploy.ops.migrating.apply import migrate
from deploy.ops.migrating.migrator import Manner
migrate(sys.argv[1], manner=Manner(Path(sys.argv[2])))
"""


async def test_a_migrator_killed_inside_an_index_leaves_what_the_next_one_clears_away(
    database: str, scratch: Scratch
) -> None:
    scratch.expand("0101", BUILD)
    told: list[Notice] = []
    looking = await asyncpg.connect(database)
    async with holding(database, SNAPSHOT):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", MIGRATE, database, str(scratch.folder)
        )
        await phase(looking, "waiting for old snapshots")
        process.kill()
        await process.wait()
        assert await looking.fetchval(PHASE)  # its session has not noticed, and works on
        assert await looking.fetchval(VALID) is False
        migrating = in_background(database, Manner(scratch.folder, told=told.append))
        await named(told, READER)
    assert await migrating == ["0101"]
    assert await looking.fetchval(VALID) is True
    assert "0101" in await applied(database)
    events = [each.event for each in told]
    assert events == ["left_behind_ended", "leftover_dropped", "waiting", "applied"]
    assert "snapshot open for" in told[2].text
    await looking.close()


async def test_a_long_index_says_how_far_it_is(
    database: str, scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "AGAIN_SECONDS", 0.1)
    scratch.expand("0101", BUILD)
    told: list[Notice] = []
    async with holding(database, SNAPSHOT):
        migrating = in_background(database, Manner(scratch.folder, told=told.append))
        await named(told, "0101_scratch: waiting for old snapshots")
    assert await migrating == ["0101"]


async def test_an_index_that_was_built_and_not_recorded_is_not_built_again(
    database: str, scratch: Scratch
) -> None:
    scratch.expand("0101", BUILD)
    connection = await asyncpg.connect(database)
    await connection.execute(BUILD)
    built = await connection.fetchval("SELECT 'application_amount'::regclass::oid")
    assert await asyncio.to_thread(migrate, database, "head", Manner(scratch.folder)) == ["0101"]
    assert await connection.fetchval("SELECT 'application_amount'::regclass::oid") == built
    await connection.close()


async def test_an_index_of_that_name_on_another_table_is_left_alone_and_said(
    database: str, scratch: Scratch
) -> None:
    scratch.expand("0101", BUILD)
    connection = await asyncpg.connect(database)
    await connection.execute("CREATE INDEX application_amount ON client (name)")
    with pytest.raises(Refused, match='relation "application_amount" already exists'):
        await asyncio.to_thread(migrate, database, "head", Manner(scratch.folder))
    assert "0101" not in await applied(database)
    await connection.close()


async def test_a_unique_index_over_doubles_fails_and_is_built_once_they_are_gone(
    database: str, scratch: Scratch
) -> None:
    scratch.expand("0101", "CREATE TABLE pair (a text)", "INSERT INTO pair VALUES ('x'), ('x')")
    scratch.expand("0102", "CREATE UNIQUE INDEX CONCURRENTLY pair_a ON pair (a)")
    with pytest.raises(Refused, match="0102_scratch failed and is not applied"):
        await asyncio.to_thread(migrate, database, "head", Manner(scratch.folder))
    connection = await asyncpg.connect(database)
    await connection.execute("DELETE FROM pair")
    await connection.close()
    assert await asyncio.to_thread(migrate, database, "head", Manner(scratch.folder)) == ["0102"]


async def test_dropping_an_index_concurrently_is_safe_to_run_again(
    database: str, scratch: Scratch
) -> None:
    scratch.contract("0201", "DROP INDEX CONCURRENTLY client_oidc", after="0003")
    connection = await asyncpg.connect(database)
    await connection.execute("DROP INDEX client_oidc")  # done, and then it was killed
    await connection.close()
    manner = Manner(scratch.folder)
    assert await asyncio.to_thread(contract, database, "0201", manner=manner) == ["0201"]


async def phase(connection: asyncpg.Connection, wanted: str) -> None:
    """Wait until the index is that far."""
    async with asyncio.timeout(60):
        while await connection.fetchval(PHASE) != wanted:
            await asyncio.sleep(0.05)


async def named(told: list[Notice], who: str) -> None:
    """Wait until it was said who is in the way."""
    async with asyncio.timeout(60):
        while not any(who in each.text for each in told):
            await asyncio.sleep(0.05)


def in_background(database: str, manner: Manner) -> asyncio.Task[list[str]]:
    """A migration that runs while the test goes on."""
    return asyncio.create_task(asyncio.to_thread(migrate, database, "head", manner))
