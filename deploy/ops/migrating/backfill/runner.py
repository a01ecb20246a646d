"""Runs one backfill: batch after batch until every row was seen to be right."""

import asyncio
import random
import time
from uuid import UUID

import asyncpg
import structlog

from core.errors import Conflict, Refused
from core.pool import Connection
from deploy.ops.migrating.backfill import ledger
from deploy.ops.migrating.backfill.files import (
    Backfill,
    Keyset,
    Stretch,
    counted_rows,
    estimated_rows,
)
from deploy.ops.migrating.backfill.ledger import BackfillProgress, BackfillState, Walked
from deploy.ops.migrating.backfill.throttle import Pace, Throttle, fitted, look

LOCKED = (
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
)
AWAY = (asyncpg.ReadOnlySQLTransactionError, asyncpg.OperatorInterventionError)
"""Not the backfill's fault: the server is shutting down, or is no longer the one that writes."""
LOG_SECONDS = 10.0
log = structlog.get_logger()


class BackfillStopped(Exception):
    """Somebody paused or cancelled it, runs it in our place, or told this process to stop."""


class BackfillRunner:
    """Whoever claimed a backfill, and goes on until it is verified, has failed, or is stopped."""

    def __init__(
        self,
        connection: Connection,
        backfill: Backfill,
        runner: UUID,
        pace: Pace,
        stopping: asyncio.Event,
    ) -> None:
        self._connection = connection
        self._backfill = backfill
        self._runner = runner
        self._pace = pace
        self._stopping = stopping
        self._throttle = Throttle(pace)
        self._keyset: Keyset
        self._rows = self._tries = 0
        self._verifying = False
        self._took = 0.0
        self._rate: float | None = None
        self._noted_at = self._logged_at = time.monotonic()
        ms = {
            "lock_timeout": pace.row_lock,
            "statement_timeout": pace.longest_batch,
        }
        limits = [f"SET LOCAL {name} = {round(value * 1000)}" for name, value in ms.items()]
        # What a crash of the server loses of a batch it loses of the cursor as well.
        self._limits = "; ".join(
            (*limits, "SET LOCAL synchronous_commit = off; SET LOCAL jit = off")
        )

    async def run(self) -> None:
        """Go on from wherever it was left; the table says what came of it."""
        name = self._backfill.name
        log.info("backfill_started", backfill=name)
        try:
            self._keyset = await Keyset.of(self._connection, self._backfill)
            while await self._walk():
                pass
        except BackfillStopped:
            await ledger.let_go(self._connection, name, self._runner)
            log.info("backfill_stopped", backfill=name)
        except AWAY:
            raise
        except (asyncpg.PostgresError, asyncpg.DataError, Refused) as problem:
            await self._fail(f"{type(problem).__name__}: {problem}")

    async def _fail(self, error: str) -> None:
        if self._connection.is_closed():
            return
        async with self._connection.transaction():
            if await ledger.hold(self._connection, self._backfill.name, self._runner):
                await ledger.end(self._connection, self._backfill.name, BackfillState.FAILED, error)
        log.error("backfill_failed", backfill=self._backfill.name, error=error)

    async def _walk(self) -> bool:
        """Walk all rows once, putting them right or verifying them; whether to walk again."""
        self._rows = await self._begin_pass()
        while await self._try_batch():
            await self._rest(self._took * self._throttle.rest)
        return await self._end_pass()

    async def _begin_pass(self) -> int:
        """Fix the last row of this pass, unless it was begun already; the next batch's rows."""
        connection, name = self._connection, self._backfill.name
        total = await counted_rows(connection, self._backfill)
        if total is None:
            total = await estimated_rows(connection, self._backfill)
        async with connection.transaction():
            row = await self._hold()
            self._verifying = row.verifying
            if row.until is not None:
                return row.batch
            until = await self._keyset.last(connection)
            await ledger.begin_pass(connection, name, until, total)
            return (await self._hold()).batch

    async def _end_pass(self) -> bool:
        connection, name = self._connection, self._backfill.name
        async with connection.transaction():
            row = await self._hold()
            if not row.verifying:
                await ledger.walk_again(connection, name, verifying=True, round=row.round)
            elif not row.wrong:
                await ledger.end(connection, name, BackfillState.VERIFIED)
            elif row.round < self._pace.rounds:
                await ledger.walk_again(connection, name, verifying=False, round=row.round + 1)
        if not row.verifying or (row.wrong and row.round < self._pace.rounds):
            return True
        if row.wrong:
            rounds = f"after {row.round} rounds" if row.round > 1 else "after one round"
            await self._fail(f"{row.wrong:,} rows are still wrong {rounds}")
        else:
            log.info("backfill_verified", backfill=name, rows=row.checked, changed=row.changed)
        return False

    async def _try_batch(self) -> bool:
        """One batch, or a part of it where rows are locked or slow; False after the last."""
        await self._await_turn()
        started = time.monotonic()
        try:
            stretch = await self._batch()
        except LOCKED:
            self._tries += 1
            self._rows = max(1, self._rows // 2)
            await self._renew("rows are locked by others")
            await self._sleep(random.uniform(0.5, 1) * min(2.0, 0.1 * self._tries))  # noqa: S311
            return True
        except asyncpg.QueryCanceledError:
            if self._rows == 1:
                limit = self._pace.longest_batch
                raise Conflict(f"a single row takes longer than {limit:g} s") from None
            self._rows = max(1, self._rows // 4)
            return True
        finally:
            self._took = time.monotonic() - started
        self._tries = 0
        if stretch is None:
            return False
        self._throttle.took(self._took)
        return True

    async def _batch(self) -> Stretch | None:
        """One transaction: the next rows, and the cursor behind them."""
        connection, started = self._connection, time.monotonic()
        async with connection.transaction():
            await connection.execute(self._limits)
            row = await self._hold()
            if row.until is None:
                return None
            most = self._pace.most_rows_checked if row.verifying else self._pace.most_rows
            self._rows = min(self._rows, most)
            stretch = await self._keyset.next(connection, row.cursor, row.until, self._rows)
            if stretch is None:
                return None
            changed = wrong = 0
            if row.verifying:
                wrong = await connection.fetchval(self._backfill.verify, *stretch.bounds)
            elif self._tries <= self._pace.row_tries:
                changed = await self._update(stretch)
            walked = self._walked(row, stretch, changed, wrong, time.monotonic() - started)
            await ledger.note(
                connection, self._backfill.name, self._runner, self._pace.lease, walked
            )
        self._rows = walked.batch
        self._log(row)
        return stretch

    async def _update(self, stretch: Stretch) -> int:
        tag = await self._connection.execute(self._backfill.update, *stretch.bounds)
        return int(tag.rsplit(" ", 1)[-1])

    def _walked(
        self, row: BackfillProgress, stretch: Stretch, changed: int, wrong: int, took: float
    ) -> Walked:
        now, pace = time.monotonic(), self._pace
        rate = stretch.rows / max(0.001, now - self._noted_at)
        self._rate = rate if self._rate is None else 0.8 * self._rate + 0.2 * rate
        self._noted_at = now
        rows, most = self._rows, pace.most_rows_checked if row.verifying else pace.most_rows
        if stretch.rows == rows:  # the last ones are fewer, and tell nothing
            rows = fitted(rows, took, pace, most)
        counts = {"checked": stretch.rows} if row.verifying else {"done": stretch.rows}
        return Walked(
            stretch.cursor,
            changed=changed,
            wrong=wrong,
            batch=rows,
            rate=self._rate,
            waiting=self._throttle.waiting,
            **counts,
        )

    async def _hold(self) -> BackfillProgress:
        row = await ledger.hold(self._connection, self._backfill.name, self._runner)
        if row is None:
            raise BackfillStopped
        return row

    async def _renew(self, waiting: str | None) -> None:
        name, lease = self._backfill.name, self._pace.lease
        if not await ledger.renew(self._connection, name, self._runner, lease, waiting):
            raise BackfillStopped

    async def _await_turn(self) -> None:
        """Wait for as long as others need the database more, and say why in the table."""
        while True:
            if self._stopping.is_set():
                raise BackfillStopped
            before = self._throttle.waiting
            load = await look(self._connection, self._backfill.quoted_table, self._pace)
            self._throttle.judge(load, time.monotonic(), reads=self._verifying)
            if self._throttle.waiting != before and self._throttle.waiting:
                log.info(
                    "backfill_waiting", backfill=self._backfill.name, why=self._throttle.waiting
                )
            if not self._throttle.waits:
                return
            await self._renew(self._throttle.waiting)
            await self._sleep(self._pace.look)

    async def _rest(self, seconds: float) -> None:
        """Rest so long, which may be longer than the lease, and hold on to it meanwhile."""
        held = self._pace.lease / 3
        while seconds > held and not self._stopping.is_set():
            await self._sleep(held)
            await self._renew(self._throttle.waiting)
            seconds -= held
        await self._sleep(seconds)

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass

    def _log(self, row: BackfillProgress) -> None:
        now = time.monotonic()
        if now - self._logged_at >= LOG_SECONDS:
            self._logged_at = now
            log.info(
                "backfill_walked",
                backfill=row.name,
                done=row.done,
                checked=row.checked,
                total=row.total,
                rows_per_second=round(self._rate or 0),
            )
