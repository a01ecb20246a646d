"""Five million rows go through while partners call: their p99 grows by half at most.

`BELEG_PROVE_ROWS` makes it fewer, to see that it works; `BELEG_PROVE_RATIO` is by how much p99 may
grow, for a machine on which other things go on.
"""

import asyncio
import os
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from core.pool import Connection
from deploy.ops.migrating.backfill import steering as backfill
from deploy.ops.migrating.backfill.ledger import BackfillProgress
from deploy.ops.postgres import Embedded
from tests import postgres
from tests.deploy.ops.migrating.backfilling import (
    DEFAULT_PACE,
    DOUBLED,
    NAME,
    beleg,
    connection_to,
    fill,
    progress,
    reach,
    said,
    write,
    wrong,
)
from tests.deploy.ops.migrating.traffic import Call, p99, traffic

ROWS = int(os.environ.get("BELEG_PROVE_ROWS", "5000000"))
RATIO = float(os.environ.get("BELEG_PROVE_RATIO", "1.5"))
ALONE_SECONDS = 30.0


@pytest.fixture
async def durable_database() -> AsyncIterator[str]:
    """A migrated database on a disk, with every commit waited for, as in production."""
    with TemporaryDirectory(prefix="beleg-prove-") as folder, Embedded(Path(folder)) as embedded:
        server = await postgres.address(embedded)
        yield postgres.database(server, await postgres.create_template(server))


class Watch:
    """What was seen of the backfill, several times a second."""

    def __init__(self) -> None:
        self.waited: dict[str, int] = {}
        self.seen = 0

    async def keep_looking(self, database: str) -> None:
        """Count how often it gave which reason for going slowly."""
        async with connection_to(database) as connection:
            while True:
                row = await progress(connection)
                self.seen += 1
                if row.waiting:
                    words = "".join(c for c in row.waiting if not c.isdigit()).strip()
                    self.waited[words] = self.waited.get(words, 0) + 1
                await asyncio.sleep(0.25)


async def test_partners_hardly_notice_millions_of_rows(
    durable_database: str, tmp_path: Path
) -> None:
    database, folder, watch = durable_database, write(tmp_path / "backfills"), Watch()
    async with connection_to(database) as connection:
        await fill(connection, ROWS)
        await backfill.register(connection, [DOUBLED])
        async with traffic(database, tmp_path) as calls:
            await asyncio.sleep(ALONE_SECONDS)
            without = list(calls.calls)
            watching = asyncio.create_task(watch.keep_looking(database))
            await _pause_and_kill(connection, folder, database)
            await reach(connection, lambda row: not row.held)
            last = await _run(folder, database)
            # Starting a process takes a core for a second, which no worker does for a backfill.
            first = await reach(connection, lambda row: row.held)
            started = time.monotonic()
            code, printed = await said(last, seconds=7200)
            watching.cancel()
            during, took = calls.since(started), time.monotonic() - started
            # Lists get longer meanwhile, so what there is to compare with is looked at again.
            ended = time.monotonic()
            await asyncio.sleep(ALONE_SECONDS)
            without += calls.since(ended)
        assert code == 0, printed
        row = await progress(connection)
        _print(row, (row.done - first.done) / took, without, during, watch)
        assert row.verified
        assert row.changed == ROWS
        assert await wrong(connection) == 0
        assert not calls.failed
        assert p99(during) <= RATIO * p99(without)


async def _pause_and_kill(connection: Connection, folder: Path, database: str) -> None:
    first = await _run(folder, database)
    await reach(connection, lambda row: row.done > ROWS / 20, 600)
    await backfill.pause(connection, NAME)
    await said(first)
    await backfill.resume(connection, NAME)
    second = await _run(folder, database)
    await reach(connection, lambda row: row.done > ROWS / 10, 600)
    second.kill()
    await second.wait()


async def _run(folder: Path, database: str) -> Process:
    return await beleg(folder, database, "backfill", "run", **{DEFAULT_PACE: "1"})


def _print(
    row: BackfillProgress, speed: float, without: list[Call], during: list[Call], watch: Watch
) -> None:
    print(f"\n{ROWS:,} rows, {speed:,.0f} a second, verified as well; {row.changed:,} put right")
    print(f"{'':<8} {'calls':>8} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>8}")
    for name, calls in (("without", without), ("during", during)):
        ordered = sorted(1000 * call.seconds for call in calls)
        middle = ordered[len(ordered) // 2]
        print(f"{name:<8} {len(calls):>8} {middle:>8.1f} {1000 * p99(calls):>8.1f}", end="")
        print(f" {ordered[-1]:>8.1f}")
    print(f"p99 grew to {p99(during) / p99(without):.2f} times what it was")
    for words, times in watch.waited.items():
        print(f"{100 * times / watch.seen:.0f} % of the time: {words}")
