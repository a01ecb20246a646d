"""A backfill goes through beside whatever runs, and leaves no row wrong."""

import asyncio
from contextlib import suppress
from dataclasses import replace

import asyncpg
import pytest

from core.database_problems import CONNECTION_LOST
from core.errors import Conflict, NotFound
from deploy.ops.migrating.backfill import steering as backfill
from deploy.ops.migrating.backfill.files import Backfill
from tests.deploy.ops.migrating.backfilling import (
    BRISK,
    DOUBLED,
    NAME,
    SLOW,
    connection_to,
    fill,
    progress,
    reach,
    row_locked,
    wrong,
)

TYPED = {
    "bigint": "i::bigint AS a, 1::int AS b FROM generate_series(-700, 700) i",
    "time": """'2026-01-01 00:00:00.000001+02'::timestamptz + i * interval '1.000001 s' AS a,
        i AS b FROM generate_series(1, 1400) i""",
    "text": """chr(64 + i / 60) || '"ß' AS a, i AS b FROM generate_series(1, 1400) i""",
    "numeric": "(i / 7)::numeric(9, 3) AS a, i AS b FROM generate_series(1, 1400) i",
    "bytes": """decode(lpad(to_hex(i), 4, '0'), 'hex') AS a, 1 AS b
        FROM generate_series(1, 1400) i""",
}


async def test_a_build_that_brings_one_leaves_nothing_wrong(database: str) -> None:
    async with connection_to(database) as connection:
        await fill(connection, 3_000)
        await backfill.register(connection, [DOUBLED])
        assert (await progress(connection)).state == "pending"
        await backfill.run(database, [DOUBLED], BRISK)
        row = await progress(connection)
        assert (row.state, row.changed, row.done, row.checked) == ("verified", 3_000, 3_000, 3_000)
        assert await wrong(connection) == 0


@pytest.mark.parametrize("rows", [0, 200])
async def test_what_has_nothing_to_do_is_verified_at_once(database: str, rows: int) -> None:
    async with connection_to(database) as connection:
        await fill(connection, 0)
        await connection.execute(
            "INSERT INTO proving SELECT gen_random_uuid(), i FROM generate_series(1, $1) i", rows
        )
        await backfill.register(connection, [DOUBLED])
        row = await progress(connection)
        assert row.verified
        assert row.verified_at


async def test_looking_whether_there_is_anything_to_do_holds_no_migration_up(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill, "LOOK_SECONDS", 0.1)
    endless = replace(
        DOUBLED, verify="SELECT count(pg_sleep(600)) FROM proving WHERE id BETWEEN $1 AND $2"
    )
    async with connection_to(database) as connection:
        await fill(connection, 1)
        async with asyncio.timeout(60):
            await backfill.register(connection, [endless])
        assert (await progress(connection)).state == "pending"


async def test_one_whose_expand_is_not_applied_waits_for_it(database: str) -> None:
    early = replace(DOUBLED, name="9998_doubled")
    async with connection_to(database) as connection:
        await backfill.register(connection, [early])  # its table is not there yet either
        await backfill.run(database, [early], BRISK)
        assert (await progress(connection, early.name)).state == "pending"
        await fill(connection, 10)
        await connection.execute("INSERT INTO applied_revision (revision) VALUES ('9998')")
        await backfill.run(database, [early], BRISK)
        assert (await progress(connection, early.name)).verified


@pytest.mark.parametrize("keys", TYPED)
async def test_keys_of_any_types_are_walked(database: str, keys: str) -> None:
    typed = Backfill(
        "0001_typed",
        "typed",
        ("a", "b"),
        "UPDATE typed SET done = coalesce(done, 0) + 1"
        " WHERE (a, b) >= ($1, $2) AND (a, b) <= ($3, $4)",
        "SELECT count(*) FROM typed WHERE (a, b) >= ($1, $2) AND (a, b) <= ($3, $4)"
        " AND done IS DISTINCT FROM 1",
    )
    async with connection_to(database) as connection:
        await connection.execute(f"CREATE TABLE typed AS SELECT {TYPED[keys]}")
        await connection.execute(
            "ALTER TABLE typed ADD PRIMARY KEY (a, b); ALTER TABLE typed ADD done int"
        )
        await backfill.register(connection, [typed])
        await backfill.run(database, [typed], BRISK)
        row = await progress(connection, typed.name)
        assert row.verified, row.error  # each row once: none twice, none left out
        rows = await connection.fetchval("SELECT count(*) FROM typed WHERE done = 1")
        assert row.done == row.changed == rows


async def test_it_does_not_chase_what_is_inserted_meanwhile(database: str) -> None:
    growing = Backfill(
        NAME,
        "growing",
        ("id",),
        "UPDATE growing SET right_now = true WHERE id BETWEEN $1 AND $2 AND right_now IS NULL",
        "SELECT count(*) FROM growing WHERE id BETWEEN $1 AND $2 AND right_now IS NULL",
    )
    async with connection_to(database) as connection, connection_to(database) as other:
        await connection.execute(
            "CREATE TABLE growing (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
            " right_now boolean)"
        )
        await connection.execute("INSERT INTO growing SELECT FROM generate_series(1, 2000)")
        await backfill.register(connection, [growing])
        running = asyncio.create_task(backfill.run(database, [growing], SLOW))
        while not running.done() and not (await progress(connection)).verifying:
            await other.execute(
                "INSERT INTO growing (right_now) SELECT true FROM generate_series(1, 50)"
            )
            await asyncio.sleep(0.02)
        await running
        row = await progress(connection)
        assert row.verified, row.error
        assert row.changed == 2_000
        assert row.done < row.checked  # what came later is only looked at, once the rest was done


async def test_what_cannot_be_put_right_fails_with_its_reason_and_goes_on_once_mended(
    database: str,
) -> None:
    async with connection_to(database) as connection:
        await fill(connection, 2_000)
        await connection.execute(
            "ALTER TABLE proving ADD CONSTRAINT small CHECK (doubled < 3000) NOT VALID"
        )
        await backfill.register(connection, [DOUBLED])
        await backfill.run(database, [DOUBLED], replace(BRISK, most_rows=100))
        row = await progress(connection)
        assert row.state == "failed"
        assert row.error
        assert "small" in row.error
        await backfill.run(database, [DOUBLED], BRISK)
        assert (await progress(connection)).state == "failed"  # nobody tries it over and over
        await connection.execute("ALTER TABLE proving DROP CONSTRAINT small")
        await backfill.resume(connection, NAME)
        await backfill.run(database, [DOUBLED], BRISK)
        assert (await progress(connection)).verified
        assert await wrong(connection) == 0


async def test_rows_that_stay_wrong_are_counted_after_the_last_round(database: str) -> None:
    lame = replace(DOUBLED, update=f"{DOUBLED.update} AND amount > 7")
    async with connection_to(database) as connection:
        await fill(connection, 1_000)
        await backfill.register(connection, [lame])
        await backfill.run(database, [lame], BRISK)
        row = await progress(connection)
        assert (row.state, row.round) == ("failed", BRISK.rounds)
        assert row.error
        assert "7 rows are still wrong" in row.error
        await backfill.resume(connection, NAME)
        await backfill.run(database, [DOUBLED], BRISK)
        assert (await progress(connection)).verified


async def test_what_an_old_build_writes_meanwhile_is_put_right_in_the_next_round(
    database: str,
) -> None:
    async with connection_to(database) as connection:
        await fill(connection, 3_000, trigger=False)
        await backfill.register(connection, [DOUBLED])
        running = asyncio.create_task(backfill.run(database, [DOUBLED], SLOW))
        await reach(connection, lambda row: row.done > 2_000)
        await connection.execute("UPDATE proving SET amount = 5, doubled = NULL WHERE amount < 9")
        await running
        row = await progress(connection)
        assert (row.state, row.round) == ("verified", 2)
        assert await wrong(connection) == 0


async def test_a_locked_row_holds_up_neither_the_others_nor_who_locked_it(database: str) -> None:
    hasty = replace(BRISK, row_tries=3, row_lock=0.02, rounds=99)
    async with connection_to(database) as connection:
        await fill(connection, 2_000)
        await backfill.register(connection, [DOUBLED])
        async with row_locked(database):
            running = asyncio.create_task(backfill.run(database, [DOUBLED], hasty))
            await reach(connection, lambda row: row.waiting == "rows are locked by others")
            await reach(connection, lambda row: row.verifying)
            assert 1 <= await wrong(connection) < 100
        await running
        assert (await progress(connection)).verified
        assert await wrong(connection) == 0


async def test_it_is_paused_between_two_batches_and_resumed_where_it_stopped(database: str) -> None:
    async with connection_to(database) as connection:
        await fill(connection, 20_000)
        await backfill.register(connection, [DOUBLED])
        running = asyncio.create_task(backfill.run(database, [DOUBLED], SLOW))
        await reach(connection, lambda row: row.done > 0)
        await backfill.pause(connection, NAME)
        await running
        paused = await progress(connection)
        assert paused.state == "paused"
        assert 0 < paused.done < 20_000
        assert await wrong(connection) == 20_000 - paused.done
        await backfill.run(database, [DOUBLED], BRISK)  # as a worker would, all the time
        assert await progress(connection) == paused
        await backfill.resume(connection, NAME)
        await backfill.run(database, [DOUBLED], BRISK)
        row = await progress(connection)
        assert row.verified
        assert row.changed == row.done == 20_000  # none was walked twice


async def test_one_that_is_cancelled_stays_so_until_somebody_resumes_it(database: str) -> None:
    async with connection_to(database) as connection:
        await fill(connection, 5_000)
        await backfill.register(connection, [DOUBLED])
        running = asyncio.create_task(backfill.run(database, [DOUBLED], SLOW))
        await reach(connection, lambda row: row.done > 0)
        await backfill.cancel(connection, NAME)
        await running
        await backfill.register(connection, [DOUBLED])  # the next `beleg migrate`
        await backfill.run(database, [DOUBLED], BRISK)
        assert (await progress(connection)).state == "cancelled"
        with pytest.raises(Conflict, match="is cancelled"):
            await backfill.pause(connection, NAME)
        await backfill.resume(connection, NAME)
        await backfill.run(database, [DOUBLED], BRISK)
        assert (await progress(connection)).verified


async def test_steering_one_that_is_not_there_says_which_there_are(database: str) -> None:
    async with connection_to(database) as connection:
        await fill(connection, 0)
        await backfill.register(connection, [DOUBLED])
        with pytest.raises(NotFound, match=NAME):
            await backfill.pause(connection, "0001_dubbled")


async def test_one_process_at_a_time_runs_one_and_the_next_takes_over_a_lost_one(
    database: str,
) -> None:
    second = replace(DOUBLED, name="0002_doubled_too")
    async with connection_to(database) as connection:
        await fill(connection, 20_000)
        await backfill.register(connection, [DOUBLED, second])
        running = asyncio.create_task(backfill.run(database, [DOUBLED, second], SLOW))
        await reach(connection, lambda row: row.held)
        await backfill.run(database, [DOUBLED, second], BRISK)  # comes back at once
        row = await progress(connection)
        assert row.state == "running"
        assert row.done < 20_000
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name LIKE 'beleg/%/backfill'"
        )
        with suppress(*CONNECTION_LOST, asyncpg.PostgresError, asyncpg.InterfaceError):
            await running
        await reach(connection, lambda row: not row.held)
        await backfill.run(database, [DOUBLED, second], BRISK)
        assert all([(await progress(connection, name)).verified for name in (NAME, second.name)])
        assert await wrong(connection) == 0


async def test_whoever_rests_longer_than_its_lease_still_holds_it(database: str) -> None:
    slow = replace(DOUBLED, update=f"{DOUBLED.update} AND pg_sleep(0.002) IS NOT NULL")
    pace = replace(SLOW, batch=(0.1, 1.0), rest=600.0, lease=1.5)
    until = "SELECT leased_until FROM backfill WHERE name = $1"
    async with connection_to(database) as connection:
        await fill(connection, 1_000)
        await backfill.register(connection, [slow])
        running = asyncio.create_task(backfill.run(database, [slow], pace))
        begun = await reach(connection, lambda row: row.done > 0)
        leased, at_its_rest = await connection.fetchval(until, NAME), begun.done
        async with asyncio.timeout(60):
            for _ in range(3):  # each of which is a third of the lease later
                while (renewed := await connection.fetchval(until, NAME)) == leased:
                    await asyncio.sleep(0.05)
                leased = renewed
        row = await reach(connection, lambda row: row.held)
        assert row.done == at_its_rest
        await backfill.pause(connection, NAME)
        async with asyncio.timeout(60):  # it is at rest for longer, and notices
            await running


async def test_a_process_that_is_told_to_stop_hands_it_back(database: str) -> None:
    stopping = asyncio.Event()
    async with connection_to(database) as connection:
        await fill(connection, 20_000)
        await backfill.register(connection, [DOUBLED])
        running = asyncio.create_task(backfill.run(database, [DOUBLED], SLOW, stopping))
        await reach(connection, lambda row: row.done > 0)
        stopping.set()
        async with asyncio.timeout(60):
            await running
        assert (await progress(connection)).state == "pending"


async def test_a_batch_that_takes_too_long_is_undone_and_made_smaller(database: str) -> None:
    slow = replace(
        DOUBLED,
        update="UPDATE proving SET doubled = amount * 2 + length(pg_sleep(0.002)::text)"
        " WHERE id BETWEEN $1 AND $2 AND doubled IS NULL",
    )
    async with connection_to(database) as connection:
        await fill(connection, 300)
        await backfill.register(connection, [slow])
        await backfill.run(database, [slow], replace(BRISK, longest_batch=0.2, batch=(0.05, 0.1)))
        row = await progress(connection)
        assert row.verified, row.error
        assert row.changed == 300
