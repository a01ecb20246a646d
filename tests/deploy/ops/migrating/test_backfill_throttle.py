"""A backfill keeps out of everybody's way, and says what it waits for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import asyncpg
import pytest

from deploy.ops.migrating.backfill import steering as backfill
from deploy.ops.migrating.backfill.throttle import DatabaseLoad, Pace, Throttle, fitted
from tests.deploy.ops.migrating.backfilling import (
    DOUBLED,
    SLOW,
    connection_to,
    fill,
    progress,
    reach,
    waiting_for_a_lock,
    wrong,
)

PACE = Pace(batch=(0.1, 0.3), busy_sessions=4)


@asynccontextmanager
async def vacuum(url: str) -> AsyncIterator[None]:
    """A vacuum of the table that takes its time, as autovacuum does."""
    async with connection_to(url) as connection, connection_to(url) as other:
        await connection.execute("SET vacuum_cost_delay = 100; SET vacuum_cost_limit = 1")
        task = asyncio.create_task(connection.execute("VACUUM (FREEZE) proving"))
        yield
        await other.execute("SELECT pg_cancel_backend($1)", connection.get_server_pid())
        with pytest.raises(asyncpg.QueryCanceledError):
            await task


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        (waiting_for_a_lock, "a session waits for locks"),
        (vacuum, "vacuum or an index build is at the table"),
    ],
)
async def test_it_waits_for_who_needs_the_database_more_and_says_for_whom(
    database: str, trouble: object, says: str
) -> None:
    async with connection_to(database) as connection:
        await fill(connection, 20_000)
        await backfill.register(connection, [DOUBLED])
        running = asyncio.create_task(backfill.run(database, [DOUBLED], SLOW))
        await reach(connection, lambda row: row.done > 0)
        async with trouble(database):  # type: ignore[operator]
            before = await reach(connection, lambda row: row.waiting == says)
            await asyncio.sleep(10 * SLOW.look)
            after = await progress(connection)
            assert (after.waiting, after.done) == (says, before.done)
            assert after.held
        await reach(connection, lambda row: row.waiting is None and row.done > before.done)
        await backfill.pause(connection, DOUBLED.name)
        await running
        assert await wrong(connection) < 20_000


@pytest.mark.unit
@pytest.mark.parametrize(
    ("load", "waits", "says"),
    [
        (DatabaseLoad(), False, None),
        (DatabaseLoad(lock_waits=3), True, "3 sessions wait for locks"),
        (DatabaseLoad(replica_lag=6.1), True, "a replica is 6 s behind"),
        (DatabaseLoad(replica_lag_bytes=80 << 20), True, "a replica is 80 MiB behind"),
        (DatabaseLoad(active=5), False, "5 sessions are at work"),
        (DatabaseLoad(active=4), False, None),
        (DatabaseLoad(dead_rows=600_000, live_rows=1_000), False, "600,000 dead rows wait"),
        (DatabaseLoad(dead_rows=600_000, live_rows=10_000_000), False, None),
    ],
)
def test_what_the_database_is_busy_with_decides(
    load: DatabaseLoad, waits: bool, says: str | None
) -> None:
    throttle = Throttle(PACE)
    throttle.judge(load, 0.0)
    assert throttle.waits is waits
    assert (throttle.waiting or "").startswith(says or "")
    assert throttle.rest == (PACE.busy_rest if says else PACE.rest)


@pytest.mark.unit
def test_somebody_who_never_lets_go_slows_it_down_and_does_not_stop_it_for_ever() -> None:
    throttle, stuck = Throttle(PACE), DatabaseLoad(lock_waits=1)
    throttle.judge(stuck, 0.0)
    throttle.judge(stuck, PACE.patience - 1)
    assert throttle.waits
    throttle.judge(stuck, PACE.patience + 1)
    assert not throttle.waits
    assert throttle.waiting
    assert throttle.rest == PACE.busy_rest
    throttle.judge(DatabaseLoad(), PACE.patience + 2)
    throttle.judge(stuck, PACE.patience + 3)
    assert throttle.waits  # that is somebody else


@pytest.mark.unit
def test_a_replica_is_waited_for_as_long_as_it_takes() -> None:
    throttle, behind = Throttle(PACE), DatabaseLoad(replica_lag=100.0)
    throttle.judge(behind, 0.0)
    throttle.judge(behind, 10 * PACE.patience)
    assert throttle.waits


@pytest.mark.unit
def test_what_only_reads_leaves_dead_rows_to_vacuum() -> None:
    throttle = Throttle(PACE)
    throttle.judge(DatabaseLoad(dead_rows=600_000), 0.0, reads=True)
    assert throttle.waiting is None


@pytest.mark.unit
def test_batches_that_stay_long_are_rested_after() -> None:
    throttle = Throttle(PACE)
    for _ in range(20):
        throttle.took(0.8)
    throttle.judge(DatabaseLoad(), 0.0)
    assert throttle.waiting == "batches take up to 0.8 s"


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rows", "took", "next_rows"),
    [
        (1_000, 0.2, 1_000),
        (1_000, 0.1, 1_000),
        (1_000, 0.4, 500),
        (1_000, 5.0, 250),
        (1_000, 0.05, 2_000),
        (1_000, 0.16, 1_000),
        (19_000, 0.01, 20_000),
        (20, 5.0, 10),
        (1, 0.01, 2),
        (4, 5.0, 4),
    ],
)
def test_a_batch_is_made_to_take_as_long_as_it_should(
    rows: int, took: float, next_rows: int
) -> None:
    assert fitted(rows, took, PACE, 20_000) == next_rows


async def test_rows_are_asked_for_by_the_index_however_far_it_has_come(database: str) -> None:
    """A batch at the end of a large table costs what one at its start did."""
    async with connection_to(database) as connection:
        await fill(connection, 50_000)
        await backfill.register(connection, [DOUBLED])
        await backfill.run(database, [DOUBLED], replace(SLOW, rest=0.0, most_rows=2_000))
        reads = await connection.fetchrow(
            "SELECT seq_tup_read, idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'proving'"
        )
        assert reads is not None
        assert reads["seq_tup_read"] + reads["idx_tup_fetch"] < 10 * 50_000
