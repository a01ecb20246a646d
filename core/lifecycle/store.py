"""The lives of published versions as operators steer them: brownouts and retirement.

What a version promised (its sunset) is in the version itself; this is what may come before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Column, DateTime, Table, Text, Uuid, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from core import audit, clients, usage
from core.audit import Actor
from core.db import Queryable, Tx
from core.errors import Complaint, Conflict, Invalid
from core.ids import new_id
from core.query import compiled, metadata, param

CHANNEL = "version_life"
QUIET_DAYS = 30
"""How long nobody may have called a version before it can be retired."""


@dataclass(frozen=True, slots=True)
class Brownout:
    """A window in which a version answers as if it were gone."""

    version: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Which versions are retired, and every brownout that was announced."""

    retired: frozenset[str] = frozenset()
    brownouts: tuple[Brownout, ...] = ()

    def browned_out(self, version: str, now: datetime) -> bool:
        """Whether the version is in a brownout now."""
        return any(
            each.version == version and each.starts_at <= now < each.ends_at
            for each in self.brownouts
        )


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
_BROWNOUTS = compiled(
    select(brownout.c.version, brownout.c.starts_at, brownout.c.ends_at)
    .where(brownout.c.ends_at > param("now"))
    .order_by(brownout.c.starts_at)
)
_RETIRED = compiled(select(retired_version.c.version))
_ANNOUNCE = compiled(insert(brownout))
_RETIRE = compiled(
    upsert(retired_version)
    .values(
        version=param("version", Text),
        retired_at=param("retired_at", DateTime(timezone=True)),
        reason=param("reason", Text),
    )
    .on_conflict_do_nothing()
)


async def current(db: Queryable) -> Lifecycle:
    """How the versions live now."""
    retired = await db.all(_RETIRED)
    brownouts = await db.all(_BROWNOUTS, now=datetime.now(UTC))
    return Lifecycle(
        frozenset(row["version"] for row in retired),
        tuple(Brownout(row["version"], row["starts_at"], row["ends_at"]) for row in brownouts),
    )


async def announce_brownout(
    tx: Tx, actor: Actor, version: str, starts_at: datetime, ends_at: datetime
) -> None:
    """Announce a window in which the version answers as if it were gone."""
    if ends_at <= starts_at:
        raise Invalid(Complaint("/until", "a brownout ends after it starts"))
    await tx.run(_ANNOUNCE, id=new_id(), version=version, starts_at=starts_at, ends_at=ends_at)
    detail = {"version": version, "starts_at": str(starts_at), "ends_at": str(ends_at)}
    audit.record(tx, actor, "version.brownout_announced", "version", audit.NO_RECORD, detail)


async def retire(
    tx: Tx, actor: Actor, version: str, reason: str | None = None, *, anyway: bool = False
) -> Sequence[usage.OperationCalls]:
    """Let a version be gone; raises Conflict, naming who, while live clients still call it.

    `anyway` needs a reason, which stands in the audit log with those who still called.
    """
    partners = await clients.partners(tx)
    calls = await usage.since(tx, QUIET_DAYS, version)
    callers = [each for each in calls if not partners[each.client_id].test]
    if anyway and not (reason or "").strip():
        raise Invalid(Complaint("/reason", "--anyway needs a --reason"))
    if callers and not anyway:
        names = ", ".join(
            sorted({f"{each.client} ({each.build or 'no build named'})" for each in callers})
        )
        raise Conflict(
            f"{version} was called in the last {QUIET_DAYS} days by {names}.", code="still_called"
        )
    await tx.run(_RETIRE, version=version, retired_at=datetime.now(UTC), reason=reason)
    detail = {
        "version": version,
        "reason": reason,
        "still_called_by": sorted({str(each.client_id) for each in callers}),
    }
    audit.record(tx, actor, "version.retired", "version", audit.NO_RECORD, detail)
    return callers
