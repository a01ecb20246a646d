"""Releases made up by dice: what a gate says to builds of which the truth is known."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import ceil, exp, lgamma, log
from random import Random

from deploy.release.gate import GatePace, is_due, judge, progress
from deploy.release.machine import ReleasePlan
from deploy.release.model import Comparison, Verdict


@dataclass(frozen=True, slots=True)
class Traffic:
    """How large a share of A's and of B's is bad, by what is compared."""

    a: Mapping[str, float]
    b: Mapping[str, float]

    def but(self, name: str, share: float) -> "Traffic":
        """The same where B is worse in one."""
        return Traffic(self.a, {**self.b, name: share})

    @staticmethod
    def bad(dice: Random, of: int, share: float) -> int:
        """So many of these are bad, this time."""
        return bisect_left(_cumulated(of, share), dice.random())


SHARES = {
    "api failed": 0.001,
    "api slow": 0.08,
    "web failed": 0.002,
    "web slow": 0.05,
    "pages broken": 0.01,
}
GOOD = Traffic(SHARES, SHARES)
"""A build as good as A."""


@lru_cache(maxsize=4096)
def _cumulated(of: int, share: float) -> list[float]:
    if share in (0.0, 1.0):
        return [0.0] * (of if share else 0) + [1.0]
    return [*accumulate(_chance(of, n, share) for n in range(of + 1)), 2.0]


def _chance(of: int, bad: int, share: float) -> float:
    ways = lgamma(of + 1) - lgamma(bad + 1) - lgamma(of - bad + 1)
    return exp(ways + bad * log(share) + (of - bad) * log(1 - share))


def step(dice: Random, plan: ReleasePlan, traffic: Traffic) -> Verdict:
    """What comes of a step whose traffic doubles from look to look until it has its minimum."""
    seen = {name: [0, 0, 0, 0] for name in traffic.a}
    pace = GatePace()
    for look in range(plan.looks):
        part = 2.0 ** (look + 1 - plan.looks)
        for name, found in seen.items():
            needed = plan.minimum if name.startswith("api") else plan.web_minimum
            more = ceil(needed * part) - found[1]
            found[0] += Traffic.bad(dice, more, traffic.b[name])
            found[2] += Traffic.bad(dice, more, traffic.a[name])
            found[1] += more
            found[3] += more
        now = [
            Comparison(name, bad_b, all_b, bad_a, all_a)
            for name, (bad_b, all_b, bad_a, all_a) in seen.items()
        ]
        if is_due(now, plan, pace):
            verdict, _ = judge(now, plan, pace)
            pace = GatePace(pace.look + 1, progress(now, plan))
            if verdict is not Verdict.HOLD:
                return verdict
    return Verdict.HOLD


def release(dice: Random, plan: ReleasePlan, traffic: Traffic) -> Verdict:
    """What comes of a whole release: every step that is measured, until one fails."""
    for _ in range(plan.measured_steps):
        verdict = step(dice, plan, traffic)
        if verdict is not Verdict.PASS:
            return verdict
    return Verdict.PASS


def fails(dice: Random, plan: ReleasePlan, traffic: Traffic) -> bool:
    """Whether the first step sends it back, at the minimum at the latest."""
    return step(dice, plan, traffic) is Verdict.FAIL
