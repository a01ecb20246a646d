"""How a worker runs backfills beside its jobs, even while its build waits for just these."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import asyncpg
import structlog

from core import telemetry
from core.db import CONNECTION_LOST, Database
from core.errors import Refused
from core.query import Query
from deploy.ops.migrating.backfill import steering as backfill
from deploy.ops.migrating.backfill.files import Backfill, read_backfills
from deploy.ops.migrating.backfill.throttle import Pace

LOOK_SECONDS = 5.0
TEMPORARY = (*CONNECTION_LOST, asyncpg.PostgresError, asyncpg.InterfaceError, Refused)
_HOW_FAR = Query(
    """SELECT name, state IN ('pending', 'running') AS open, state = 'failed' AS failed,
        CASE WHEN state = 'verified' THEN coalesce(total, done) ELSE done END AS done,
        coalesce(total, 0) AS total
    FROM backfill""",
    (),
    {},
)
log = structlog.get_logger()


class BackfillChore:
    """Runs what is pending and known to this build; says how far all are."""

    def __init__(
        self,
        url: str,
        *,
        enabled: bool = True,
        backfills: Sequence[Backfill] | None = None,
        pace: Pace | None = None,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._url = url
        self._enabled = enabled
        self._backfills = read_backfills() if backfills is None else backfills
        self._pace = pace or Pace()
        self._look_seconds = look_seconds

    async def run(self, db: Database, stopping: asyncio.Event) -> None:
        """Look every few seconds until told to stop; a batch that was begun is finished."""
        running: asyncio.Task[None] | None = None
        while not stopping.is_set():
            try:
                owed = await self._look(db)
            except TEMPORARY:  # no such table yet, or away: readiness says so
                owed = False
            if owed and self._enabled and (running is None or running.done()):
                running = asyncio.create_task(self._run(stopping))
            with suppress(TimeoutError):
                async with asyncio.timeout(self._look_seconds):
                    await stopping.wait()
        if running is not None:
            await running

    async def _look(self, db: Database) -> bool:
        """Whether one is to be run; how far they are goes into the metrics."""
        known, owed = {each.name for each in self._backfills}, False
        for row in await db.all(_HOW_FAR):
            telemetry.BACKFILL_DONE.labels(row["name"]).set(row["done"])
            telemetry.BACKFILL_TOTAL.labels(row["name"]).set(row["total"])
            telemetry.BACKFILL_FAILED.labels(row["name"]).set(row["failed"])
            owed = owed or (row["open"] and row["name"] in known)
        return owed

    async def _run(self, stopping: asyncio.Event) -> None:
        try:
            await backfill.run(self._url, self._backfills, self._pace, stopping)
        except TEMPORARY as problem:
            log.warning("backfill_interrupted", problem=type(problem).__name__)
