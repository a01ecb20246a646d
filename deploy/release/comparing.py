"""Whose outcomes an operator means who names nobody: the builds that live, since the last step."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from core import builds
from core.db import Database
from core.errors import Complaint, Invalid, Unavailable
from core.query import Query
from core.settings import Settings
from deploy.ops.instance import run
from deploy.release import conditions
from deploy.release.model import Condition
from deploy.release.outcomes import Outcomes, outcomes

DEFAULT = timedelta(days=1)
"""How far it is looked back where no release is open."""
REVISION = "0021"
_OPEN = Query("SELECT since, conditions FROM release WHERE ended_at IS NULL", (), {})
_APPLIED = Query("SELECT FROM applied_revision WHERE revision = $1", ("revision",), {})


def compare(
    settings: Settings, a_build: str | None, b_build: str | None, since: datetime | None
) -> Outcomes:
    """The outcomes of these builds since then, or of those that live since the last step."""

    async def work(db: Database) -> Outcomes:
        if await db.one(_APPLIED, revision=REVISION) is None:
            raise Unavailable(
                f"The database lacks revision {REVISION}, by which it knows who wrote what: run"
                " `beleg migrate`."
            )
        a, b = (a_build, b_build) if a_build and b_build else await _living(db, a_build, b_build)
        begun, rules = await _open(db)
        return await outcomes(db, since or begun, a, b, rules)

    return run(settings, work)


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
