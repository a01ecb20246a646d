"""Brownouts and retirements on record. Whoever changes them tells every process, by a trigger."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Column, DateTime, Table, Text, Uuid, delete, func, insert, select, text

from core.db import Queryable, Tx
from core.ids import new_id
from core.lifecycle.model import Brownout, Lifecycle, VersionDates
from core.query import compiled, metadata, param

CHANNEL = "version_life"


class StoredBrownout(NamedTuple):
    """A brownout as it is on record."""

    id: UUID
    brownout: Brownout


brownout = Table(
    "brownout",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Text),
    Column("starts_at", DateTime(timezone=True)),
    Column("ends_at", DateTime(timezone=True)),
)
retired_version = Table(
    "retired_version",
    metadata,
    Column("version", Text, primary_key=True),
    Column("retired_at", DateTime(timezone=True)),
    Column("reason", Text),
)
_LOCK = compiled(select(func.pg_advisory_xact_lock(text("hashtext('version_life')"))))
_BROWNOUTS = compiled(
    select(*brownout.c)
    .where(brownout.c.ends_at > param("now"))
    .order_by(brownout.c.starts_at, brownout.c.id)
)
_RETIRED = compiled(select(retired_version.c.version, retired_version.c.retired_at))
_ANNOUNCE = compiled(insert(brownout))
_CANCEL = compiled(delete(brownout).where(brownout.c.id == param("id")))
_RETIRE = compiled(insert(retired_version))
_UNRETIRE = compiled(delete(retired_version).where(retired_version.c.version == param("version")))


async def lock(tx: Tx) -> None:
    """Have all others who steer versions wait until this unit of work ends."""
    await tx.one(_LOCK)


async def current(db: Queryable, versions: Sequence[VersionDates]) -> Lifecycle:
    """How these versions, newest first, live now."""
    retired = {row["version"]: row["retired_at"] for row in await db.all(_RETIRED)}
    brownouts = [each.brownout for each in await brownouts_of(db)]
    known = {each.name: each for each in versions}
    gone = {name for name, at in retired.items() if name in known and known[name].ending(at)}
    counting = tuple(
        each
        for each in brownouts
        if each.version in known and known[each.version].ending(each.starts_at)
    )
    left_out = {each.version for each in brownouts if each not in counting} | (set(retired) - gone)
    return Lifecycle(tuple(versions), frozenset(gone), counting, frozenset(left_out & known.keys()))


async def brownouts_of(db: Queryable, version: str | None = None) -> list[StoredBrownout]:
    """The brownouts, announced or running, of a version or of all, in order of their starts."""
    return [
        StoredBrownout(row["id"], Brownout(row["version"], row["starts_at"], row["ends_at"]))
        for row in await db.all(_BROWNOUTS, now=datetime.now(UTC))
        if version in (None, row["version"])
    ]


async def announce(tx: Tx, wanted: Brownout) -> None:
    """Put a brownout on record."""
    await tx.run(
        _ANNOUNCE,
        id=new_id(),
        version=wanted.version,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
    )


async def cancel(tx: Tx, id: UUID) -> None:
    """Take a brownout off record."""
    await tx.run(_CANCEL, id=id)


async def retire(tx: Tx, version: str, reason: str | None) -> None:
    """Put a version's retirement on record."""
    await tx.run(_RETIRE, version=version, retired_at=datetime.now(UTC), reason=reason)


async def unretire(tx: Tx, version: str) -> bool:
    """Take a version's retirement off record; whether there was one."""
    return await tx.run(_UNRETIRE, version=version) > 0
