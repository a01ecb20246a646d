"""Work for later, enqueued by the unit of work that wants it and done by the worker.

The queue is pgqueuer's; these are the columns that its own enqueue writes.

A job's name stands for what it carries and means, for ever. A worker takes up only those that it
knows by name and leaves all others to whoever does, so that of two builds beside each other each
does its own; what every build can do keeps its name, and what changes gets a new one.
"""

import orjson
from sqlalchemy import Column, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import ENUM

from core.db import Tx
from core.query import Deferred, metadata

pgqueuer = Table(
    "pgqueuer",
    metadata,
    Column("priority", Integer),
    Column("entrypoint", Text),
    Column("payload", LargeBinary),
    Column("status", ENUM(name="pgqueuer_status", create_type=False)),
)
_JOB = Deferred(pgqueuer, "priority", "entrypoint", "payload", "status")


PAYLOADS: dict[str, frozenset[str]] = {}
"""What each job that this build knows carries."""


def job(name: str, *payload: str) -> str:
    """A job of this name, which carries just this; another payload needs another name."""
    PAYLOADS[name] = frozenset(payload)
    return name


def enqueue(tx: Tx, work: str, **payload: str) -> None:
    """Ask the worker to do this once the unit of work has committed; at least once."""
    if PAYLOADS[work] != payload.keys():
        raise TypeError(f"the job {work} carries {', '.join(sorted(PAYLOADS[work]))}")
    tx.defer(_JOB, 0, work, orjson.dumps(payload), "queued")
