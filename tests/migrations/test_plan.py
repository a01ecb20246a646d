"""What `beleg migrate plan` says of locks is what PostgreSQL does; who is in the way is named."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner

from deploy.ops.cli import main
from deploy.ops.migrating.apply import migrate
from deploy.ops.migrating.effects import MODES, effects_of
from deploy.ops.migrating.plan import plan
from deploy.ops.migrating.revisions import revisions

HERE = Path(__file__).parent
GOOD = revisions(HERE / "good_revisions")
HELD = """
    SELECT c.relname AS table, max(array_position($1, upper(regexp_replace(
        replace(mode, 'Lock', ''), '(?<=[a-z])(?=[A-Z])', ' ', 'g')))) AS mode
    FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
    WHERE l.pid = pg_backend_pid() AND c.relkind = 'r' AND c.relname = any($2) GROUP BY 1"""
TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)
WEAK = MODES.index("ROW EXCLUSIVE")


async def test_the_locks_that_are_told_are_those_that_postgresql_takes(database: str) -> None:
    connection = await asyncpg.connect(database, statement_cache_size=0)
    try:
        for revision in GOOD:
            there = [row[0] for row in await connection.fetch(TABLES)]
            if revision.is_concurrent:
                await connection.execute(revision.statements[0])
                continue
            for (statement, effects), sql in zip(
                effects_of(revision), revision.statements, strict=True
            ):
                async with connection.transaction():
                    await connection.execute(sql)
                    rows = await connection.fetch(HELD, list(MODES), there)
                taken = {row["table"]: MODES[row["mode"] - 1] for row in rows}
                assert _strong(taken) == _strong({each.table: each.mode for each in effects}), (
                    f"{revision.name}: {statement.text}"
                )
    finally:
        await connection.close()


def _strong(modes: Mapping[str, str]) -> dict[str, str]:
    """Those locks that any statement of a build would not take as well."""
    return {table: mode for table, mode in modes.items() if MODES.index(mode) > WEAK}


async def test_a_plan_says_what_is_locked_how_long_and_who_is_in_the_way(
    empty_database: str,
) -> None:
    await asyncio.to_thread(migrate, empty_database, "0004")
    reader = await asyncpg.connect(
        empty_database, server_settings={"application_name": "report by hand"}
    )
    try:
        async with reader.transaction():
            await reader.fetch("SELECT * FROM transaction")
            made = await plan(empty_database)
    finally:
        await reader.close()
    boxes = next(each for each in made.revisions if each.name == "0005_boxes")
    (lock,) = boxes.statements[0].locks
    assert lock.startswith("ACCESS EXCLUSIVE on transaction: stops reads and writes; changes the")
    assert lock.endswith("at most about 0.1 s")
    assert ["report by hand" in each for each in boxes.blockers] == [True]
    facts = next(each for each in made.revisions if each.name == "0007_facts")
    assert list(facts.blockers) == []


async def test_a_plan_tells_a_pipeline_the_same_and_changes_nothing(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELEG_DATABASE_URL", empty_database)
    arguments = ["migrate", "plan", "--json"]
    done = await asyncio.to_thread(CliRunner().invoke, main, arguments)
    assert done.exit_code == 0, done.output
    names = [each["name"] for each in json.loads(done.stdout)["revisions"]]
    assert names == [each.name for each in revisions() if each.kind == "expand"]
    connection = await asyncpg.connect(empty_database)
    assert await connection.fetch(TABLES) == []
    await connection.close()
    spoken = await asyncio.to_thread(CliRunner().invoke, main, ["migrate", "plan"])
    assert "nobody queues behind it" in spoken.stdout


async def test_a_plan_says_of_a_contract_what_the_contract_itself_would_say(
    database: str,
) -> None:
    connection = await asyncpg.connect(database, server_settings={"application_name": "public_api"})
    made = await plan(database)
    await connection.close()
    (reason,) = made.contracts["0018_drop_transaction_iso"]
    assert reason.startswith("Build 0.1.0 uses transaction.iso and is connected")
