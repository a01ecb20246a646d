"""What a backfill would have to do, and whether all of it is done: looks, and changes nothing."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg

from core.pool import Connection
from deploy.ops.migrating.backfill.files import (
    Backfill,
    Keyset,
    Stretch,
    counted_rows,
    estimated_rows,
)
from deploy.ops.migrating.backfill.throttle import Pace, fitted

FIRST_ROWS = 500


@dataclass(frozen=True)
class BackfillPlan:
    """What running a backfill means: rows to walk, of these to put right, batches, seconds."""

    name: str
    rows: int
    wrong: int
    batches: int
    seconds: float
    exact: bool


async def verify(connection: Connection, backfill: Backfill, pace: Pace | None = None) -> int:
    """How many rows are wrong now, looked up a stretch at a time."""
    return sum([wrong async for _, wrong in _verified(connection, backfill, pace or Pace())])


async def plan(
    connection: Connection, backfill: Backfill, pace: Pace | None = None, patience: float = 20.0
) -> BackfillPlan:
    """How much there is to do; after so many seconds of looking the rest is estimated.

    One small batch is tried and undone, to see how fast it goes.
    """
    pace = pace or Pace()
    rows = await counted_rows(connection, backfill)
    exact, total = True, rows if rows is not None else await estimated_rows(connection, backfill)
    deadline, seen, wrong, per_row = time.monotonic() + patience, 0, 0, 0.0
    async for stretch, found in _verified(connection, backfill, pace):
        if found and not wrong:
            per_row = await _try_update(connection, backfill, stretch, pace) / found
        seen, wrong = seen + stretch.rows, wrong + found
        if time.monotonic() > deadline and seen < total:
            wrong, exact = round(wrong * total / seen), False
            break
    batch = min(pace.most_rows, round(sum(pace.batch) / 2 / max(per_row, 1e-6)))
    batches = -(-total // max(1, batch)) if wrong else 0
    seconds = wrong * per_row * (1 + pace.rest)
    return BackfillPlan(backfill.name, total, wrong, batches, round(seconds, 1), exact)


async def _verified(
    connection: Connection, backfill: Backfill, pace: Pace
) -> AsyncIterator[tuple[Stretch, int]]:
    """Each stretch of the table and how many of its rows are wrong."""
    keyset = await Keyset.of(connection, backfill)
    until, cursor, rows = await keyset.last(connection), None, FIRST_ROWS
    while until is not None:
        started = time.monotonic()
        stretch = await keyset.next(connection, cursor, until, rows)
        if stretch is None:
            return
        wrong = await connection.fetchval(backfill.verify, *stretch.bounds)
        cursor = stretch.cursor
        rows = fitted(rows, time.monotonic() - started, pace, pace.most_rows_checked)
        yield stretch, wrong


async def _try_update(
    connection: Connection, backfill: Backfill, stretch: Stretch, pace: Pace
) -> float:
    """Seconds that putting a stretch right takes, as far as a batch goes; it is undone."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(
            f"SET LOCAL lock_timeout = {round(pace.row_lock * 1000)};"
            f"SET LOCAL statement_timeout = {round(pace.batch[1] * 1000)}"
        )
        started = time.monotonic()
        await connection.execute(backfill.update, *stretch.bounds)
        return time.monotonic() - started
    except (asyncpg.LockNotAvailableError, asyncpg.QueryCanceledError):
        return pace.batch[1]
    finally:
        await transaction.rollback()
