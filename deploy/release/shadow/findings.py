"""What a differ has found so far, route by route; it fits into a file and comes back out of it."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from deploy.release.shadow.answers import Answer
from deploy.release.shadow.comparison import Difference

MOST_PATHS = 200
"""Of one route; what differs elsewhere is counted under this."""
ELSEWHERE = "(elsewhere)"
MOST_SAMPLES = 3
GROWTH = 1.1
"""By how much each class of latencies is wider than the one before."""
FORMAT = 1


@dataclass
class Latencies:
    """How long answers took, in classes that grow by a tenth."""

    classes: Counter[int] = field(default_factory=Counter)

    def note(self, seconds: float) -> None:
        """One more answer."""
        self.classes[max(0, math.ceil(math.log(max(seconds * 1000, 1e-3) * 10, GROWTH)))] += 1

    def percentile(self, share: float) -> float | None:
        """What this share of the answers took at most, in milliseconds; None without any."""
        wanted, seen = sum(self.classes.values()) * share / 100, 0
        for each, count in sorted(self.classes.items()):
            seen += count
            if seen >= wanted:
                return float(GROWTH**each / 10)
        return None


@dataclass
class Finding:
    """A difference of a route: how often it was met, when first and last, and how it looks."""

    count: int = 0
    first: str = ""
    last: str = ""
    samples: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class RouteFindings:
    """What was found of one route.

    `unsettled` are requests whose data changed each time they were asked; `throttled` those that a
    side counted against a limit, `unanswered` those that A itself did not answer.
    """

    mirrored: int = 0
    compared: int = 0
    differing: int = 0
    unsettled: int = 0
    throttled: int = 0
    unanswered: int = 0
    new_in_b: int = 0
    not_asked: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    noise: Counter[str] = field(default_factory=Counter)
    new_fields: Counter[str] = field(default_factory=Counter)
    differences: dict[tuple[str, str], Finding] = field(default_factory=dict)
    a: Latencies = field(default_factory=Latencies)
    b: Latencies = field(default_factory=Latencies)

    def differ(self, found: Iterable[Difference]) -> None:
        """What has persisted of one request."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        for each in found:
            key = (each.path, str(each.kind))
            if key not in self.differences and len(self.differences) >= MOST_PATHS:
                key = (ELSEWHERE, str(each.kind))
            finding = self.differences.setdefault(key, Finding(first=now))
            finding.count += 1
            finding.last = now
            sample = (each.a, each.b)
            if sample not in finding.samples and len(finding.samples) < MOST_SAMPLES:
                finding.samples.append(sample)

    def cancel(self, paths: Iterable[str]) -> None:
        """What A itself has not said twice in the same way."""
        for each in paths:
            known = each in self.noise or len(self.noise) < MOST_PATHS
            self.noise[each if known else ELSEWHERE] += 1

    def took(self, a: Answer, b: Answer) -> None:
        """How both answered."""
        self.statuses[f"{_status(a)} {_status(b)}"] += 1
        if not b.problem:
            self.a.note(a.seconds)
            self.b.note(b.seconds)


def _status(answer: Answer) -> str:
    if answer.problem:
        return "none"
    return "wall" if answer.at_the_wall else str(answer.status)


@dataclass
class Findings:
    """All that was found, and how much of what was mirrored was looked at."""

    since: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    mirrored: int = 0
    dropped: int = 0
    too_large: int = 0
    passed_over: int = 0
    operations: list[str] = field(default_factory=list)
    new_in_b: list[str] = field(default_factory=list)
    sides: dict[str, str] = field(default_factory=dict)
    routes: dict[str, RouteFindings] = field(default_factory=dict)

    def of(self, route: str) -> RouteFindings:
        """What was found of a route."""
        return self.routes.setdefault(route, RouteFindings())

    @property
    def compared(self) -> int:
        """How many requests were compared."""
        return sum(each.compared for each in self.routes.values())

    def as_json(self) -> dict[str, Any]:
        """All of it as a file holds it."""
        routes = {name: _route_as_json(each) for name, each in self.routes.items()}
        return {**vars(self), "routes": routes, "format": FORMAT}

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> "Findings":
        """What such a file holds; nothing of one that another build wrote in another way."""
        if said.get("format") != FORMAT:
            return cls()
        rest = {name: value for name, value in said.items() if name not in ("format", "routes")}
        routes = {name: _route_of_json(each) for name, each in said["routes"].items()}
        return cls(**rest, routes=routes)


def _route_as_json(route: RouteFindings) -> dict[str, Any]:
    differences = [
        {"path": path, "kind": kind, **vars(found)}
        for (path, kind), found in route.differences.items()
    ]
    return {
        **vars(route),
        "differences": differences,
        "a": {str(name): count for name, count in route.a.classes.items()},
        "b": {str(name): count for name, count in route.b.classes.items()},
    }


COUNTERS = ("not_asked", "statuses", "noise", "new_fields")


def _route_of_json(said: Mapping[str, Any]) -> RouteFindings:
    differences = {}
    for each in said["differences"]:
        samples = [(a, b) for a, b in each["samples"]]
        key = (each["path"], each["kind"])
        differences[key] = Finding(each["count"], each["first"], each["last"], samples)
    counters: dict[str, Any] = {name: Counter(said[name]) for name in COUNTERS}
    a, b = (Latencies(Counter({int(k): n for k, n in said[s].items()})) for s in ("a", "b"))
    rest = {**said, **counters, "differences": differences, "a": a, "b": b}
    return RouteFindings(**rest)
