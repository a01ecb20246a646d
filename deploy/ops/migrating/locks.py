"""Locks that are asked for, never queued for: whoever holds one is named, and nobody else waits.

A statement that waits for a strong lock makes every later request on the table wait behind it. So
it gives up after a tenth of a second, and what it belongs to is undone as a whole, holding nothing,
until those who were in the way have ended what they were doing.
"""

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import asyncpg

from core.errors import Unavailable
from deploy.ops.migrating.notices import Notice, Told, quiet

LOCK_MILLISECONDS = 100
PATIENCE_SECONDS = 600.0
AGAIN_SECONDS = 10.0
"""How often a blocker is named again, and how long one that stays is waited for before a try."""
REFUSED = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError)

BLOCKERS = """
    SELECT DISTINCT blocker AS pid, activity.application_name, activity.state, activity.query,
        activity.xact_start, extract(epoch FROM clock_timestamp() - activity.xact_start) AS seconds,
        waiting.wait_event = 'virtualxid' AS snapshot, vacuum.pid IS NOT NULL AS vacuums
    FROM unnest(pg_blocking_pids($1)) AS blocker
    LEFT JOIN pg_stat_activity activity ON activity.pid = blocker
    LEFT JOIN pg_stat_progress_vacuum vacuum ON vacuum.pid = blocker
    LEFT JOIN pg_stat_activity waiting ON waiting.pid = $1"""
# The same transaction; of sessions that we may not look into, only whether they hold anything.
STILL = """
    SELECT count(*) FROM unnest($1::int[], $2::timestamptz[]) AS held (pid, since) WHERE CASE
    WHEN pid = 0 THEN EXISTS (SELECT FROM pg_prepared_xacts)
    WHEN since IS NULL THEN EXISTS (SELECT FROM pg_locks WHERE pg_locks.pid = held.pid
        AND granted AND locktype = 'relation')
    ELSE EXISTS (SELECT FROM pg_stat_activity WHERE pg_stat_activity.pid = held.pid
        AND xact_start = since) END"""
DEADLOCK = "SELECT setting::int FROM pg_settings WHERE name = 'deadlock_timeout'"
PROGRESS = """
    SELECT phase, CASE WHEN blocks_total > 0 THEN 100 * blocks_done / blocks_total END AS percent
    FROM pg_stat_progress_create_index WHERE pid = $1"""

T = TypeVar("T")


@dataclass(frozen=True)
class Blocker:
    """A session that holds what a migration waits for."""

    pid: int
    application_name: str | None
    state: str | None
    since: datetime | None
    seconds: float
    beginning: str
    """The first words of its statement: words only, never a value."""
    holds_snapshot: bool
    vacuums: bool

    def __str__(self) -> str:
        if self.pid == 0:
            return "a prepared transaction (see pg_prepared_xacts)"
        name = self.application_name or ("vacuum" if self.vacuums else "no name")
        state = f", {self.state}" if self.state else ""
        words = f", at {self.beginning} …" if self.beginning else ""
        what = "snapshot" if self.holds_snapshot else "transaction"
        return f"session {self.pid} ({name}{state}, {what} open for {self.seconds:.0f} s{words})"


class Watch:
    """Sees through a second connection who holds up the first; says so, again every ten seconds."""

    def __init__(self, watcher: asyncpg.Connection, what: str, told: Told = quiet) -> None:
        self.blockers: dict[int, Blocker] = {}
        self._watcher = watcher
        self._what = what
        self._told = told
        self._said: dict[int, float] = {}
        self._asked: set[int] = set()
        self._progress_said = time.monotonic()

    @asynccontextmanager
    async def over(self, pid: int, every: float) -> AsyncIterator[None]:
        """Look at the session while the block lasts; what was seen is in `blockers`."""
        self.blockers = {}
        ended = asyncio.Event()
        looking = asyncio.create_task(self._look(pid, every, ended))
        try:
            yield
        finally:
            ended.set()
            await looking

    async def _look(self, pid: int, every: float, ended: asyncio.Event) -> None:
        while not ended.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), every)
                return
            for row in await self._watcher.fetch(BLOCKERS, pid):
                self.blockers[row["pid"]] = _blocker(row)
            self._say()
            await self._say_progress(pid)

    def _say(self) -> None:
        now = time.monotonic()
        for blocker in self.blockers.values():
            if now - self._said.get(blocker.pid, -AGAIN_SECONDS) < AGAIN_SECONDS:
                continue
            self._said[blocker.pid] = now
            self._told(
                Notice(
                    "waiting",
                    f"{self._what} waits for {blocker}.",
                    {"pid": blocker.pid, "application_name": blocker.application_name}
                    | {"state": blocker.state, "seconds": round(blocker.seconds, 1)},
                )
            )

    async def _say_progress(self, pid: int) -> None:
        now = time.monotonic()
        if now - self._progress_said < AGAIN_SECONDS:
            return
        if row := await self._watcher.fetchrow(PROGRESS, pid):
            percent = "" if row["percent"] is None else f" {row['percent']} %"
            text = f"{self._what}: {row['phase']}{percent}."
            self._told(Notice("progress", text, dict(row)))
            self._progress_said = now

    async def until_gone(self, seconds: float) -> None:
        """Wait until those who were in the way have ended their transactions, or seconds passed."""
        pids = [each.pid for each in self.blockers.values()]
        since = [each.since for each in self.blockers.values()]
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not await self._watcher.fetchval(STILL, pids, since):
                return
            await asyncio.sleep(0.1)

    async def until_it_yields(self) -> int | None:
        """How many milliseconds it takes a vacuum to give way, which each is asked for once.

        PostgreSQL ends an autovacuum that somebody has waited for as long as `deadlock_timeout`.
        """
        vacuums = {each.pid for each in self.blockers.values() if each.vacuums}
        if vacuums <= self._asked:
            return None
        self._asked |= vacuums
        return int(await self._watcher.fetchval(DEADLOCK)) + 2 * LOCK_MILLISECONDS


async def patiently(
    work: Callable[[int], Awaitable[T]],
    pid: int,
    watch: Watch,
    what: str,
    patience_seconds: float = PATIENCE_SECONDS,
) -> T:
    """Do the work of a session, whole, as often as it takes until it has had all its locks.

    The work is a transaction whose `lock_timeout` is so many milliseconds, and which is undone when
    it is refused a lock.
    """
    deadline = time.monotonic() + patience_seconds
    milliseconds = LOCK_MILLISECONDS
    while True:
        try:
            async with watch.over(pid, LOCK_MILLISECONDS / 1000 / 3):
                return await work(milliseconds)
        except REFUSED as problem:
            left = deadline - time.monotonic()
            if left <= 0:
                raise Unavailable(_gave_up(what, patience_seconds, watch)) from problem
        if longer := await watch.until_it_yields():
            milliseconds = longer
        else:
            milliseconds = LOCK_MILLISECONDS
            await watch.until_gone(min(left, AGAIN_SECONDS))
        await asyncio.sleep(random.uniform(0.05, 0.5))  # noqa: S311 - no secret


async def backend(connection: asyncpg.Connection) -> int:
    """The session's process: asked for, since a pooler makes up what the driver was told."""
    pid: int = await connection.fetchval("SELECT pg_backend_pid()")
    return pid


def first_words(sql: str) -> str:
    """What a statement begins with: letters only, so that no value is shown."""
    words = re.match(r"\s*([A-Za-z_.]+(?:\s+[A-Za-z_.]+){0,2})(?![\w$'])", sql)
    return " ".join(words[1].split()) if words else ""


def _blocker(row: asyncpg.Record) -> Blocker:
    return Blocker(
        pid=row["pid"],
        application_name=row["application_name"],
        state=row["state"],
        since=row["xact_start"],
        seconds=float(row["seconds"] or 0),
        beginning=first_words(row["query"] or ""),
        holds_snapshot=bool(row["snapshot"]),
        vacuums=row["vacuums"],
    )


def _gave_up(what: str, patience_seconds: float, watch: Watch) -> str:
    held = ", ".join(map(str, watch.blockers.values())) or "sessions that came and went"
    return (
        f"{what} could not have its locks in {patience_seconds:.0f} s; they were held by {held}."
        " Nothing of it is applied and nobody waited for it: end the blocker and run this again."
    )
