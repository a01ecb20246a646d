"""Work for later, enqueued by the unit of work that wants it and done by the worker.

The queue is pgqueuer's; these are the columns that its own enqueue writes.

A job's name stands for what it carries and means, for ever. A worker takes up only those that it
knows by name and leaves all others to whoever does, so that of two builds beside each other each
does its own; what every build can do keeps its name, and what changes gets a new one.

Its headers say whose turn it takes, by which a worker is fair (`deploy/ops/turns.py`). A build that
knows nothing of turns neither writes nor reads them.
"""

from uuid import UUID

import orjson
from sqlalchemy import Column, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import ENUM, JSONB

from core import tracing
from core.db import Tx
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


async def demote(tx: Tx, id: int) -> None:
    """Have a job that takes longer than a quick one may take its turn among all others."""
    await tx.run(_SLOW, id=id)
