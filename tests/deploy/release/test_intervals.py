"""Intervals hold the truth as often as they say, also where partners differ among themselves."""

import random
from math import inf

import pytest

from deploy.release.arms import quantiles, shares
from deploy.release.intervals import Cluster, Estimate, difference, quantile, share
from deploy.release.outcomes import Measure
from tests.simulated import released

pytestmark = pytest.mark.unit
RELEASES = 300


@pytest.mark.thorough
def test_a_build_beside_itself_seldom_looks_different() -> None:
    chance, held = random.Random(16), {"share": 0, "median": 0, "p90": 0}
    for _ in range(RELEASES):
        for name, outcome in released(chance, 0.1, 0.1).items():
            held[name] += outcome.says == "no difference seen"
    assert all(0.92 <= each / RELEASES <= 0.99 for each in held.values()), held


def test_a_build_that_makes_twice_as_many_unreadable_is_seen() -> None:
    chance = random.Random(16)
    said = [released(chance, 0.25, 0.1)["share"].says for _ in range(50)]
    assert said.count("B is worse") >= 40
    assert "B is better" not in said


def test_one_large_partner_is_no_proof() -> None:
    """A single partner with bad scans, sent to B by its hash, says nothing of B."""
    good = [Cluster(30, 0)] * 9
    alone = share([*good, Cluster(300, 150)])
    assert alone.low < 0.1 < alone.high
    as_if_independent = share([Cluster(1, int(at < 150)) for at in range(570)])
    assert as_if_independent.low > 0.2


@pytest.mark.parametrize(
    ("hits", "rows", "low", "high"), [(0, 100, 0.0, 0.038), (10, 100, 0.054, 0.177)]
)
def test_independent_rows_have_almost_wilsons_interval(
    hits: int, rows: int, low: float, high: float
) -> None:
    found = share([Cluster(1, int(at < hits)) for at in range(rows)])
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.002)


def test_newcombes_own_example() -> None:
    """56 of 70 against 48 of 80: 0.2, from 0.0524 to 0.3339 (Newcombe 1998, table II, 10 a)."""
    b, a = Estimate(0.8, 0.6925, 0.8777), Estimate(0.6, 0.4904, 0.7005)
    found = difference(b, a)
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-3)


def test_what_is_never_answered_is_worse_than_what_takes_a_minute() -> None:
    b = quantiles(((at % 8, inf) for at in range(80)), 0.5)
    a = quantiles(((at % 8, 60.0 + at) for at in range(80)), 0.5)
    assert Measure("median", "seconds", 1, b, a).says == "B is worse"
    assert Measure("median", "seconds", 1, b, b).says == "no difference seen"


def test_with_few_partners_nothing_is_said() -> None:
    b = shares((0, True) for _ in range(1000))
    a = shares((at % 50, False) for at in range(1000))
    outcome = Measure("documents unreadable", "share", 1, b, a)
    assert (outcome.says, outcome.difference) == ("too few to say", None)


def test_a_quantile_is_one_of_the_values() -> None:
    found = quantile([[float(at)] for at in range(1, 101)], 0.5)
    assert (found.value, found.low, found.high) == (50.0, 41.0, 60.0)
