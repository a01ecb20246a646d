"""Who sends what is taken, though no document names it, and should not be sent: counted by day.

Refusing it would break whoever sends it; a version to come may, once this says that nobody does.
Counted in memory and added to the database as calls are; until it has the table, they wait.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
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
from sqlalchemy import literal_column as sql
from sqlalchemy.dialects.postgresql import ARRAY, insert

from core.clients.store import client
from core.db import Queryable, Tx
from core.query import compiled, metadata, param
from core.usage import UsageFilter


class Irregularity(StrEnum):
    """What was sent and should not be."""

    UNKNOWN_PARAMETER = "unknown_parameter"
    REPEATED_PARAMETER = "repeated_parameter"
    OTHER_MEDIA_TYPE = "other_media_type"
    OTHER_ENCODING = "other_encoding"
    REPEATED_MEMBER = "repeated_member"
    UNEXPECTED_BODY = "unexpected_body"
    UNKNOWN_PART = "unknown_part"
    REPEATED_PART = "repeated_part"
    REPEATED_HEADER = "repeated_header"
    SPACED_TOKEN = "spaced_token"  # noqa: S105 - what was odd about one, not one of them
    METHOD_OVERRIDE = "method_override"
    OTHER_ID_FORM = "other_id_form"


KNOWN = frozenset(str(each) for each in Irregularity)


@dataclass(frozen=True, slots=True)
class IrregularCalls:
    """How often a client called an operation so, and when last; a test client is in a sandbox."""

    client_id: UUID
    client: str
    test: bool
    version: str
    operation: str
    irregularity: Irregularity
    calls: int
    last_at: datetime


irregular_call = Table(
    "irregular_call",
    metadata,
    Column("day", Date, primary_key=True),
    Column("client_id", Uuid, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("operation", Text, primary_key=True),
    Column("irregularity", Text, primary_key=True),
    Column("calls", BigInteger),
    Column("last_at", DateTime(timezone=True)),
)
_IS_THERE = compiled(select(sql("to_regclass('irregular_call') IS NOT NULL").label("there")))
_NEW = (
    func.unnest(
        param("days", ARRAY(Date)),
        param("clients", ARRAY(Uuid)),
        param("versions", ARRAY(Text)),
        param("operations", ARRAY(Text)),
        param("irregularities", ARRAY(Text)),
        param("calls", ARRAY(BigInteger)),
    )
    .table_valued(
        *(Column(each.name, each.type) for each in list(irregular_call.c)[:-1]), name="new"
    )
    .render_derived()
)
_INSERT = insert(irregular_call).from_select(
    [column.name for column in irregular_call.c],
    select(*_NEW.c, param("now", DateTime(timezone=True))),
)
_ADD = compiled(
    _INSERT.on_conflict_do_update(
        index_elements=[column.name for column in irregular_call.primary_key],
        set_={
            "calls": irregular_call.c.calls + _INSERT.excluded.calls,
            "last_at": _INSERT.excluded.last_at,
        },
    )
)
_CALLS = func.sum(irregular_call.c.calls).cast(BigInteger)
_LINE = (
    irregular_call.c.client_id,
    client.c.name,
    client.c.test,
    irregular_call.c.version,
    irregular_call.c.operation,
    irregular_call.c.irregularity,
)
_LIST = compiled(
    select(
        _LINE[0],
        client.c.name.label("client"),
        *_LINE[2:],
        _CALLS.label("calls"),
        func.max(irregular_call.c.last_at).label("last_at"),
    )
    .join(client, client.c.id == irregular_call.c.client_id)
    .where(
        irregular_call.c.day.between(param("first", Date), param("last", Date)),
        or_(param("version", Text).is_(None), irregular_call.c.version == param("version", Text)),
        or_(
            param("client_id", Uuid).is_(None),
            irregular_call.c.client_id == param("client_id", Uuid),
        ),
    )
    .group_by(*_LINE)
    .order_by(_CALLS.desc(), *_LINE[1:])
    .limit(param("limit", Integer))
)


class IrregularityCounter:
    """What this process has seen and not yet written."""

    def __init__(self) -> None:
        self._calls: Counter[tuple[date, UUID, str, str, Irregularity]] = Counter()

    def note(
        self, client_id: UUID, version: str, operation: str, irregularity: Irregularity
    ) -> None:
        """Count one call."""
        day = datetime.now(UTC).date()
        self._calls[day, client_id, version, operation, irregularity] += 1

    async def flush(self, tx: Tx) -> None:
        """Write what was counted; it is counted again if the unit of work fails."""
        if not self._calls or not await _is_there(tx):
            return
        calls, self._calls = self._calls, Counter()
        keys = sorted(calls, key=lambda key: (key[0], key[1].bytes, *key[2:]))  # no deadlocks
        try:
            await tx.run(
                _ADD,
                days=[key[0] for key in keys],
                clients=[key[1] for key in keys],
                versions=[key[2] for key in keys],
                operations=[key[3] for key in keys],
                irregularities=[str(key[4]) for key in keys],
                calls=[calls[key] for key in keys],
                now=datetime.now(UTC),
            )
        except BaseException:
            self._calls.update(calls)
            raise


async def busiest(db: Queryable, filters: UsageFilter, limit: int) -> list[IrregularCalls]:
    """What was sent most that should not be, by client, version and operation.

    What only a newer build counts is left out: nobody here knows what it is.
    """
    if not await _is_there(db):
        return []
    rows = await db.all(
        _LIST,
        first=filters.first,
        last=filters.last,
        client_id=filters.client_id,
        version=filters.version,
        limit=limit,
    )
    return [
        IrregularCalls(**{**dict(row), "irregularity": Irregularity(row["irregularity"])})
        for row in rows
        if row["irregularity"] in KNOWN
    ]


async def _is_there(db: Queryable) -> bool:
    """Whether the database has the table: a build works without it."""
    row = await db.one(_IS_THERE)
    return row is not None and bool(row["there"])
