"""A table that is on its way into a new shape, and `beleg` with backfills of the tests' own.

`python -m tests.deploy.ops.migrating.backfilling FOLDER backfill run` is `beleg backfill run` of a
build that brings the backfills in a folder.
"""

import asyncio
import functools
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg

from core.pool import Connection
from deploy.ops.migrating.backfill.files import Backfill
from deploy.ops.migrating.backfill.ledger import BackfillProgress
from deploy.ops.migrating.backfill.steering import status
from deploy.ops.migrating.backfill.throttle import Pace

NAME = "0001_doubled"
LEASE = 1.0
DEFAULT_PACE = "BELEG_TEST_DEFAULT_PACE"
"""Set where `beleg` here is to run at the pace that operators have."""
BRISK = Pace(rest=0.0, look=0.02, lease=LEASE, busy_sessions=1_000)
"""As fast as it goes: for tests in which nobody is in the way."""
SLOW = replace(BRISK, most_rows=100, most_rows_checked=2_000, rest=4.0)
"""Small batches and long rests: time to do something in between."""
DOUBLED = Backfill(
    NAME,
    "proving",
    ("id",),
    "UPDATE proving SET doubled = amount * 2 WHERE id BETWEEN $1 AND $2 AND doubled IS NULL",
    """SELECT count(*) FROM proving
    WHERE id BETWEEN $1 AND $2 AND doubled IS DISTINCT FROM amount * 2""",
)
"""Fills a new column from an old one; a trigger keeps the two in step from then on."""
TABLE = """
CREATE TABLE proving (id uuid PRIMARY KEY, amount bigint NOT NULL, doubled bigint);
CREATE FUNCTION keep_proving() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.doubled := NEW.amount * 2; RETURN NEW; END $$"""
TRIGGER = """
CREATE TRIGGER keep_proving BEFORE INSERT OR UPDATE ON proving
FOR EACH ROW EXECUTE FUNCTION keep_proving()"""


async def fill(connection: Connection, rows: int, *, trigger: bool = True) -> None:
    """The table with so many rows from before the trigger was there; ids go up with time."""
    await connection.execute(TABLE)
    await connection.execute(
        "INSERT INTO proving (id, amount)"
        " SELECT (lpad(to_hex(i), 8, '0') || left(md5(i::text), 24))::uuid, i"
        " FROM generate_series(1, $1) AS i",
        rows,
        timeout=600,
    )
    if trigger:
        await connection.execute(TRIGGER)
    await connection.execute("ANALYZE proving")


async def wrong(connection: Connection) -> int:
    """How many rows are wrong, told in the test's own words."""
    rows: int = await connection.fetchval(
        "SELECT count(*) FROM proving WHERE doubled IS NULL OR doubled <> amount + amount"
    )
    return rows


async def progress(connection: Connection, name: str = NAME) -> BackfillProgress:
    """How far it has come."""
    return {row.name: row for row in await status(connection)}[name]


async def reach(
    connection: Connection, fits: Callable[[BackfillProgress], Any], seconds: float = 300
) -> BackfillProgress:
    """How far it has come as soon as that fits."""
    async with asyncio.timeout(seconds):
        while not fits(row := await progress(connection)):
            await asyncio.sleep(0.005)
    return row


@asynccontextmanager
async def connection_to(url: str) -> AsyncIterator[Connection]:
    """A connection for as long as the block lasts."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close(timeout=60)


@asynccontextmanager
async def row_locked(url: str) -> AsyncIterator[None]:
    """A session that keeps the table's first row locked."""
    async with connection_to(url) as holder, holder.transaction():
        await holder.execute("SELECT FROM proving ORDER BY id LIMIT 1 FOR UPDATE")
        yield


@asynccontextmanager
async def waiting_for_a_lock(url: str) -> AsyncIterator[None]:
    """Two sessions, of which one waits for what the other has locked."""
    async with connection_to(url) as waiter:
        async with row_locked(url):
            task = asyncio.create_task(
                waiter.execute(
                    "UPDATE proving SET amount = 1 WHERE id = ("
                    "SELECT id FROM proving ORDER BY id LIMIT 1)"
                )
            )
            yield
        await task


def write(folder: Path, backfills: Iterable[Backfill] = (DOUBLED,)) -> Path:
    """A folder with these backfills' files."""
    folder.mkdir(exist_ok=True)
    for each in backfills:
        (folder / f"{each.name}.py").write_text(
            f"TABLE = {each.table!r}\nKEYS = {each.keys!r}\n"
            f"UPDATE = {each.update!r}\nVERIFY = {each.verify!r}\n"
        )
    return folder


async def beleg(folder: Path, database: str, *arguments: str, **environment: str) -> Process:
    """`beleg` as a process, of a build that brings the backfills in a folder."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.deploy.ops.migrating.backfilling", str(folder)),
        *arguments,
        env={**os.environ, "BELEG_DATABASE_URL": database, **environment},
        stdout=PIPE,
        stderr=PIPE,
    )


async def said(process: Process, seconds: float = 60) -> tuple[int, str]:
    """How a process ended and what it printed."""
    async with asyncio.timeout(seconds):
        out, err = await process.communicate()
    return process.returncode or 0, (out + err).decode()


def _main() -> None:
    from deploy.ops.cli import main
    from deploy.ops.migrating.backfill import commands as backfill_commands
    from deploy.ops.migrating.backfill import files as backfill_files

    backfill_files.FOLDER = Path(sys.argv[1])
    if DEFAULT_PACE not in os.environ:
        brisk = functools.partial(Pace, lease=LEASE, busy_sessions=1_000)
        setattr(backfill_commands, "Pace", brisk)  # noqa: B010
    main(sys.argv[2:])


if __name__ == "__main__":
    _main()
