"""Releases on record: the one that is open, those that were, and each step with its evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from core.db import Database, Queryable, Tx
from core.errors import Conflict, NotFound
from core.ids import new_id
from deploy.release import conditions, statements
from deploy.release.evidence import Measured, measured_json, measured_of
from deploy.release.machine import ENDS, Release, ReleasePlan
from deploy.release.model import Condition, ReleaseState, Slot

OPEN = (
    "Another release is open: see `beleg release status`. `beleg release advance` goes on with it,"
    " `beleg release abort` ends it on A."
)


class Overtaken(Conflict):
    """The release has gone elsewhere since it was read."""

    def __init__(self) -> None:
        super().__init__("The release has just gone elsewhere: see `beleg release status`.")


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """A release as it is on record: what it measured, and who drives or last drove it."""

    release: Release
    measured: Measured
    driver: str | None


@dataclass(frozen=True, slots=True)
class ReleaseStep:
    """One thing that was decided: from where to where, why, and by whom."""

    at: datetime
    from_state: str
    to_state: str
    verdict: str
    evidence: Mapping[str, Any]
    by: str


async def last(db: Queryable) -> StoredRelease | None:
    """The release that is open, else the one that ended last."""
    row = await db.one(statements.LAST)
    return _release(row) if row else None


async def open_release(db: Queryable) -> StoredRelease:
    """The release that is open; raises NotFound where there is none."""
    found = await last(db)
    if found is None or found.release.ended_at is not None:
        raise NotFound("open release; `beleg release start --b` begins one")
    return found


async def last_done(db: Queryable) -> Release | None:
    """The release that was carried through last: its B is what serves since."""
    row = await db.one(statements.DONE)
    return _release(row).release if row else None


async def begin(db: Database, new: Release, by: str) -> None:
    """Put a release on record; raises Conflict where one is open."""

    async def work(tx: Tx) -> None:
        await tx.run(statements.BEGIN, **_columns(new), measured=measured_json(Measured()))
        await _note(tx, new.id, "", new.where, "start", {}, by)

    try:
        await db.write(work)
    except asyncpg.UniqueViolationError as problem:
        raise Conflict(OPEN) from problem


async def require_none_open(db: Queryable) -> None:
    """Raise Conflict where a release is open."""
    found = await last(db)
    if found is not None and found.release.ended_at is None:
        raise Conflict(OPEN)


async def move(
    db: Database,
    before: Release,
    after: Release,
    verdict: str,
    evidence: Mapping[str, Any],
    by: str,
) -> Release:
    """Write down that a release goes on to another state; raises Overtaken where it went first."""
    moved = before.state is not after.state or before.weight != after.weight
    after = replace(after, since=datetime.now(UTC) if moved else before.since)

    async def work(tx: Tx) -> None:
        columns = _columns(after)
        kept = {name: columns[name] for name in ("state", "weight", "held", "generation", "since")}
        met = {"before": before.generation, "before_held": before.held}
        if not await tx.run(statements.MOVE, id=before.id, **met, **kept):
            raise Overtaken
        await _note(tx, before.id, before.where, after.where, verdict, evidence, by)

    await db.write(work)
    return after


async def made(db: Database, now: Release, measured: Measured) -> bool:
    """Write down that the world is as the state wants it; whether it still is that state."""
    ended = datetime.now(UTC) if now.state in ENDS else None

    async def work(tx: Tx) -> bool:
        told = measured_json(measured)
        rows = await tx.run(
            statements.MADE, id=now.id, generation=now.generation, measured=told, ended_at=ended
        )
        return rows > 0

    return await db.write(work)


async def unmake(tx: Tx) -> None:
    """Note that the open release's world does not stand: whoever drives makes it again."""
    await tx.run(statements.UNMADE)


async def measure(db: Database, now: Release, measured: Measured) -> None:
    """Keep what was measured, unless the release has gone elsewhere."""

    async def work(tx: Tx) -> None:
        await tx.run(
            statements.MEASURED,
            id=now.id,
            generation=now.generation,
            measured=measured_json(measured),
        )

    await db.write(work)


async def refresh(
    db: Database, now: Release, later: Sequence[Condition], reasons: Sequence[str], by: str
) -> None:
    """Write down the rules as they are by now, and why; raises Overtaken where it went first."""
    told = conditions.as_json(later)

    async def work(tx: Tx) -> None:
        if not await tx.run(
            statements.REFRESHED, id=now.id, generation=now.generation, conditions=told
        ):
            raise Overtaken
        evidence = {"reasons": [*reasons], "conditions": told}
        await _note(tx, now.id, now.where, now.where, "refreshed", evidence, by)

    await db.write(work)


async def driven(db: Database, id: UUID, driver: str) -> None:
    """Write down who drives it."""

    async def work(tx: Tx) -> None:
        await tx.run(statements.DRIVEN, id=id, driver=driver)

    await db.write(work)


async def undriven(db: Database, id: UUID, driver: str) -> None:
    """Write down that this one drives it no more; another may by now."""

    async def work(tx: Tx) -> None:
        await tx.run(statements.UNDRIVEN, id=id, who=driver)

    await db.write(work)


async def steps(db: Queryable, id: UUID) -> list[ReleaseStep]:
    """All that was decided about a release, in order."""
    names = ("at", "from_state", "to_state", "verdict", "evidence", "by")
    rows = await db.all(statements.STEPS, release_id=id)
    return [ReleaseStep(*(row[name] for name in names)) for row in rows]


async def _note(
    tx: Tx,
    id: UUID,
    from_state: str,
    to_state: str,
    verdict: str,
    evidence: Mapping[str, Any],
    by: str,
) -> None:
    await tx.run(
        statements.NOTE,
        id=new_id(),
        release_id=id,
        at=datetime.now(UTC),
        from_state=from_state,
        to_state=to_state,
        verdict=verdict,
        evidence=dict(evidence),
        by=by,
    )


def _columns(each: Release) -> dict[str, Any]:
    return {
        "id": each.id,
        "a": each.a,
        "b": each.b,
        "slot": each.slot.value,
        "state": each.state.value,
        "weight": each.weight,
        "conditions": conditions.as_json(each.conditions),
        "plan": each.plan.model_dump(mode="json"),
        "automatic": each.automatic,
        "held": each.held,
        "generation": each.generation,
        "observed_generation": each.observed_generation,
        "since": each.since,
        "started_at": each.started_at,
    }


def _release(row: asyncpg.Record) -> StoredRelease:
    names = (
        "automatic",
        "held",
        "generation",
        "observed_generation",
        "since",
        "started_at",
        "ended_at",
    )
    found = Release(
        id=row["id"],
        a=row["a"],
        b=row["b"],
        slot=Slot(row["slot"]),
        state=ReleaseState(row["state"]),
        weight=row["weight"],
        conditions=conditions.from_json(row["conditions"]),
        plan=ReleasePlan.model_validate(row["plan"]),
        **{name: row[name] for name in names},
    )
    return StoredRelease(found, measured_of(row["measured"]), row["driver"])
