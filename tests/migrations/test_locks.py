"""Whoever holds a lock is named and waited for, and nobody waits because of the migration."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from core.errors import Refused
from deploy.ops.migrating.apply import applied, migrate
from deploy.ops.migrating.locks import first_words
from deploy.ops.migrating.migrator import Manner
from deploy.ops.migrating.notices import Notice
from tests.builders import House, part
from tests.migrations.holding import LOOK, READER, Load, holding, migrated_after_a_reader
from tests.migrations.scratch import Scratch

ANSWERS = 60
SLOW = (
    "INSERT INTO pair VALUES ('x')",
    """CREATE FUNCTION slow(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
    $$ BEGIN PERFORM pg_sleep(1.2); RETURN true; END $$""",
    "ALTER TABLE pair ADD CONSTRAINT slow CHECK (slow(a)) NOT VALID",
)
VALIDATE = "ALTER TABLE pair VALIDATE CONSTRAINT slow"
VALIDATED = "SELECT convalidated FROM pg_constraint WHERE conname = 'slow'"


async def test_an_open_reader_is_named_and_no_request_fails_or_waits_meanwhile(
    database: str, scratch: Scratch, tmp_path: Path, house: House
) -> None:
    scratch.expand("0101", "ALTER TABLE application ADD COLUMN colour text")
    told: list[Notice] = []
    manner = Manner(scratch.folder, told=told.append)
    partner = await house.partner()
    async with part("api", database, tmp_path) as api:
        load = Load(api.url, partner.key)
        async with load.running():
            async with holding(database, LOOK):
                migrating = in_background(database, manner)
                await until(lambda: waited(told) != set())
                begun = len(load.seconds)
                # Whoever queued behind it would wait to the end, which comes after these.
                await until(lambda: len(load.seconds) >= begun + ANSWERS)
                assert not migrating.done()
            assert await migrating == ["0101"]
    assert load.failed == []
    (blocker,) = (each.text for each in told if READER in each.text)
    assert "idle in transaction" in blocker
    assert "at SELECT id …" in blocker
    assert "Schmidt" not in blocker


async def test_a_server_that_ends_idle_sessions_lets_a_migrator_wait(
    database: str, scratch: Scratch
) -> None:
    scratch.expand("0101", "ALTER TABLE application ADD COLUMN colour text")
    owner = await asyncpg.connect(database)
    name = await owner.fetchval("SELECT current_database()")
    await owner.execute(f"ALTER DATABASE {name} SET idle_session_timeout = '300ms'")
    await owner.close()
    await migrated_after_a_reader(database, Manner(scratch.folder), 1.5)


async def test_a_lock_that_cannot_be_had_in_time_leaves_nothing_done_and_nobody_waiting(
    database: str, scratch: Scratch
) -> None:
    scratch.expand(
        "0101", "CREATE TABLE pair (a text)", "ALTER TABLE application ADD COLUMN colour text"
    )
    async with holding(database, LOOK) as reader:
        for patience in (0.3, 3, 30):  # who is in the way is seen, or looked for once more
            manner = Manner(scratch.folder, patience_seconds=patience)
            with pytest.raises(Refused, match="could not have its locks in") as refused:
                await asyncio.to_thread(migrate, database, "head", manner)
            if READER in str(refused.value):
                break
        assert READER in str(refused.value)
        assert await reader.fetchval("SELECT to_regclass('pair')") is None
    assert "0101" not in await applied(database)
    assert await asyncio.to_thread(migrate, database, "head", manner) == ["0101"]


async def test_every_session_in_the_way_is_named_and_what_comes_while_it_waits(
    database: str, scratch: Scratch
) -> None:
    scratch.expand("0101", "ALTER TABLE application ADD COLUMN colour text")
    told: list[Notice] = []
    manner = Manner(scratch.folder, told=told.append)
    async with holding(database, LOOK) as first:
        async with holding(database, LOOK) as second:
            pids = {first.get_server_pid(), second.get_server_pid()}
            migrating = in_background(database, manner)
            await until(lambda: len(waited(told)) == 2)
        async with holding(database, "LOCK TABLE application IN ROW EXCLUSIVE MODE") as third:
            pids.add(third.get_server_pid())
            await first.close()
            await until(lambda: len(waited(told)) == 3)
    assert await migrating == ["0101"]
    assert waited(told) == pids


async def test_a_statement_that_would_stop_everybody_for_long_is_ended(
    database: str, scratch: Scratch
) -> None:
    scratch.expand(
        "0101",
        "ALTER TABLE application ADD COLUMN colour text",
        "DO $$ BEGIN PERFORM pg_sleep(60); END $$",
        hidden="what is to be ended must take long",
    )
    manner = Manner(scratch.folder, statement_seconds=0.2)
    with pytest.raises(Refused, match=r"ran longer than 0\.2 s under a lock"):
        await asyncio.to_thread(migrate, database, "head", manner)
    assert "0101" not in await applied(database)


async def test_validating_may_take_long_since_nobody_waits_for_it(
    database: str, scratch: Scratch
) -> None:
    scratch.expand("0101", "CREATE TABLE pair (a text)", *SLOW)
    scratch.expand("0102", VALIDATE)
    manner = Manner(scratch.folder, statement_seconds=1)
    assert await asyncio.to_thread(migrate, database, "head", manner) == ["0101", "0102"]


async def test_what_was_validated_stays_so_while_the_rest_waits_for_its_lock(
    database: str, scratch: Scratch
) -> None:
    scratch.expand("0101", "CREATE TABLE pair (a text)", *SLOW)
    await asyncio.to_thread(migrate, database, "head", Manner(scratch.folder))
    scratch.expand("0102", VALIDATE, "ALTER TABLE pair ADD COLUMN b text")
    manner = Manner(scratch.folder, statement_seconds=1, patience_seconds=0.1)
    async with holding(database, "SELECT FROM pair") as reader:
        with pytest.raises(Refused, match="could not have its locks"):
            await asyncio.to_thread(migrate, database, "head", manner)
        assert await reader.fetchval(
            "SELECT convalidated FROM pg_constraint WHERE conname = 'slow'"
        )
    assert await asyncio.to_thread(migrate, database, "head", manner) == ["0102"]


async def test_a_second_migrator_says_who_is_at_work_and_gives_up_in_the_end(
    empty_database: str,
) -> None:
    told: list[Notice] = []
    first = await asyncpg.connect(empty_database)
    await first.execute("SELECT pg_advisory_lock(hashtext('beleg migrations'))")
    manner = Manner(patience_seconds=0.3, told=told.append)
    with pytest.raises(Refused, match="Another migrator has been at work"):
        await asyncio.to_thread(migrate, empty_database, "head", manner)
    assert [each.fields["pid"] for each in told] == [first.get_server_pid()]
    await first.close()


@pytest.mark.unit
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("SELECT 'Schmidt'", "SELECT"),
        ("UPDATE client SET name = 'Schmidt'", "UPDATE client SET"),
        ("SELECT secret1 FROM x", "SELECT"),
        ("/* Schmidt */ SELECT 1", ""),
        ("SELECT $tag$Schmidt$tag$", "SELECT"),
        ("SELECT E'Schmidt'", "SELECT"),
        ("<insufficient privilege>", ""),
    ],
)
def test_what_a_session_is_at_is_told_without_any_value(statement: str, words: str) -> None:
    assert first_words(statement) == words


def waited(told: list[Notice]) -> set[int]:
    """The sessions that were named as being in the way."""
    return {each.fields["pid"] for each in told if each.event == "waiting"}


async def until(true: Callable[[], bool]) -> None:
    """Wait for something."""
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.02)


def in_background(database: str, manner: Manner) -> asyncio.Task[list[str]]:
    """A migration that runs while the test goes on."""
    return asyncio.create_task(asyncio.to_thread(migrate, database, "head", manner))
