"""A gate lets nothing pass unseen, sends nobody back by chance, and finds a bad build."""

from collections.abc import Sequence
from math import comb
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.release.gate import (
    NAMES,
    GatePace,
    as_json,
    is_due,
    judge,
    judge_expand,
    judge_shadow,
    lacking,
    p_value,
    progress,
    slow_bound,
    spent,
)
from deploy.release.machine import ReleasePlan, planned
from deploy.release.model import Comparison, ShadowSummary, Verdict
from tests.deploy.release.chance import GOOD, Traffic, fails, release

pytestmark = pytest.mark.unit

counts = st.integers(0, 3000)
PLAN = ReleasePlan()


@st.composite
def comparisons(draw: st.DrawFn) -> list[Comparison]:
    found = []
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True)):
        all_b, all_a = draw(counts), draw(counts)
        bad_b, bad_a = draw(st.integers(0, all_b)), draw(st.integers(0, all_a))
        found.append(Comparison(name, bad_b, all_b, bad_a, all_a))
    return found


@st.composite
def plans(draw: st.DrawFn) -> ReleasePlan:
    return planned(
        {
            "minimum": draw(st.integers(0, 2000)),
            "web_minimum": draw(st.integers(1, 2000)),
            "looks": draw(st.integers(1, 8)),
            "alpha": draw(st.sampled_from([0.001, 0.01, 0.1])),
        }
    )


@given(comparisons(), plans(), st.integers(1, 30), st.floats(0, 100))
def test_nothing_passes_without_enough_of_b_and_of_a(
    found: list[Comparison], plan: ReleasePlan, look: int, minutes: float
) -> None:
    pace = GatePace(look, 0.0, 0.0, minutes, 60.0)
    verdict, reasons = judge(found, plan, pace)
    assert reasons
    if verdict is Verdict.PASS:
        by_name = {each.name: each for each in found}
        for name, needed in (("api failed", plan.minimum), ("web failed", plan.web_minimum)):
            if needed:
                assert by_name[name].all_b >= needed
                assert by_name[name].all_a >= needed
        assert minutes >= 60.0


@given(comparisons(), plans(), st.integers(1, 30))
def test_who_is_no_worse_than_a_is_never_sent_back(
    found: list[Comparison], plan: ReleasePlan, look: int
) -> None:
    same = [Comparison(each.name, *(each.bad_b, each.all_b) * 2) for each in found]
    assert judge(same, plan, GatePace(look))[0] is not Verdict.FAIL


def test_no_traffic_neither_passes_nor_fails_and_says_what_it_waits_for() -> None:
    verdict, reasons = judge([], PLAN, GatePace())
    assert verdict is Verdict.HOLD
    assert "B has had 0 of the 1,000 API requests it needs" in reasons
    assert not is_due([], PLAN, GatePace())


def test_nothing_passes_before_the_web_app_was_opened_often_enough_to_see_it_break() -> None:
    enough = [Comparison(f"{kind} failed", 0, 5000, 0, 5000) for kind in ("api", "web")]
    opened = [Comparison("pages broken", 0, count, 0, 5000) for count in (0, 19, 20)]
    said = [judge([*enough, each], PLAN, GatePace()) for each in opened]
    assert [verdict for verdict, _ in said] == [Verdict.HOLD, Verdict.HOLD, Verdict.PASS]
    assert said[1][1] == ("B's web app was opened 19 of the 20 times it needs",)
    for nobody in ({"web_minimum": 0}, {"pages_minimum": 0}):
        assert judge([*enough, opened[0]], planned(nobody), GatePace())[0] is Verdict.PASS


def test_a_plan_under_which_all_would_pass_unseen_is_refused() -> None:
    with pytest.raises(Exception, match="nothing passes unseen"):
        planned({"minimum": 0, "web_minimum": 0})
    with pytest.raises(Exception, match="rise"):
        planned({"weights": [5, 1]})
    with pytest.raises(Exception, match="has no wieghts; it has minimum"):
        planned({"wieghts": [5]})


@given(st.integers(1, 30), st.integers(1, 30), st.data())
def test_chance_is_fishers_to_the_last_digit_that_matters(
    all_b: int, all_a: int, data: st.DataObject
) -> None:
    bad_b, bad_a = data.draw(st.integers(0, all_b)), data.draw(st.integers(0, all_a))
    bad = bad_b + bad_a
    ways = sum(comb(all_b, n) * comb(all_a, bad - n) for n in range(bad_b, min(bad, all_b) + 1))
    exact = ways / comb(all_b + all_a, bad)
    assert p_value(bad_b, all_b, bad_a, all_a) == pytest.approx(exact, rel=1e-6, abs=1e-9)


def test_chance_of_millions_is_computed_too() -> None:
    assert p_value(10_500, 1_000_000, 10_000, 1_000_000) == pytest.approx(2.3e-4, rel=0.02)
    assert p_value(1_000_000, 1_000_000, 0, 1_000_000) == 0.0


@given(plans(), st.integers(1, 200))
def test_all_looks_together_spend_no_more_than_alpha(plan: ReleasePlan, looks: int) -> None:
    a_step = sum(spent(look, plan) for look in range(1, looks + 1)) * len(NAMES)
    assert a_step * plan.measured_steps <= plan.alpha * (1 + 1e-9)


@pytest.mark.parametrize(("bad", "all"), [(0, 100), (1, 100), (50, 100), (100, 100), (0, 0)])
def test_an_interval_holds_what_was_seen(bad: int, all: int) -> None:
    low, high = as_json(Comparison("api failed", bad, all, 0, 0))["b"]["interval"]
    assert 0 <= low <= (bad / all if all else 0.5) <= high <= 1


@pytest.mark.thorough
def test_by_chance_a_good_build_is_hardly_ever_sent_back() -> None:
    dice = Random(20)
    plan = ReleasePlan(alpha=0.05)
    failed = sum(release(dice, plan, GOOD) is Verdict.FAIL for _ in range(1000))
    assert failed <= 71  # 50 are expected at most, and three deviations of that


@pytest.mark.parametrize(
    ("bad", "name"), [(0.05, "api failed"), (0.05, "web failed"), (1.0, "pages broken")]
)
def test_a_build_that_fails_more_often_is_sent_back_at_the_minimum(bad: float, name: str) -> None:
    dice = Random(21)
    plan = planned({"web_minimum": 1000})
    worse = GOOD.but(name, bad)
    stopped = sum(fails(dice, plan, worse) for _ in range(300))
    assert stopped >= 298


@pytest.mark.parametrize("median", [3.0, 4.8, 6.8, 7.0, 9.0, 11.0, 24.0, 40.0, 120.0])
def test_a_build_twice_as_slow_is_sent_back_at_the_minimum(median: float) -> None:
    dice = Random(22)
    usual = [dice.lognormvariate(0, 0.4) * median for _ in range(2000)]
    bound = slow_bound(2000, {each: sum(one > each for one in usual) for each in BOUNDS})
    assert bound is not None
    share_a, share_b = (
        [one * times > bound for one in usual].count(True) / 2000 for times in (1, 2)
    )
    assert share_a <= 0.1
    worse = Traffic({**GOOD.a, "api slow": share_a}, {**GOOD.b, "api slow": share_b})
    stopped = sum(fails(dice, ReleasePlan(), worse) for _ in range(100))
    assert stopped == 100


def test_a_build_that_answers_nothing_is_sent_back_after_a_few() -> None:
    dead = [Comparison("api failed", 32, 32, 0, 32)]
    assert is_due(dead, PLAN, GatePace())
    verdict, reasons = judge(dead, PLAN, GatePace())
    assert verdict is Verdict.FAIL
    assert reasons == ("api failed: B 32 of 32 (100.00%), A 0 of 32 (0.00%): by chance 5e-19",)


def test_looks_are_few_until_the_minimum_and_do_not_end_there() -> None:
    looked, pace = [], GatePace()
    for n in range(0, 5001):
        now = [Comparison("api failed", 0, n, 0, n), Comparison("web failed", 0, 0, 0, 0)]
        if is_due(now, PLAN, pace):
            looked.append(n)
            pace = GatePace(pace.look + 1, progress(now, PLAN))
    assert looked == [32, 64, 128, 256, 512, 1024, 2048, 4096]


def test_what_begins_to_fail_while_the_web_app_is_still_too_quiet_is_sent_back() -> None:
    now = [Comparison("api failed", 400, 9000, 9, 9000), Comparison("web failed", 0, 3, 0, 5)]
    assert lacking(now, PLAN)
    assert is_due(now, PLAN, GatePace(9, 4.5, 0.0, 2.0))
    assert judge(now, PLAN, GatePace(9))[0] is Verdict.FAIL


@pytest.mark.parametrize(
    ("summary", "verdict", "said"),
    [
        (ShadowSummary(0, 0, ()), Verdict.HOLD, "hears nothing"),
        (ShadowSummary(5000, 12, ()), Verdict.HOLD, "does not keep up"),
        (ShadowSummary(1000, 999, ()), Verdict.HOLD, "999 of 1,000"),
        (ShadowSummary(1000, 1000, ()), Verdict.PASS, "no difference"),
        (ShadowSummary(9, 9, ("v1 /x: amount",)), Verdict.FAIL, "v1 /x: amount"),
        (ShadowSummary(9, 9, tuple("abcdefgh")), Verdict.FAIL, "and 3 more"),
    ],
)
def test_a_shadow_passes_only_what_it_has_compared(
    summary: ShadowSummary, verdict: Verdict, said: str
) -> None:
    found, reasons = judge_shadow(summary, PLAN)
    assert found is verdict
    assert any(said in each for each in reasons)


def test_expand_waits_for_what_b_itself_misses() -> None:
    assert judge_expand(["the database lacks B's revision 0021"])[0] is Verdict.HOLD
    assert judge_expand([])[0] is Verdict.PASS


BOUNDS = (0.5, 1.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0)


def test_the_simulation_draws_as_often_as_it_says() -> None:
    dice = Random(1)
    drawn: Sequence[int] = [Traffic.bad(dice, 1000, 0.05) for _ in range(2000)]
    assert sum(drawn) / 2000 == pytest.approx(50, abs=1)
