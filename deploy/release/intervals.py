"""How far a share or a quantile may be from what was seen, where rows come in clusters.

All rows of a partner are sent to one build, so they are no independent draws: a share rests on as
many rows as its *design effect* leaves of it (Kish, Survey Sampling, 1965). Shares then have
Wilson's interval, quantiles Woodruff's (the share's interval, read off the ordered values; it
supposes no distribution), differences Newcombe's way of putting two intervals together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf, sqrt
from statistics import NormalDist

LEVEL = 0.95
DEVIATIONS = NormalDist().inv_cdf((1 + LEVEL) / 2)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Rows that came from one partner or person: how many, and of how many something is so."""

    all: int
    hits: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """What was seen, and between which bounds the truth lies at the level that was asked for."""

    value: float
    low: float
    high: float


def share(clusters: Sequence[Cluster], level: float = LEVEL) -> Estimate:
    """The share of hits."""
    rows = sum(each.all for each in clusters)
    seen = sum(each.hits for each in clusters) / rows
    low, high = wilson(seen, rows / _design_effect(clusters), _deviations(clusters, level))
    return Estimate(seen, low, high)


def quantile(
    clusters: Sequence[Sequence[float]], fraction: float, level: float = LEVEL
) -> Estimate:
    """The value that this fraction of all values does not exceed; infinite where none is known."""
    values = sorted(value for each in clusters for value in each)
    seen = _at(values, fraction)
    below = [Cluster(len(each), sum(value <= seen for value in each)) for each in clusters]
    rows = len(values) / _design_effect(below)
    low, high = wilson(fraction, rows, _deviations(below, level))
    return Estimate(seen, _at(values, low), _at(values, high))


def difference(b: Estimate, a: Estimate) -> Estimate:
    """B less A, by Newcombe's method (1998, number 10): each bound from the nearer two."""
    if inf in (a.value, b.value):
        value = 0.0 if a.value == b.value else b.value - a.value
        low = -inf if a.high == inf else b.low - a.high
        return Estimate(value, low, inf if b.high == inf else b.high - a.low)
    seen = b.value - a.value
    return Estimate(
        seen,
        seen - sqrt((b.value - b.low) ** 2 + (a.high - a.value) ** 2),
        seen + sqrt((b.high - b.value) ** 2 + (a.value - a.low) ** 2),
    )


def _at(values: Sequence[float], fraction: float) -> float:
    return values[min(len(values), max(1, ceil(fraction * len(values)))) - 1]


def wilson(seen: float, rows: float, deviations: float = DEVIATIONS) -> tuple[float, float]:
    """Between which shares the truth lies that was seen so on so many independent rows (1927)."""
    square = deviations**2
    middle = (seen + square / (2 * rows)) / (1 + square / rows)
    spread = sqrt(seen * (1 - seen) / rows + square / (4 * rows**2)) * deviations
    spread /= 1 + square / rows
    low, high = max(0.0, middle - spread), min(1.0, middle + spread)
    return min(seen, low), max(seen, high)  # rounding aside


def _design_effect(clusters: Sequence[Cluster]) -> float:
    """By what the clusters enlarge the variance of a share; never taken to be less than 1.

    The variance is the jackknife's, which leaves out a cluster at a time: without, shares of few
    and unequal clusters look surer than they are.
    """
    rows = sum(each.all for each in clusters)
    seen = sum(each.hits for each in clusters) / rows
    alone = seen * (1 - seen) / rows
    if len(clusters) < 2 or not alone:
        return 1.0
    moved = ((each.hits - seen * each.all) / (rows - each.all) for each in clusters)
    return max(1.0, (1 - 1 / len(clusters)) * sum(each**2 for each in moved) / alone)


def _deviations(clusters: Sequence[Cluster], level: float) -> float:
    """Student's t, by the expansion of Fisher and Cornish; few large clusters count as few."""
    rows, squares = sum(each.all for each in clusters), sum(each.all**2 for each in clusters)
    z, freedom = NormalDist().inv_cdf((1 + level) / 2), max(1.0, rows**2 / squares - 1)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
