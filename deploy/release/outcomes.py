"""What came of the work of two builds, beside errors and latency: B against A, with intervals.

Compared is what was written since a moment, best the one at which the weight last changed: before
it the builds had other shares of the traffic, and rows of another age.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from core.db import Database
from deploy.release.arms import ENOUGH_CLUSTERS, ENOUGH_ROWS, Arm, ArmQuery
from deploy.release.intervals import Estimate, difference
from deploy.release.model import Condition

MEASURES = (
    ("applications answered", "share", -1),
    ("documents unreadable", "share", 1),
    ("upload to answer, median", "seconds", 1),
    ("upload to answer, p90", "seconds", 1),
    ("applications decided", "share", -1),
    ("time to a decision, median", "seconds", 1),
    ("time to a decision, p90", "seconds", 1),
    ("decisions that approve", "share", 0),
)
"""In the order of `ArmQuery.arms`: what each is called, its unit, whether more of it is worse."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of B and of A: a share, or seconds; `worse` is +1 where more of it is worse."""

    name: str
    unit: str
    worse: int
    b: Arm
    a: Arm

    @property
    def difference(self) -> Estimate | None:
        """B less A; None where there is too little to say."""
        if self.b.seen is None or self.a.seen is None:
            return None
        if not (self.b.is_enough and self.a.is_enough):
            return None
        return difference(self.b.seen, self.a.seen)

    @property
    def says(self) -> str:
        """What it comes to, in words."""
        found = self.difference
        if found is None:
            return "too few to say"
        if found.low <= 0 <= found.high:
            return "no difference seen"
        if not self.worse:
            return "B differs"
        return "B is worse" if (found.low > 0) == (self.worse > 0) else "B is better"


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Every measure, since when, and of which builds."""

    since: datetime
    a: str
    b: str
    measures: tuple[Measure, ...]

    def as_json(self) -> dict[str, Any]:
        """The same as a pipeline reads it; a time that is not known yet is null."""
        return {
            "since": self.since.astimezone(UTC).isoformat(),
            "a": self.a,
            "b": self.b,
            "measures": [_measure_json(each) for each in self.measures],
        }


async def outcomes(
    db: Database,
    since: datetime,
    a_build: str,
    b_build: str,
    conditions: Sequence[Condition] = (),
) -> Outcomes:
    """What came of what each build wrote since then.

    Partners and people whom conditions name are left out: no hash chose them.
    """
    written = await ArmQuery.since(db, since, conditions)
    arms = [await written.arms(build) for build in (b_build, a_build)]
    measures = tuple(
        Measure(name, unit, worse, b, a)
        for (name, unit, worse), b, a in zip(MEASURES, *arms, strict=True)
    )
    return Outcomes(since, a_build, b_build, measures)


def lines(found: Outcomes) -> list[str]:
    """The measures as a tired operator reads them, a line each."""
    since = found.since.astimezone(UTC)
    head = f"Outcomes since {since:%Y-%m-%d %H:%M} UTC, B = {found.b}, A = {found.a} (95 % each):"
    rows = [_cells(each) for each in found.measures]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    table = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return [head, *(f"  {row}" for row in table)]


def brief(found: Outcomes) -> list[str]:
    """The measures of which something can be said, and in one line those of which nothing can."""
    table = lines(found)[1:]
    few = [each.name for each in found.measures if each.difference is None]
    said = [
        line.strip()
        for line, each in zip(table, found.measures, strict=True)
        if each.difference is not None
    ]
    if few:
        least = f"{ENOUGH_ROWS} by {ENOUGH_CLUSTERS} partners or people, of either build"
        said.append(f"too few to say (fewer than {least}): {', '.join(few)}")
    return said


def _cells(each: Measure) -> tuple[str, ...]:
    b, a = f"B {_shown(each.b, each.unit)}", f"A {_shown(each.a, each.unit)}"
    return each.name, b, a, _between(each.difference, each.unit), each.says


def _between(found: Estimate | None, unit: str) -> str:
    """A difference and its bounds; of shares in points, of times in seconds."""
    if found is None:
        return ""
    factor, name = (100, "points") if unit == "share" else (1, "s")
    value, low, high = (
        f"{factor * each:+.1f}" if isfinite(each) else "?"
        for each in (found.value, found.low, found.high)
    )
    return f"{value} {name} ({low} to {high})"


def _shown(arm: Arm, unit: str) -> str:
    if arm.seen is None:
        return "none"
    value = arm.seen.value
    if not isfinite(value):
        shown = "not yet"
    elif unit == "share":
        shown = f"{100 * value:.1f} %"
    else:
        shown = f"{value:.1f} s" if value < 600 else f"{value / 3600:.1f} h"
    return f"{shown} of {arm.rows:,} by {arm.clusters:,}"


def _measure_json(each: Measure) -> dict[str, Any]:
    def told(estimate: Estimate | None) -> dict[str, float | None] | None:
        if estimate is None:
            return None
        return {name: x if isfinite(x) else None for name, x in asdict(estimate).items()}

    def arm(one: Arm) -> dict[str, Any]:
        return {"rows": one.rows, "clusters": one.clusters, "seen": told(one.seen)}

    return {
        "name": each.name,
        "unit": each.unit,
        "b": arm(each.b),
        "a": arm(each.a),
        "difference": told(each.difference),
        "says": each.says,
    }
