"""Expands by themselves, contracts by name, in any order; old and new builds on one database."""

import asyncio
import json
import os
import sys

import asyncpg
import pytest

from core.errors import Refused
from deploy.ops.migrating.apply import applied, known, migrate
from deploy.ops.migrating.contracts import contract
from deploy.ops.migrating.migrator import Manner
from deploy.ops.migrating.revisions import revisions
from tests.migrations.scratch import Scratch


async def columns(database: str, table: str) -> set[str]:
    """What a table has."""
    connection = await asyncpg.connect(database)
    rows = await connection.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_name = $1", table
    )
    await connection.close()
    return {row["column_name"] for row in rows}


async def heads(database: str) -> set[str]:
    """What Alembic takes for the newest."""
    connection = await asyncpg.connect(database)
    rows = await connection.fetch("SELECT version_num FROM alembic_version")
    await connection.close()
    return {row["version_num"] for row in rows}


@pytest.mark.parametrize("order", [("0201", "0202"), ("0202", "0201")])
async def test_contracts_are_applied_by_name_in_any_order_and_expands_go_on_after_them(
    database: str, scratch: Scratch, order: tuple[str, str]
) -> None:
    first = scratch.expand("0101", "CREATE TABLE pair (a text, b text, c text)")
    second = scratch.expand("0102", "ALTER TABLE pair ADD COLUMN d text")
    scratch.contract("0201", "ALTER TABLE pair DROP COLUMN a", drops=["pair.a"], after=first)
    scratch.contract("0202", "ALTER TABLE pair DROP COLUMN b", drops=["pair.b"], after=second)
    manner = Manner(scratch.folder)
    assert await asyncio.to_thread(migrate, database, manner=manner) == ["0101", "0102"]
    assert await columns(database, "pair") == {"a", "b", "c", "d"}
    for number in order:
        assert await asyncio.to_thread(contract, database, number, manner=manner) == [number]
        assert await asyncio.to_thread(contract, database, number, manner=manner) == []
    assert await columns(database, "pair") == {"c", "d"}
    assert {"0201", "0202"} <= await applied(database)
    scratch.expand("0301", "ALTER TABLE pair ADD COLUMN e text")
    assert await asyncio.to_thread(migrate, database, manner=manner) == ["0301"]
    assert await asyncio.to_thread(migrate, database, manner=manner) == []
    assert await heads(database) == {"0201", "0202", "0301"}


async def test_an_older_build_has_nothing_to_do_where_a_newer_one_has_been(
    database: str, scratch: Scratch
) -> None:
    old = scratch.folder.parent / "old"
    older = Scratch(old)
    scratch.expand("0101", "CREATE TABLE pair (a text, b text)")
    scratch.contract("0201", "ALTER TABLE pair DROP COLUMN a", drops=["pair.a"])
    await asyncio.to_thread(migrate, database, manner=Manner(scratch.folder))
    await asyncio.to_thread(contract, database, "0201", manner=Manner(scratch.folder))
    assert await asyncio.to_thread(migrate, database, manner=Manner(old)) == []
    older.contract("0202", "DROP TABLE usage", after="0012")
    with pytest.raises(Refused, match="0201, which this build does not know"):
        await asyncio.to_thread(contract, database, "0202", manner=Manner(old))
    assert "day" in await columns(database, "usage")
    older.expand("0102", "CREATE TABLE other (a text)")
    with pytest.raises(Refused, match="apply 0102_scratch with the newer build"):
        await asyncio.to_thread(migrate, database, manner=Manner(old))
    assert await columns(database, "other") == set()


async def test_a_contract_waits_for_its_expands_and_is_no_target_of_migrate(
    database: str, scratch: Scratch
) -> None:
    scratch.expand("0101", "CREATE TABLE pair (a text, b text)")
    scratch.contract("0201", "ALTER TABLE pair DROP COLUMN a", drops=["pair.a"])
    manner = Manner(scratch.folder)
    with pytest.raises(Refused, match="0101_scratch, not applied yet: `beleg migrate`"):
        await asyncio.to_thread(contract, database, "0201", manner=manner)
    with pytest.raises(Refused, match="`beleg migrate contract 0201`"):
        await asyncio.to_thread(migrate, database, "0201", manner)
    with pytest.raises(Refused, match="0101_scratch is an expand"):
        await asyncio.to_thread(contract, database, "0101", manner=manner)
    with pytest.raises(Refused, match="no revision 0999"):
        await asyncio.to_thread(contract, database, "0999", manner=manner)


async def test_a_contract_may_come_after_another_contract(database: str, scratch: Scratch) -> None:
    scratch.expand("0101", "CREATE TABLE pair (a text, b text)")
    scratch.contract("0201", "ALTER TABLE pair DROP COLUMN a", drops=["pair.a"])
    scratch.contract("0202", "ALTER TABLE pair DROP COLUMN b", drops=["pair.b"], after="0201")
    manner = Manner(scratch.folder)
    await asyncio.to_thread(migrate, database, "head", manner)
    with pytest.raises(Refused, match="It comes after 0201_scratch, not applied yet"):
        await asyncio.to_thread(contract, database, "0202", manner=manner)
    for number in ("0201", "0202"):
        assert await asyncio.to_thread(contract, database, number, manner=manner) == [number]
    assert {"0201", "0202"} <= await applied(database)


@pytest.mark.parametrize("below", [None, "0012"])
async def test_expands_that_are_no_single_chain_are_refused_before_anything_runs(
    database: str, scratch: Scratch, below: str | None
) -> None:
    scratch.expand("0101", "CREATE TABLE pair (a text)")
    scratch.head = below or ""
    scratch.expand("0102", "CREATE TABLE other (a text)")
    with pytest.raises(Refused, match="Not in the one chain of expands"):
        await asyncio.to_thread(migrate, database, manner=Manner(scratch.folder))
    assert await columns(database, "pair") == set()


async def test_a_revision_that_fails_in_its_middle_leaves_nothing_and_says_why(
    database: str, scratch: Scratch
) -> None:
    scratch.expand("0101", "CREATE TABLE pair (a text)", "ALTER TABLE nowhere ADD COLUMN a text")
    with pytest.raises(Refused, match=r'0101_scratch failed .* "nowhere" does not exist'):
        await asyncio.to_thread(migrate, database, manner=Manner(scratch.folder))
    assert await columns(database, "pair") == set()
    assert "0101" not in await applied(database)


async def test_pipelines_read_a_line_a_revision(empty_database: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.ops.cli", "migrate", "--json"),
        env={**os.environ, "BELEG_DATABASE_URL": empty_database},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    told = [json.loads(line) for line in out.splitlines()]
    assert process.returncode == 0
    assert [each["revision"] for each in told if each["event"] == "applied"] == sorted(known())
    assert told[-1] == {"event": "done", "applied": sorted(known())}


@pytest.mark.unit
def test_every_revision_says_which_phase_it_belongs_to() -> None:
    for revision in revisions():
        assert revision.kind in ("expand", "contract")
        assert revision.statements
        assert (revision.module.down_revision is None) == (
            revision.kind == "contract" or revision.number == "0001"
        )
