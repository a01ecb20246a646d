"""Whose outcomes are meant where nobody is named: a release's builds, or those that live."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from core import builds
from core.db import Database, reason_of
from core.errors import Complaint, Invalid, Refused, Unavailable
from core.query import Query
from core.settings import Settings
from deploy.ops.instance import run
from deploy.release import conditions
from deploy.release.model import Condition
from deploy.release.outcomes import Outcomes, outcomes
from deploy.release.store import StoredRelease

DEFAULT = timedelta(days=1)
"""How far it is looked back where no release is open."""
REVISION = "0021"
EVIDENCE_SECONDS = 2.0
_OPEN = Query("SELECT since, conditions FROM release WHERE ended_at IS NULL", (), {})
_APPLIED = Query("SELECT FROM applied_revision WHERE revision = $1", ("revision",), {})


def compare(
    settings: Settings, a_build: str | None, b_build: str | None, since: datetime | None
) -> Outcomes:
    """The outcomes of these builds since then, or of those that live since the last step."""

    async def work(db: Database) -> Outcomes:
        a, b = (a_build, b_build) if a_build and b_build else await _living(db, a_build, b_build)
        begun, rules = await _open(db)
        return await outcomes(db, since or begun, a, b, rules)

    return run(settings, work)


async def of_release(db: Database, found: StoredRelease) -> Outcomes:
    """The outcomes of a release's builds since its last step; Unavailable says why there are none.

    While a weight lasts both builds have the same time; after the switch A takes nothing in.
    """
    await _require_revision(db)
    names = found.measured.names
    if missing := [each for each in ("a", "b") if each not in names]:
        said = " and ".join(each.upper() for each in missing)
        raise Unavailable(
            f"What {said} calls itself is not known: see `beleg builds`, then `beleg release"
            " outcomes --a NAME --b NAME`."
        )
    if names["a"] == names["b"]:
        raise Unavailable(f"A and B are one build, {names['a']}: there is nothing to compare.")
    now = found.release
    return await outcomes(db, now.since, names["a"], names["b"], now.conditions)


async def evidence(db: Database, found: StoredRelease) -> dict[str, Any]:
    """The outcomes as a step keeps them; they inform, and nothing waits long for them."""
    try:
        async with asyncio.timeout(EVIDENCE_SECONDS):
            return (await of_release(db, found)).as_json()
    except TimeoutError:
        return {"why": f"They took longer than {EVIDENCE_SECONDS:g} s."}
    except Refused as refusal:
        return {"why": refusal.detail}
    except asyncpg.PostgresError as problem:
        return {"why": reason_of(problem)}


async def _require_revision(db: Database) -> None:
    if await db.one(_APPLIED, revision=REVISION) is None:
        raise Unavailable(
            f"The database lacks revision {REVISION}, by which it knows who wrote what: run"
            " `beleg migrate`."
        )


async def _living(db: Database, a_build: str | None, b_build: str | None) -> tuple[str, str]:
    """A and B among the builds whose APIs live; B is the one that began last."""
    processes = [each for each in await builds.live(db) if each.part == "api"]
    began: dict[str, datetime] = {}
    for each in sorted(processes, key=lambda process: process.started_at, reverse=True):
        began[each.build] = each.started_at
    names = sorted(began, key=lambda build: began[build])
    others = [each for each in names if each not in (a_build, b_build)]
    if len(others) != 2 - bool(a_build) - bool(b_build):
        listed = ", ".join(names) or "none"
        says = f"name both by --a and --b: the builds whose APIs live are {listed}."
        raise Invalid(Complaint("builds", f"Not clear which builds are meant; {says}"))
    if b_build:
        return others[0], b_build
    return (a_build or others[0]), others[-1]


async def _open(db: Database) -> tuple[datetime, Sequence[Condition]]:
    row = await db.one(_OPEN)
    if row is None:
        return datetime.now(UTC) - DEFAULT, ()
    return row["since"], conditions.from_json(row["conditions"])
