"""Whether a release may go on: proportions of B against A, and chance kept within bounds; pure.

Bad among all, of B and of A, are held against each other by Fisher's exact test, one-sided: how
probable it is that B, were it as good as A, had so many of the bad ones (Fisher 1935; the counts of
the edge are what it calls margins). A release looks often and at several things: what may go wrong
by chance, `plan.alpha`, is shared by its steps, by what they compare, and by their looks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf, lgamma
from typing import Any

from deploy.release.intervals import wilson
from deploy.release.machine import ReleasePlan
from deploy.release.model import Comparison, ShadowSummary, Verdict

NAMES = ("api failed", "api slow", "web failed", "web slow", "pages broken")
"""All that a step may compare; alpha is shared by so many, whether each is there or not."""
NEGLIGIBLE = 1e-18
FEW_COMPARED = 0.5
"""Less than this share of what was mirrored was compared: the differ does not get through."""
SHOWN = 5
PACED = 200
"""How many of what no pass waits for are looked at as a minimum is: it can fail all the same."""
Judgement = tuple[Verdict, tuple[str, ...]]


@lru_cache(maxsize=1 << 17)
def p_value(bad_b: int, all_b: int, bad_a: int, all_a: int) -> float:
    """How probable it is by chance alone that B has at least so many of all bad ones."""
    everything, bad = all_b + all_a, bad_b + bad_a
    least, most = max(0, bad - all_a), min(bad, all_b)
    if bad_b <= least:
        return 1.0
    mean = bad * all_b / everything
    if bad_b > mean:
        return _tail(bad_b, most, 1, all_b, all_a, bad)
    return max(0.0, 1.0 - _tail(bad_b - 1, least, -1, all_b, all_a, bad))


def _tail(first: int, last: int, way: int, all_b: int, all_a: int, bad: int) -> float:
    """The hypergeometric probabilities from one count outwards, each from the one before."""
    here = exp(_choices(all_b, first) + _choices(all_a, bad - first) - _choices(all_b + all_a, bad))
    total, count = here, first
    while count != last and here > total * NEGLIGIBLE:
        if way > 0:
            here *= (all_b - count) * (bad - count) / ((count + 1) * (all_a - bad + count + 1))
        else:
            here *= count * (all_a - bad + count) / ((all_b - count + 1) * (bad - count + 1))
        count += way
        total += here
    return min(1.0, total)


def _choices(of: int, count: int) -> float:
    return lgamma(of + 1) - lgamma(count + 1) - lgamma(of - count + 1)


def spent(look: int, plan: ReleasePlan) -> float:
    """What a step's look may let go wrong by chance: half of alpha up to the minimum, in equal
    parts; the other half for as many looks as may follow (1/2 + 1/6 + 1/12 + … is 1)."""
    share = plan.alpha / plan.measured_steps / len(NAMES) / 2
    if look <= plan.looks:
        return share / plan.looks
    later = look - plan.looks
    return share / (later * (later + 1))


@dataclass(frozen=True, slots=True)
class GatePace:
    """How far a step has come when it looks: which look this is, and what it had at the last."""

    look: int = 1
    last_progress: float = 0.0
    last_minutes: float = 0.0
    minutes: float = 0.0
    soak_minutes: float = 0.0

    @property
    def soaked(self) -> bool:
        """Whether the step has lasted long enough."""
        return self.minutes >= self.soak_minutes


def progress(comparisons: Sequence[Comparison], plan: ReleasePlan) -> float:
    """How many times the minimum B has had, of what it has had most of."""
    return max(
        (each.all_b / (required(each.name, plan) or PACED) for each in comparisons), default=0.0
    )


def required(name: str, plan: ReleasePlan) -> int:
    """How many a comparison needs on either side before anything passes; 0 is none."""
    if name.startswith("api "):
        return plan.minimum
    return plan.web_minimum if name.startswith("web ") else 0


def is_due(
    comparisons: Sequence[Comparison], plan: ReleasePlan, pace: GatePace, passed: bool = False
) -> bool:
    """Whether it is time to look: at twice as much as last time, after a while, and at the end.

    Each look spends some of alpha, so that who has `passed` and waits is looked at less often.
    """
    if not passed and pace.soaked and not lacking(comparisons, plan):
        return True
    now = progress(comparisons, plan)
    if now <= pace.last_progress or now < 2.0 ** (1 - plan.looks):
        return False
    return now >= 2 * pace.last_progress or (pace.minutes - pace.last_minutes >= plan.look_minutes)


def lacking(comparisons: Sequence[Comparison], plan: ReleasePlan) -> list[str]:
    """What there is too little of for anything to pass, in words; none where there is enough."""
    by_name = {each.name: each for each in comparisons}
    said = []
    for name, needed in (("api failed", plan.minimum), ("web failed", plan.web_minimum)):
        found = by_name.get(name) or Comparison(name, 0, 0, 0, 0)
        kind = "API" if name.startswith("api") else "web"
        for build, count in (("B", found.all_b), ("A", found.all_a)):
            if count < needed:
                said.append(f"{build} has had {count:,} of the {needed:,} {kind} requests it needs")
    pages, needed = by_name.get("pages broken"), plan.pages_minimum if plan.web_minimum else 0
    if pages and pages.all_b < needed:  # of A none: where it counts none, a share is assumed
        said.append(f"B's web app was opened {pages.all_b:,} of the {needed:,} times it needs")
    return said


def judge(comparisons: Sequence[Comparison], plan: ReleasePlan, pace: GatePace) -> Judgement:
    """What a look says: back where B is worse than chance explains, on where there is enough."""
    level = spent(pace.look, plan)
    worse = [each for each in comparisons if each.all_a and _p(each) < level]
    if worse:
        return Verdict.FAIL, tuple(f"{_said(each)}: by chance {_p(each):.1g}" for each in worse)
    if waits := waiting(comparisons, plan, pace):
        return Verdict.HOLD, waits
    return Verdict.PASS, tuple(_said(each) for each in comparisons)


def waiting(
    comparisons: Sequence[Comparison], plan: ReleasePlan, pace: GatePace
) -> tuple[str, ...]:
    """What a step waits for, in words."""
    waits = lacking(comparisons, plan)
    if not pace.soaked:
        left = pace.soak_minutes - pace.minutes
        waits.append(f"it soaks for {left:,.1f} more minutes of {pace.soak_minutes:g}")
    return tuple(waits)


def _p(each: Comparison) -> float:
    return p_value(each.bad_b, each.all_b, each.bad_a, each.all_a)


def _said(each: Comparison) -> str:
    share = _share(each.bad_a, each.all_a)
    counted = f"{each.bad_a:,} of {each.all_a:,} ({share})"
    a = f"counts none: {share} is taken for granted" if each.is_assumed else counted
    return (
        f"{each.name}: B {each.bad_b:,} of {each.all_b:,} ({_share(each.bad_b, each.all_b)}), A {a}"
    )


def _share(bad: int, all: int) -> str:
    return f"{bad / all:.2%}" if all else "-"


def judge_shadow(summary: ShadowSummary, plan: ReleasePlan) -> Judgement:
    """Back where B answers otherwise and no rule says that it may; on once enough was compared."""
    if summary.differences:
        more = len(summary.differences) - SHOWN
        rest = (f"and {more} more",) if more > 0 else ()
        return Verdict.FAIL, (*summary.differences[:SHOWN], *rest)
    if summary.compared >= plan.shadow_minimum:
        return Verdict.PASS, (f"{summary.compared:,} pairs of answers, no difference",)
    said = [f"{summary.compared:,} of {plan.shadow_minimum:,} pairs of answers compared"]
    if not summary.mirrored:
        said.append("the shadow hears nothing: is there API traffic, and does the edge mirror it?")
    elif summary.compared < FEW_COMPARED * summary.mirrored:
        said.append(
            f"of {summary.mirrored:,} mirrored: the differ or a shadow does not keep up, see its"
            " report"
        )
    return Verdict.HOLD, tuple(said)


def judge_expand(missing: Sequence[str]) -> Judgement:
    """On once B itself says that the database has all it brings; only B knows what that is."""
    if missing:
        return Verdict.HOLD, tuple(missing)
    return Verdict.PASS, ("B finds every revision and every backfill that it brings",)


def as_json(each: Comparison) -> dict[str, Any]:
    """A comparison with its shares, their intervals and its chance, as evidence."""
    return {
        "name": each.name,
        "b": _side_json(each.bad_b, each.all_b),
        "a": _side_json(each.bad_a, each.all_a),
        "assumed": each.is_assumed,
        "p": _p(each) if each.all_a and each.all_b else None,
    }


def _side_json(bad: int, all: int) -> dict[str, Any]:
    between = wilson(bad / all, all) if all else (0.0, 1.0)
    return {"bad": bad, "all": all, "interval": between}


def slow_bound(requests: int, slower: Mapping[float, int]) -> float | None:
    """The least bound in milliseconds that at most a tenth of A's requests exceed, if any."""
    fitting = [bound for bound, count in slower.items() if count <= requests / 10]
    bound = min(fitting, default=inf)
    return None if bound == inf or not requests else bound
