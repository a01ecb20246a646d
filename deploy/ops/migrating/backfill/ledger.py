"""How far each backfill has come: the table `backfill`, and all SQL about it.

Whoever runs a backfill holds it for some seconds at a time, by a column and not by a session's
lock, so that it holds behind a connection pooler too; a batch looks and extends in its transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from core.pool import Connection


class BackfillState(StrEnum):
    """Where a backfill stands; contracts lean on those that are verified."""

    PENDING = "pending"
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    FAILED = "failed"
    VERIFIED = "verified"


@dataclass(frozen=True)
class BackfillProgress:
    """How far a backfill has come.

    `done` rows of about `total` were walked in this round, `changed` were put right in all of them;
    then `checked` were verified, of which `wrong` still were. `rate` is rows a second, `waiting`
    why it does not go on at full pace.
    """

    name: str
    state: str
    round: int
    verifying: bool
    cursor: str | None
    until: str | None
    done: int
    checked: int
    total: int | None
    changed: int
    wrong: int
    batch: int
    rate: float | None
    waiting: str | None
    error: str | None
    held: bool
    started_at: datetime | None
    updated_at: datetime
    verified_at: datetime | None

    @property
    def verified(self) -> bool:
        """Whether every row was seen to be right."""
        return self.state == BackfillState.VERIFIED

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1; 1 only where it is verified."""
        if self.verified:
            return 1.0
        walked = self.total if self.verifying and self.total else self.done
        return min(0.99, walked / self.total) if self.total else 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long the rest of this pass takes at the rate it has."""
        if self.total is None or not self.rate:
            return None
        walked = self.checked if self.verifying else self.done
        return max(0, self.total - walked) / self.rate


_COLUMNS = """name, state, round, verifying, cursor::text, until::text, done, checked, total,
    changed, wrong, batch, rate, waiting, error, coalesce(leased_until > clock_timestamp(), false)
    AND state = 'running' AS held, started_at, updated_at, verified_at"""
_HELD = "name = $1 AND runner = $2 AND state = 'running'"
_LEASE = "leased_until = clock_timestamp() + make_interval(secs => $3)"
_REGISTER = """
INSERT INTO backfill (name, state, updated_at)
SELECT name, 'pending', now() FROM unnest($1::text[]) AS each (name)
ON CONFLICT (name) DO NOTHING"""
_ALL = f"SELECT {_COLUMNS} FROM backfill ORDER BY name"  # noqa: S608
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('beleg backfills'))"
_HOLDER = "SELECT name FROM backfill WHERE state = 'running' AND leased_until > clock_timestamp()"
_CLAIM = f"""
UPDATE backfill SET state = 'running', runner = $2, {_LEASE}, waiting = NULL, error = NULL,
    started_at = coalesce(started_at, now()), updated_at = now()
WHERE name = (
    SELECT name FROM backfill WHERE name = ANY($1::text[]) AND state IN ('pending', 'running')
        AND split_part(name, '_', 1) IN (SELECT revision FROM applied_revision)
    ORDER BY name LIMIT 1)
RETURNING {_COLUMNS}"""  # noqa: S608
_HOLD = f"SELECT {_COLUMNS} FROM backfill WHERE {_HELD} FOR UPDATE"  # noqa: S608
_RENEW = f"""
UPDATE backfill SET {_LEASE}, waiting = $4, updated_at = now() WHERE {_HELD}"""  # noqa: S608
_LET_GO = f"""
UPDATE backfill SET state = 'pending', runner = NULL, leased_until = NULL, waiting = NULL,
    updated_at = now() WHERE {_HELD}"""  # noqa: S608
_BEGIN = """
UPDATE backfill SET cursor = NULL, until = $2::text::jsonb, total = $3,
    done = CASE WHEN verifying THEN done ELSE 0 END, checked = 0, wrong = 0, batch = 500,
    rate = NULL
WHERE name = $1"""
_WALKED = f"""
UPDATE backfill SET {_LEASE}, cursor = $4::text::jsonb, done = done + $5, checked = checked + $6,
    changed = changed + $7, wrong = wrong + $8, batch = $9, rate = $10, waiting = $11,
    updated_at = now()
WHERE {_HELD}"""  # noqa: S608
_WALK_AGAIN = """
UPDATE backfill SET verifying = $2, round = $3, cursor = NULL, until = NULL WHERE name = $1"""
_END = """
UPDATE backfill SET state = $2, error = $3, runner = NULL, leased_until = NULL, waiting = NULL,
    rate = NULL, updated_at = now(),
    verified_at = CASE WHEN $2 = 'verified' THEN now() ELSE verified_at END
WHERE name = $1"""
_STEER = f"""
UPDATE backfill SET state = $2, runner = NULL, leased_until = NULL, waiting = NULL, error = NULL,
    updated_at = now(), verified_at = CASE WHEN $2 = 'verified' THEN now() ELSE verified_at END
WHERE name = $1 AND state = ANY($3::text[]) RETURNING {_COLUMNS}"""  # noqa: S608
_ANEW = """
UPDATE backfill SET round = 1, verifying = false, cursor = NULL, until = NULL
WHERE name = $1"""


async def register_rows(connection: Connection, names: Sequence[str]) -> None:
    """Let the table know these backfills; those that it knows stay as they are."""
    await connection.execute(_REGISTER, list(names))


async def progress(connection: Connection) -> list[BackfillProgress]:
    """How far each has come, in the order in which they run."""
    return [BackfillProgress(*row) for row in await connection.fetch(_ALL)]


async def holder(connection: Connection) -> str | None:
    """The backfill that somebody is running."""
    name: str | None = await connection.fetchval(_HOLDER)
    return name


async def claim(
    connection: Connection, names: Sequence[str], runner: UUID, lease: float
) -> BackfillProgress | None:
    """Hold the first of these that can run, unless somebody runs one: one at a time a database."""
    async with connection.transaction():
        await connection.execute(_ONE_AT_A_TIME)
        if await holder(connection) is not None:
            return None
        row = await connection.fetchrow(_CLAIM, list(names), runner, lease)
        return BackfillProgress(*row) if row else None


async def hold(connection: Connection, name: str, runner: UUID) -> BackfillProgress | None:
    """Keep it as it is for this transaction; None where it is no longer this runner's."""
    row = await connection.fetchrow(_HOLD, name, runner)
    return BackfillProgress(*row) if row else None


async def renew(
    connection: Connection, name: str, runner: UUID, lease: float, waiting: str | None
) -> bool:
    """Go on holding it and say why it waits; False where it is no longer this runner's."""
    tag = await connection.execute(_RENEW, name, runner, lease, waiting)
    return tag == "UPDATE 1"


async def let_go(connection: Connection, name: str, runner: UUID) -> None:
    """Leave it to whoever comes next."""
    await connection.execute(_LET_GO, name, runner)


async def begin_pass(connection: Connection, name: str, until: str | None, total: int) -> None:
    """Start to walk from the first row to what is the last one now."""
    await connection.execute(_BEGIN, name, until, total)


async def walk_again(connection: Connection, name: str, *, verifying: bool, round: int) -> None:
    """Walk all of it once more: to verify it, or to put right what was still wrong."""
    await connection.execute(_WALK_AGAIN, name, verifying, round)


@dataclass(frozen=True)
class Walked:
    """What a batch did: up to which key, rows put right or checked and found wrong, and next."""

    cursor: str
    done: int = 0
    checked: int = 0
    changed: int = 0
    wrong: int = 0
    batch: int = 1
    rate: float | None = None
    waiting: str | None = None


async def note(
    connection: Connection, name: str, runner: UUID, lease: float, walked: Walked
) -> None:
    """Store what a batch did, in its own transaction."""
    numbers = (walked.done, walked.checked, walked.changed, walked.wrong, walked.batch)
    await connection.execute(
        _WALKED, name, runner, lease, walked.cursor, *numbers, walked.rate, walked.waiting
    )


async def end(
    connection: Connection, name: str, state: BackfillState, error: str | None = None
) -> None:
    """It is over: verified, or failed for a reason."""
    await connection.execute(_END, name, state.value, error)


async def steer(
    connection: Connection, name: str, to: BackfillState, *among: BackfillState
) -> BackfillProgress | None:
    """Put it into another state; None where it is in none of these."""
    row = await connection.fetchrow(_STEER, name, to.value, [each.value for each in among])
    return BackfillProgress(*row) if row else None


async def begin_anew(connection: Connection, name: str) -> None:
    """Forget how far it was: the next run walks all of it."""
    await connection.execute(_ANEW, name)
