"""What may still be used is not dropped: every reason is named, at once."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from core.errors import Refused
from core.settings import Environment, Settings
from deploy.ops.migrating.apply import applied, migrate
from deploy.ops.migrating.contracts import Guard, contract
from deploy.ops.migrating.forcing import noting
from deploy.ops.migrating.migrator import Manner
from tests.migrations.accident import moved_in
from tests.migrations.holding import holding
from tests.migrations.scratch import Scratch

DAY = timedelta(days=1)
BACKFILL = "INSERT INTO backfill (name, state, done, total, batch, updated_at)"


@pytest.fixture
async def connection(database: str) -> AsyncIterator[asyncpg.Connection]:
    """A session on the test's database."""
    opened = await asyncpg.connect(database)
    yield opened
    await opened.close()


@pytest.fixture
async def manner(database: str, scratch: Scratch) -> Manner:
    """A pair of columns, and the contract 0201 that drops one of them."""
    scratch.expand("0101", "CREATE TABLE pair (old text, new text)")
    scratch.contract(
        "0201", "ALTER TABLE pair DROP COLUMN old", needs=["0101_pair"], drops=["pair.old"]
    )
    chosen = Manner(scratch.folder)
    await asyncio.to_thread(migrate, database, "head", chosen)
    return chosen


@pytest.fixture
def guard(tmp_path: Path) -> Guard:
    """What is known of a build from before heartbeats."""
    (tmp_path / "0.1.0.json").write_text(json.dumps({"build": "0.1.0", "uses": ["pair.old"]}))
    return Guard(statements=tmp_path)


async def seen(
    connection: asyncpg.Connection,
    build: str,
    part: str,
    ago: timedelta = timedelta(0),
    uses: Sequence[str] = ("pair.old", "pair.new"),
) -> None:
    """A process of that build was seen so long ago."""
    await connection.execute(
        """INSERT INTO live_build (process, part, build, requires, uses, started_at, seen_at)
        VALUES ($1, $2, $3, '{}', $4, now(), now() - $5::interval)""",
        *(uuid4(), part, build, uses, ago),
    )


async def backfill(connection: asyncpg.Connection, state: str, done: int = 0) -> None:
    """The backfill that the contract needs stands like this."""
    await connection.execute(
        f"""{BACKFILL} VALUES ('0101_pair', $1, $2, 100, 100, now())
        ON CONFLICT (name) DO UPDATE SET state = $1, done = $2""",
        state,
        done,
    )


async def refused(database: str, guard: Guard, manner: Manner) -> list[str]:
    """The reasons for which the contract is refused, once each."""
    with pytest.raises(Refused) as refusal:
        await asyncio.to_thread(contract, database, "0201", guard, manner)
    assert "0201" not in await applied(database)
    first, *reasons = refusal.value.detail.splitlines()
    assert first == "0201_scratch is refused:"
    return reasons


async def test_all_that_stands_in_the_way_is_said_at_once_and_nothing_once_it_is_gone(
    connection: asyncpg.Connection, database: str, manner: Manner, guard: Guard
) -> None:
    await backfill(connection, "running", 63)
    for part in ("api", "api", "worker"):
        await seen(connection, "0.2.0+aa", part)
    await seen(connection, "0.3.0", "api", uses=["pair.new"])
    await seen(connection, "0.1.9", "api", 2 * DAY)
    async with silent(database):
        reasons = await refused(database, guard, manner)
    assert reasons[0].startswith(
        "Build 0.1.0 uses pair.old and is connected: sessions 2 called beleg."
    )
    assert reasons[1].startswith("Build 0.2.0+aa uses pair.old and is alive: 2 api, 1 worker.")
    assert reasons[2].startswith("Build 0.1.9 uses pair.old and may come back: last seen 2 days")
    assert reasons[3].startswith("Backfill 0101_pair is not verified (running, 63 %)")
    assert len(reasons) == 4
    await connection.execute("UPDATE live_build SET seen_at = seen_at - interval '8 days'")
    await backfill(connection, "verified")
    done = await asyncio.to_thread(contract, database, "0201", guard, manner)
    assert done == ["0201"]


async def test_each_part_of_a_silent_build_counts_though_no_newer_heart_has_noted_it(
    connection: asyncpg.Connection, database: str, manner: Manner, guard: Guard
) -> None:
    await backfill(connection, "verified")
    for name in ("public_api", "beleg-bff"):
        async with silent(database, name):
            (reason,) = await refused(database, guard, manner)
        assert f"is connected: sessions 1 called {name}." in reason


async def test_a_build_that_left_counts_until_its_window_ends(
    connection: asyncpg.Connection, database: str, manner: Manner, guard: Guard
) -> None:
    await backfill(connection, "verified")
    await seen(connection, "0.2.0", "api", 2 * DAY)
    (reason,) = await refused(database, guard, manner)
    assert "--anyway" in reason
    shorter = Guard(DAY, guard.statements)
    assert await asyncio.to_thread(contract, database, "0201", shorter, manner) == ["0201"]


async def test_a_live_build_counts_however_short_the_window(
    connection: asyncpg.Connection, database: str, manner: Manner, guard: Guard
) -> None:
    await backfill(connection, "verified")
    await seen(connection, "0.2.0", "worker", timedelta(seconds=20))
    none = Guard(timedelta(0), guard.statements, waived=nobody)
    (reason,) = await refused(database, none, manner)
    assert "is alive: 1 worker" in reason


async def test_a_build_that_ended_in_good_order_counts_no_longer_than_the_window(
    database: str, connection: asyncpg.Connection, manner: Manner, guard: Guard
) -> None:
    await seen(connection, "0.2.0+aa", "api", timedelta(seconds=5))
    await backfill(connection, "verified")
    await connection.execute("UPDATE live_build SET ended_at = seen_at")
    at_once = Guard(timedelta(0), guard.statements)
    assert await asyncio.to_thread(contract, database, "0201", at_once, manner) == ["0201"]


async def test_the_build_from_before_builds_were_counted_may_come_back_though_nobody_saw_it(
    empty_database: str,
) -> None:
    await asyncio.to_thread(migrate, empty_database, "0009")
    await moved_in(empty_database)
    await asyncio.to_thread(migrate, empty_database)
    with pytest.raises(Refused) as refused:
        await asyncio.to_thread(contract, empty_database, "0017")
    _, reason = refused.value.detail.splitlines()
    assert reason.startswith("Build 0.1.0 uses statement.transactions and may come back")


async def test_a_database_on_which_nobody_worked_waits_for_no_build(empty_database: str) -> None:
    await asyncio.to_thread(migrate, empty_database)
    assert await asyncio.to_thread(contract, empty_database, "0017") == ["0017"]


async def test_what_nobody_knows_the_uses_of_is_taken_to_use_everything(
    connection: asyncpg.Connection, database: str, manner: Manner, guard: Guard
) -> None:
    await backfill(connection, "verified")
    await seen(connection, "0.1.5", "api", DAY, uses=())
    (reason,) = await refused(database, guard, manner)
    assert "there is no statements/0.1.5.json" in reason


async def test_a_silent_build_that_was_noted_counts_by_what_it_was_frozen_with(
    connection: asyncpg.Connection, database: str, manner: Manner, guard: Guard
) -> None:
    await backfill(connection, "verified")
    await seen(connection, "0.1.0", "api", DAY, uses=())
    (reason,) = await refused(database, guard, manner)
    assert reason.startswith("Build 0.1.0 uses pair.old and may come back")


@pytest.mark.parametrize("state", [None, "pending", "paused", "failed", "cancelled"])
async def test_a_backfill_that_is_not_verified_stands_in_the_way(
    connection: asyncpg.Connection,
    database: str,
    manner: Manner,
    guard: Guard,
    state: str | None,
) -> None:
    if state:
        await backfill(connection, state)
    (reason,) = await refused(database, Guard(statements=guard.statements, waived=nobody), manner)
    assert f"0101_pair is not verified ({state or 'not begun'}" in reason


async def test_a_table_is_used_by_whoever_uses_a_column_of_it(
    connection: asyncpg.Connection, database: str, scratch: Scratch, guard: Guard
) -> None:
    scratch.expand("0101", "CREATE TABLE pair (old text)")
    scratch.contract("0201", "DROP TABLE pair", drops=["pair"])
    manner = Manner(scratch.folder)
    await asyncio.to_thread(migrate, database, "head", manner)
    await seen(connection, "0.2.0", "api", uses=["pair.old"])
    (reason,) = await refused(database, guard, manner)
    assert reason.startswith("Build 0.2.0 uses pair and is alive")


async def test_a_build_that_comes_while_locks_are_waited_for_is_seen(
    connection: asyncpg.Connection, database: str, manner: Manner, guard: Guard
) -> None:
    await backfill(connection, "verified")
    async with holding(database, "SELECT FROM pair"):
        going = asyncio.create_task(asyncio.to_thread(contract, database, "0201", guard, manner))
        await asyncio.sleep(0.5)
        await seen(connection, "0.2.0", "api")
    with pytest.raises(Refused, match=r"0\.2\.0 uses pair\.old and is alive"):
        await going


async def test_the_window_can_be_set_aside_with_a_reason_that_the_audit_log_keeps(
    connection: asyncpg.Connection, database: str, manner: Manner, guard: Guard
) -> None:
    await backfill(connection, "verified")
    await seen(connection, "0.2.0", "api", DAY)
    settings = Settings(env=Environment.TEST, database_url=database)
    forced = Guard(statements=guard.statements, waived=noting(settings, "0201", "never again"))
    assert await asyncio.to_thread(contract, database, "0201", forced, manner) == ["0201"]
    entry = await connection.fetchrow("SELECT action, detail FROM audit_entry")
    assert entry is not None
    detail = json.loads(entry["detail"])
    assert (entry["action"], detail["contract"]) == ("contract.forced", "0201")
    assert detail["reason"] == "never again"
    assert detail["objections"][0].startswith("Build 0.2.0 uses pair.old and may come back")


async def beleg(database: str, *words: str) -> tuple[int | None, str]:
    """Run a command as an operator does; its exit code and all that it printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.ops.cli", "migrate", "contract", *words),
        env={**os.environ, "BELEG_DATABASE_URL": database},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    return process.returncode, out.decode()


async def test_the_command_refuses_in_words_and_by_its_exit_code(database: str) -> None:
    code, said = await beleg(database, "0012", "--json")
    refusal, sentence = said.splitlines()
    assert code == 1
    assert json.loads(refusal)["event"] == "refused"
    assert sentence == "Error: 0012_backfills is an expand: `beleg migrate` applies it."


async def test_only_with_a_reason_is_anything_set_aside(database: str) -> None:
    code, said = await beleg(database, "0012", "--anyway")
    assert code == 2
    assert "goes with --reason" in said
    code, _ = await beleg(database, "0012", "--window-hours", "1")
    assert code == 2


async def nobody(_: Sequence[str]) -> None:
    """Set aside what may be set aside."""


@asynccontextmanager
async def silent(database: str, *names: str) -> AsyncIterator[None]:
    """Sessions of a build from before heartbeats."""
    sessions = [
        await asyncpg.connect(database, server_settings={"application_name": name})
        for name in names or ("beleg", "beleg")
    ]
    yield
    for session in sessions:
        await session.close()


async def test_a_window_made_shorter_stands_in_the_audit_log_with_what_it_let_pass(
    connection: asyncpg.Connection, database: str, manner: Manner, guard: Guard
) -> None:
    await backfill(connection, "verified")
    await seen(connection, "0.2.0", "api", DAY)
    settings = Settings(env=Environment.TEST, database_url=database)
    noted = noting(settings, "0201", "decommissioned")
    shorter = Guard(timedelta(hours=1), guard.statements, shortened=noted)
    assert await asyncio.to_thread(contract, database, "0201", shorter, manner) == ["0201"]
    detail = json.loads(await connection.fetchval("SELECT detail FROM audit_entry"))
    assert detail["reason"] == "decommissioned"
    assert detail["objections"][0].startswith("Build 0.2.0 uses pair.old and may come back")
    drops = await connection.fetchval("SELECT drops FROM applied_revision WHERE revision = '0201'")
    assert drops == ["pair.old"]


async def test_a_process_at_work_whose_heart_is_not_heard_is_seen_by_its_sessions(
    connection: asyncpg.Connection, database: str, manner: Manner, guard: Guard
) -> None:
    await backfill(connection, "verified")
    await seen(connection, "0.2.0+abc", "api", timedelta(minutes=5))
    at_work = await asyncpg.connect(
        database, server_settings={"application_name": "beleg/0.2.0+abc/api"}
    )
    (reason,) = await refused(database, guard, manner)
    assert reason == "Build 0.2.0+abc uses pair.old and has 1 sessions. Stop its processes."
    await at_work.close()
