"""How a backfill keeps out of everybody's way: what it looks at, and when it waits."""

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from core.pool import Connection

FEWEST_ROWS = 10


@dataclass(frozen=True)
class Pace:
    """How hard a backfill may press; times in seconds."""

    batch: tuple[float, float] = (0.01, 0.03)
    longest_batch: float = 2.0
    """What takes longer is undone, and tried again with fewer rows."""
    row_lock: float = 0.1
    """How long a row may be waited for that another has locked."""
    row_tries: int = 20
    """After so many, what is locked is left to the next round."""
    rest: float = 3.0
    busy_rest: float = 4.0
    """How long to rest after a batch, in times of the batch: always, and where there is load."""
    look: float = 1.0
    """How often to look again while waiting."""
    patience: float = 600.0
    """After so long, waiting turns into resting longer; only a replica is waited for for ever."""
    lease: float = 5.0
    lock_wait: float = 0.05
    """Waits for locks that are shorter are everyday life."""
    replica_lag: float = 5.0
    replica_lag_bytes: int = 64 * 1024 * 1024
    busy_sessions: int = 2 * (os.cpu_count() or 1)
    dead_rows: int = 500_000
    """Fewer do not matter, whatever their share."""
    rounds: int = 3
    most_rows: int = 20_000
    most_rows_checked: int = 200_000


@dataclass(frozen=True)
class DatabaseLoad:
    """What the database is busy with, beside the backfill."""

    lock_waits: int = 0
    maintained: bool = False
    active: int = 0
    dead_rows: int = 0
    live_rows: int = 0
    replica_lag: float = 0.0
    replica_lag_bytes: int = 0


_LOOK = """
SELECT
    (SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE NOT granted AND locktype NOT IN ('virtualxid', 'advisory')
            AND datname = current_database()
            AND waitstart < clock_timestamp() - make_interval(secs => $2)),
    EXISTS (SELECT FROM pg_locks WHERE relation = to_regclass($1) AND granted
        AND mode = 'ShareUpdateExclusiveLock'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())),
    (SELECT count(*) FROM pg_stat_activity
        WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid()),
    coalesce((SELECT n_dead_tup FROM pg_stat_all_tables WHERE relid = to_regclass($1)), 0),
    coalesce((SELECT n_live_tup FROM pg_stat_all_tables WHERE relid = to_regclass($1)), 0),
    coalesce((SELECT max(extract(epoch FROM replay_lag)) FROM pg_stat_replication), 0)::float8,
    CASE WHEN pg_is_in_recovery() THEN 0 ELSE coalesce((
        SELECT max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn))
        FROM pg_stat_replication), 0) END::bigint"""


async def look(connection: Connection, table: str, pace: Pace) -> DatabaseLoad:
    """What the database is busy with now, as far as this role may see it."""
    row = await connection.fetchrow(_LOOK, table, pace.lock_wait)
    assert row is not None  # noqa: S101 - a select without FROM has one row
    return DatabaseLoad(*row)


class Throttle:
    """Decides before each batch whether to go on, to rest longer, or to wait."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._took: deque[float] = deque(maxlen=20)
        self._waiting_since: float | None = None
        self.waiting: str | None = None
        """Why it waits or rests longer."""
        self.waits = False
        """Whether it waits: no batch now."""

    def judge(self, load: DatabaseLoad, now: float, *, reads: bool = False) -> None:
        """Decide by what the database is busy with; what only reads leaves no dead rows."""
        stop, slow = next(self._stops(load), None), next(self._slows(load, reads), None)
        if stop is None:
            self._waiting_since = None
        elif self._waiting_since is None:
            self._waiting_since = now
        lasting = self._waiting_since is not None and now - self._waiting_since
        self.waits = stop is not None and (stop.endless or lasting < self._pace.patience)
        self.waiting = stop.why if stop else slow

    def took(self, seconds: float) -> None:
        """Learn how long a batch took."""
        self._took.append(seconds)

    @property
    def rest(self) -> float:
        """How many times a batch's duration to rest after it."""
        return self._pace.busy_rest if self.waiting else self._pace.rest

    def _stops(self, load: DatabaseLoad) -> Iterator["_Stop"]:
        pace = self._pace
        if load.lock_waits:
            some = "a session waits" if load.lock_waits == 1 else f"{load.lock_waits} sessions wait"
            yield _Stop(f"{some} for locks")
        if load.maintained:
            yield _Stop("vacuum or an index build is at the table")
        if load.replica_lag > pace.replica_lag:
            yield _Stop(f"a replica is {load.replica_lag:.0f} s behind", endless=True)
        if load.replica_lag_bytes > pace.replica_lag_bytes:
            behind = load.replica_lag_bytes / 1024 / 1024
            yield _Stop(f"a replica is {behind:,.0f} MiB behind", endless=True)

    def _slows(self, load: DatabaseLoad, reads: bool) -> Iterator[str]:
        pace = self._pace
        if load.active > pace.busy_sessions:
            yield f"{load.active} sessions are at work"
        if len(self._took) == self._took.maxlen:
            p95 = sorted(self._took)[-2]
            if p95 > 2 * pace.batch[1]:
                yield f"batches take up to {p95:.1f} s"
        if not reads and load.dead_rows > max(pace.dead_rows, load.live_rows // 2):
            yield f"{load.dead_rows:,} dead rows wait for vacuum"


@dataclass(frozen=True)
class _Stop:
    why: str
    endless: bool = False


def fitted(rows: int, took: float, pace: Pace, most: int) -> int:
    """How many rows the next batch has, so that it takes as long as it should."""
    shortest, longest = pace.batch
    if shortest <= took <= longest:
        return rows
    factor = (shortest + longest) / 2 / max(took, 0.001)
    fewest = min(rows, FEWEST_ROWS)  # below that, it is not the rows that take the time
    return max(fewest, min(most, round(rows * min(2.0, max(0.25, factor)))))
