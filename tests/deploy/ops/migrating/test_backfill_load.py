"""200,000 rows on their way while partners call and others write: nobody notices, none is lost."""

import asyncio
import random
from pathlib import Path
from uuid import UUID

import pytest

from core.pool import Connection
from deploy.ops.migrating.backfill import steering as backfill
from tests.deploy.ops.migrating.backfilling import (
    DOUBLED,
    NAME,
    beleg,
    connection_to,
    fill,
    progress,
    reach,
    said,
    waiting_for_a_lock,
    write,
    wrong,
)
from tests.deploy.ops.migrating.traffic import traffic

ROWS = 200_000


class Writers:
    """Those who write into the table meanwhile: what they wrote last, by the row's id."""

    def __init__(self, database: str) -> None:
        self._database = database
        self.wrote: dict[UUID, int] = {}

    async def keep_writing(self) -> None:
        """Insert rows and change some from before, again and again."""
        rng = random.Random(7)
        async with connection_to(self._database) as connection:
            old = await connection.fetch("SELECT id FROM proving TABLESAMPLE SYSTEM (5)")
            while True:
                amount = rng.randrange(1_000_000)
                changed = await connection.fetchval(
                    "UPDATE proving SET amount = $2 WHERE id = $1 RETURNING id",
                    rng.choice(old)["id"],
                    amount,
                )
                self.wrote[changed] = amount
                new = await connection.fetchval(
                    "INSERT INTO proving VALUES (gen_random_uuid(), $1) RETURNING id", amount
                )
                self.wrote[new] = amount
                await asyncio.sleep(0.005)


@pytest.mark.long
async def test_200000_rows_are_put_right_under_load_though_it_waits_is_paused_and_killed(
    database: str, tmp_path: Path
) -> None:
    folder, writers = write(tmp_path / "backfills"), Writers(database)
    async with connection_to(database) as connection:
        await fill(connection, ROWS)
        await backfill.register(connection, [DOUBLED])
        async with traffic(database, tmp_path) as calls:
            writing = asyncio.create_task(writers.keep_writing())
            await _wait_pause_and_kill(connection, folder, database)
            last = await beleg(folder, database, "backfill", "run", "--rest", "0.2")
            code, printed = await said(last, seconds=600)
            writing.cancel()
        assert code == 0, printed
        row = await progress(connection)
        assert row.verified
        assert await wrong(connection) == 0
        assert row.changed <= ROWS  # killed, and yet no row was put right twice
        rows = await connection.fetch("SELECT id, amount, doubled FROM proving")
        found = {row["id"]: row for row in rows}
        assert len(writers.wrote) > 100
        for each, amount in writers.wrote.items():
            assert (found[each]["amount"], found[each]["doubled"]) == (amount, 2 * amount)
        assert len(calls.calls) > 100
        assert not calls.failed


async def _wait_pause_and_kill(connection: Connection, folder: Path, database: str) -> None:
    first = await beleg(folder, database, "backfill", "run")
    await reach(connection, lambda row: row.done > 0)
    async with waiting_for_a_lock(database):
        await reach(connection, lambda row: row.waiting == "a session waits for locks")
    await reach(connection, lambda row: row.waiting is None)
    await backfill.pause(connection, NAME)
    code, _ = await said(first)
    paused = await progress(connection)
    assert (code, paused.state) == (1, "paused")
    await backfill.resume(connection, NAME)
    second = await beleg(folder, database, "backfill", "run")
    await reach(connection, lambda row: row.done > paused.done)
    second.kill()
    await second.wait()
    killed = await progress(connection)
    assert (killed.state, killed.verifying) == ("running", False)
