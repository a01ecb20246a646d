"""Work for later, enqueued by the unit of work that wants it and done by the worker.

The queue is pgqueuer's; these are the columns that its own enqueue writes.
"""

import orjson
from sqlalchemy import Column, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import ENUM

from core import tracing
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


def enqueue(tx: Tx, work: str, **payload: str) -> None:
    """Ask the worker to do this once the unit of work has committed; at least once."""
    tx.defer(_JOB, 0, work, orjson.dumps({**payload, **tracing.carried()}), "queued")
