"""Who calls which operation of which version, by day and by app build.

Calls are counted in memory and added to the database every few seconds: a crash loses no more.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Integer,
    Table,
    Text,
    Uuid,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from core.clients.store import client
from core.db import Queryable, Tx
from core.query import compiled, metadata, param

FLUSH_SECONDS = 5.0
NO_BUILD = ""
MOST_BUILDS = 10_000  # of one process between two flushes; more are counted without their build


@dataclass(frozen=True, slots=True)
class OperationCalls:
    """How often a client called an operation from a build, and when last."""

    client_id: UUID
    client: str
    version: str
    operation: str
    build: str
    calls: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class VersionCalls:
    """How often a client called a version, and when last; a test client lives in a sandbox."""

    client_id: UUID
    client: str
    test: bool
    version: str
    calls: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class DailyCalls:
    """How often a version was called on a day."""

    day: date
    version: str
    calls: int


@dataclass(frozen=True, slots=True)
class UsageFilter:
    """Days, both inclusive, of one client and one version where these are named."""

    first: date
    last: date
    client_id: UUID | None = None
    version: str | None = None


usage = Table(
    "usage",
    metadata,
    Column("day", Date, primary_key=True),
    Column("client_id", Uuid, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("operation", Text, primary_key=True),
    Column("build", Text, primary_key=True),
    Column("calls", BigInteger),
    Column("last_at", DateTime(timezone=True)),
)
_NEW = (
    func.unnest(
        param("days", ARRAY(Date)),
        param("clients", ARRAY(Uuid)),
        param("versions", ARRAY(Text)),
        param("operations", ARRAY(Text)),
        param("builds", ARRAY(Text)),
        param("calls", ARRAY(BigInteger)),
    )
    .table_valued(
        Column("day", Date),
        Column("client_id", Uuid),
        Column("version", Text),
        Column("operation", Text),
        Column("build", Text),
        Column("calls", BigInteger),
        name="new",
    )
    .render_derived()
)
_INSERT = insert(usage).from_select(
    [column.name for column in usage.c],
    select(*_NEW.c, param("now", DateTime(timezone=True))),
)
_ADD = compiled(
    _INSERT.on_conflict_do_update(
        index_elements=[column.name for column in usage.primary_key],
        set_={
            "calls": usage.c.calls + _INSERT.excluded.calls,
            "last_at": _INSERT.excluded.last_at,
        },
    )
)
_CALLS = func.sum(usage.c.calls).cast(BigInteger)
_LAST = func.max(usage.c.last_at)
_LINE = (usage.c.client_id, client.c.name, usage.c.version, usage.c.operation, usage.c.build)
_OF_VERSION = or_(param("version", Text).is_(None), usage.c.version == param("version", Text))
_OF_CLIENT = or_(param("client_id", Uuid).is_(None), usage.c.client_id == param("client_id", Uuid))
_BETWEEN = usage.c.day.between(param("first", Date), param("last", Date))
_LINES = (
    select(
        usage.c.client_id,
        client.c.name.label("client"),
        *_LINE[2:],
        _CALLS.label("calls"),
        _LAST.label("last_at"),
    )
    .join(client, client.c.id == usage.c.client_id)
    .group_by(*_LINE)
)
_SINCE = compiled(
    _LINES.where(usage.c.day >= param("since"), _OF_VERSION).order_by(
        usage.c.version, client.c.name, usage.c.operation, usage.c.build
    )
)
_BUSIEST = compiled(
    _LINES.where(_BETWEEN, _OF_VERSION, _OF_CLIENT)
    .order_by(_CALLS.desc(), *_LINE[1:])
    .limit(param("limit", Integer))
)
_DAYS = compiled(
    select(usage.c.day, usage.c.version, _CALLS.label("calls"))
    .where(_BETWEEN, _OF_VERSION, _OF_CLIENT)
    .group_by(usage.c.day, usage.c.version)
    .order_by(usage.c.day, usage.c.version)
)
_CALLERS = compiled(
    select(
        usage.c.client_id,
        client.c.name.label("client"),
        client.c.test,
        usage.c.version,
        _CALLS.label("calls"),
        _LAST.label("last_at"),
    )
    .join(client, client.c.id == usage.c.client_id)
    .where(_BETWEEN)
    .group_by(usage.c.client_id, client.c.name, client.c.test, usage.c.version)
    .order_by(client.c.name, usage.c.client_id, usage.c.version)
)


class CallCounter:
    """What this process has counted and not yet written."""

    def __init__(self) -> None:
        self._calls: Counter[tuple[date, UUID, str, str, str]] = Counter()

    def note(self, client_id: UUID, version: str, operation: str, build: str) -> None:
        """Count one call."""
        key = (datetime.now(UTC).date(), client_id, version, operation, build)
        if key not in self._calls and len(self._calls) > MOST_BUILDS:
            key = (*key[:4], NO_BUILD)
        self._calls[key] += 1

    async def flush(self, tx: Tx) -> None:
        """Write what was counted; it is counted again if the unit of work fails."""
        calls, self._calls = self._calls, Counter()
        if not calls:
            return
        keys = sorted(calls, key=lambda key: (key[0], key[1].bytes, *key[2:]))  # no deadlocks
        try:
            await tx.run(
                _ADD,
                days=[key[0] for key in keys],
                clients=[key[1] for key in keys],
                versions=[key[2] for key in keys],
                operations=[key[3] for key in keys],
                builds=[key[4] for key in keys],
                calls=[calls[key] for key in keys],
                now=datetime.now(UTC),
            )
        except BaseException:
            self._calls.update(calls)
            raise


async def since(db: Queryable, days: int, version: str | None = None) -> Sequence[OperationCalls]:
    """Who called in the last days, by client, version, operation and build."""
    first = datetime.now(UTC).date() - timedelta(days=days)
    rows = await db.all(_SINCE, since=first, version=version)
    return [OperationCalls(**dict(row)) for row in rows]


async def callers(db: Queryable, first: date, last: date) -> list[VersionCalls]:
    """Who called which version in these days, by name."""
    rows = await db.all(_CALLERS, first=first, last=last)
    return [VersionCalls(**dict(row)) for row in rows]


async def by_day(db: Queryable, filters: UsageFilter) -> list[DailyCalls]:
    """How often each version was called on each day that it was, oldest first."""
    rows = await db.all(
        _DAYS,
        first=filters.first,
        last=filters.last,
        client_id=filters.client_id,
        version=filters.version,
    )
    return [DailyCalls(**dict(row)) for row in rows]


async def busiest(db: Queryable, filters: UsageFilter, limit: int) -> list[OperationCalls]:
    """Which operations were called most, by client, version and build."""
    rows = await db.all(
        _BUSIEST,
        first=filters.first,
        last=filters.last,
        client_id=filters.client_id,
        version=filters.version,
        limit=limit,
    )
    return [OperationCalls(**dict(row)) for row in rows]
