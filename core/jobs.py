"""Work for later, enqueued by the unit of work that wants it and done by the worker.

The queue is pgqueuer's; these are the columns that its own enqueue writes.

A job's name stands for what it carries and means, for ever. A worker takes up only those that it
knows by name and leaves all others to whoever does, so that of two builds beside each other each
does its own; what every build can do keeps its name, and what changes gets a new one.

Its headers say whose turn it takes, by which a worker is fair (`deploy/ops/turns.py`). A build that
knows nothing of turns neither writes nor reads them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import Column, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import ENUM, JSONB

from core import tracing
from core.db import Queryable, Tx
from core.query import Deferred, Query, metadata

pgqueuer = Table(
    "pgqueuer",
    metadata,
    Column("priority", Integer),
    Column("entrypoint", Text),
    Column("payload", LargeBinary),
    Column("status", ENUM(name="pgqueuer_status", create_type=False)),
    Column("headers", JSONB),
)
_JOB = Deferred(pgqueuer, "priority", "entrypoint", "payload", "status", "headers")
_SLOW = Query(
    """UPDATE pgqueuer SET headers = coalesce(headers, '{}') || '{"lane": "slow"}'
    WHERE id = $1""",
    ("id",),
    {},
)

_IS_WAITING = Query(
    """SELECT FROM pgqueuer WHERE status = 'queued' AND attempts = 0
        AND coalesce(headers->>'client', '') = $1 AND entrypoint = $2
        AND convert_from(payload, 'UTF8')::jsonb @> $3
    LIMIT 1""",
    ("client", "name", "payload"),
    {},
)

PAYLOADS: dict[str, frozenset[str]] = {}
"""What each job that this build knows carries."""


def job(name: str, *payload: str) -> str:
    """A job of this name, which carries just this; another payload needs another name."""
    PAYLOADS[name] = frozenset(payload)
    return name


def enqueue(tx: Tx, work: str, client_id: UUID, *, quick: bool = False, **payload: str) -> None:
    """Ask the worker to do this once the unit of work has committed; at least once.

    It is done in the client's turn, and may overtake what takes long where it is quick.
    """
    if PAYLOADS[work] != payload.keys():
        raise TypeError(f"the job {work} carries {', '.join(sorted(PAYLOADS[work]))}")
    headers = {"client": str(client_id), "lane": "quick" if quick else "common"}
    tx.defer(_JOB, 0, work, orjson.dumps({**payload, **tracing.carried()}), "queued", headers)


async def is_waiting(tx: Tx, work: str, client_id: UUID, **payload: str) -> bool:
    """Whether a job for the same waits that nobody has taken up yet."""
    return await tx.one(_IS_WAITING, client=str(client_id), name=work, payload=payload) is not None


async def demote(tx: Tx, id: int) -> None:
    """Have a job that takes longer than a quick one may take its turn among all others."""
    await tx.run(_SLOW, id=id)


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that failed on us: tried again at `next_at`; without, it is held for a person.

    Where an earlier build's is no longer there, it has no number.
    """

    id: int | None
    name: str
    subject: str
    attempts: int
    since: datetime
    next_at: datetime | None
    reason: str

    @property
    def held(self) -> bool:
        """Whether it waits for a person."""
        return self.next_at is None


_OWED = """(status = 'failed' OR status = 'queued'
    AND attempts > CASE headers->>'lane' WHEN 'slow' THEN 1 ELSE 0 END)"""  # once for its lane
_LET_GO = """UPDATE pgqueuer SET status = 'queued', attempts = 0, execute_after = now(),
    updated = now(), queue_manager_id = NULL WHERE """
# Of a job that was tried, the queue's own log says why it failed; of one long held perhaps not.
_FAILED = Query(
    f"""SELECT id, entrypoint, payload, attempts, created,
        CASE WHEN status = 'queued' THEN execute_after END AS next_at,
        (SELECT coalesce(traceback -> 'additional_context' ->> 'reason',
                traceback ->> 'exception_type')
            FROM pgqueuer_log WHERE job_id = pgqueuer.id AND traceback IS NOT NULL
            ORDER BY created DESC LIMIT 1) AS reason
    FROM pgqueuer WHERE {_OWED} ORDER BY id""",  # noqa: S608 - texts of ours
    (),
    {},
)
_WAKE = Query(
    _LET_GO + f"{_OWED} AND entrypoint = $1 AND convert_from(payload, 'UTF8')::jsonb @> $2",
    ("name", "payload"),
    {},
)
_RETRY = Query(_LET_GO + f"{_OWED} AND id = ANY($1)", ("ids",), {})


async def list_failed(db: Queryable) -> list[FailedJob]:
    """The jobs that failed on us and are not done, oldest first."""
    return [_failed(row) for row in await db.all(_FAILED)]


async def wake(tx: Tx, work: str, **payload: str) -> bool:
    """Let a job that failed on us be done at once, held or not; whether there was one."""
    return await tx.run(_WAKE, name=work, payload=payload) > 0


async def retry(tx: Tx, ids: Sequence[int]) -> int:
    """Let jobs that failed on us be done at once, held or not; how many there were."""
    return await tx.run(_RETRY, ids=list(ids))


def _failed(row: asyncpg.Record) -> FailedJob:
    payload = orjson.loads(row["payload"] or b"{}")
    subject = next((payload.get(each) for each in PAYLOADS.get(row["entrypoint"], ())), "")
    return FailedJob(
        row["id"],
        row["entrypoint"],
        str(subject),
        row["attempts"],
        row["created"],
        row["next_at"],
        row["reason"] or "",
    )
