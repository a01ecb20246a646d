"""A table that is on its way into a new shape, for tests of backfills."""

from uuid import UUID, uuid4

import asyncpg

from core.pool import Connection
from deploy.ops.migrating.backfill import status
from deploy.ops.migrating.backfill_files import Backfill
from deploy.ops.migrating.backfill_ledger import BackfillProgress
from deploy.ops.migrating.backfill_throttle import Pace

NAME = "0001_doubled"
BRISK = Pace(rest=0.0, look=0.02, lease=1.0, busy_sessions=1_000)
"""As fast as it goes: for tests in which nobody is in the way."""
DOUBLED = Backfill(
    NAME,
    "proving",
    ("id",),
    "UPDATE proving SET doubled = amount * 2 WHERE id BETWEEN $1 AND $2 AND doubled IS NULL",
    """SELECT count(*) FROM proving
    WHERE id BETWEEN $1 AND $2 AND doubled IS DISTINCT FROM amount * 2""",
)
"""Fills a new column from an old one; `trigger` keeps the two in step from then on."""
TABLE = """
CREATE TABLE proving (id uuid PRIMARY KEY, amount bigint NOT NULL, doubled bigint);
CREATE FUNCTION keep_proving() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.doubled := NEW.amount * 2; RETURN NEW; END $$"""
TRIGGER = """
CREATE TRIGGER keep_proving BEFORE INSERT OR UPDATE ON proving
FOR EACH ROW EXECUTE FUNCTION keep_proving()"""


async def fill(connection: Connection, rows: int) -> None:
    """The table with so many rows from before the trigger was there."""
    await connection.execute(TABLE)
    await connection.execute(
        "INSERT INTO proving (id, amount)"
        " SELECT gen_random_uuid(), i FROM generate_series(1, $1) AS i",
        rows,
    )
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


async def lock_a_row(url: str) -> tuple[asyncpg.Connection, UUID]:
    """A session that keeps the first row locked until it is closed."""
    holder = await asyncpg.connect(url)
    await holder.execute("BEGIN")
    row = await holder.fetchval("SELECT id FROM proving ORDER BY id LIMIT 1 FOR UPDATE")
    return holder, row or uuid4()
