"""Where a release may go, who stands where in each state, and what it counts on the way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict
from deploy.release.evidence import Measured, Tally, measured_json, measured_of
from deploy.release.looking import judged
from deploy.release.machine import (
    BEFORE_CONTRACT,
    Release,
    ReleasePlan,
    abort,
    back,
    onward,
    planned,
    way,
    world,
)
from deploy.release.model import Addresses, Counters, Part, ReleaseState, Slot, Verdict
from deploy.release.status import status_lines
from deploy.release.store import StoredRelease

pytestmark = pytest.mark.unit

NOW = datetime(2026, 11, 26, 22, tzinfo=UTC)
START = Release(
    id=UUID(int=1),
    a="a",
    b="b",
    slot=Slot.GREEN,
    state=ReleaseState.EXPAND,
    weight=0.0,
    conditions=(),
    plan=ReleasePlan(),
    automatic=True,
    held=None,
    generation=1,
    observed_generation=1,
    since=NOW,
    started_at=NOW,
)


def all_states(plan: ReleasePlan) -> list[Release]:
    found = [replace(START, plan=plan)]
    while found[-1].state is not ReleaseState.DONE:
        found.append(onward(found[-1]))
    return found


plans = st.builds(
    lambda weights, mirrored, baseline: planned(
        {"weights": sorted(weights), "mirrored": mirrored, "baseline": baseline}
    ),
    st.sets(st.sampled_from([1.0, 5.0, 25.0, 50.0])),
    st.sampled_from([0.0, 0.1]),
    st.booleans(),
)


@given(plans)
def test_the_way_is_the_plans_and_ends_with_b_alone(plan: ReleasePlan) -> None:
    states = all_states(plan)
    assert [(each.state, each.weight) for each in states] == [*way(plan)]
    done = world(states[-1])
    assert {slot: each.build for slot, each in done.standings.items()} == {Slot.GREEN: "b"}
    assert done.routing.serving is Slot.GREEN


@given(plans)
def test_from_every_state_before_contract_back_is_only_a_route(plan: ReleasePlan) -> None:
    for each in all_states(plan):
        if each.state not in BEFORE_CONTRACT:
            for leave in (back, abort):
                with pytest.raises(Conflict, match="There is no way back"):
                    leave(each)
            continue
        stood, returned = world(each).standings, world(back(each))
        assert returned.routing.serving is Slot.BLUE
        assert returned.routing.weight == returned.routing.mirrored == 0
        assert {Part.API, Part.BFF} <= stood[Slot.BLUE].parts  # A never ended
        assert stood[Slot.BLUE].build == "a"


@given(plans)
def test_whoever_is_sent_somewhere_meets_processes_there(plan: ReleasePlan) -> None:
    for each in all_states(plan):
        wanted = world(each)
        routing = wanted.routing
        for slot in (routing.serving, routing.candidate, routing.baseline):
            assert slot is None or {Part.API, Part.BFF} <= wanted.standings[slot].parts
        workers = [s for s in wanted.standings.values() if Part.WORKER in s.parts]
        assert len(workers) == 1
        if routing.mirrored:
            assert {Slot.SHADOW_A, Slot.SHADOW_B} <= wanted.standings.keys()


def test_after_back_it_begins_anew_and_after_abort_it_has_ended() -> None:
    returned = back(START)
    assert onward(returned).state is ReleaseState.EXPAND
    with pytest.raises(Conflict, match="Everybody is on A already"):
        back(returned)
    with pytest.raises(Conflict, match="has ended"):
        onward(abort(returned))


@given(st.lists(st.tuples(st.integers(0, 500), st.booleans()), max_size=30))
def test_requests_are_counted_on_where_the_edge_was_started_anew(
    steps: list[tuple[int, bool]],
) -> None:
    edge, tally, truth = 70, Tally.since(Counters(70)), 0
    for more, restarted in steps:
        if restarted:
            edge = 0  # and it is looked at before it has as many again
            tally = tally.at(Counters(0))
        edge += more
        truth += more
        tally = tally.at(Counters(edge))
    assert tally.total.requests == truth


def test_what_was_measured_is_the_same_for_whoever_drives_next() -> None:
    counters = {
        "api-blue": Counters(5000, 3, {25.0: 60}, 4990),
        "api-green": Counters(7, 1, {25.0: 2}, 6),
    }
    measured = Measured(addresses={Slot.BLUE: Addresses(("h:1",), ("h:2",), ("h:3",))})
    measured = measured.begun(counters, START).counted(counters, START)
    assert measured_of(measured_json(measured)) == measured


def a_then_b(b_failed: int, state: ReleaseState) -> Measured:
    """A's usual traffic, then as much of B's, looked at in this state."""
    plan_release = replace(START, plan=planned({"web_minimum": 0}))
    measured = Measured().begun({"api-blue": Counters(0)}, plan_release)
    learnt = {"api-blue": Counters(5000, 5, {10.0: 3000, 25.0: 250, 50.0: 20}, 5000)}
    measured = measured.counted(learnt, plan_release)
    release = replace(plan_release, state=state, weight=100.0)
    measured = measured.begun(learnt, release)
    assert measured.bounds == {"api": 25.0}
    b = Counters(2000, b_failed, {10.0: 1200, 25.0: 100, 50.0: 8}, 2000)
    return judged(release, measured.counted({**learnt, "api-green": b}, release), NOW)


def test_where_a_serves_no_more_b_is_held_against_what_a_usually_did() -> None:
    passed = a_then_b(2, ReleaseState.SWITCH).look
    assert passed is not None
    assert passed.verdict == Verdict.PASS
    assert passed.comparisons[0]["a"]["all"] == 5000
    failed = a_then_b(60, ReleaseState.SWITCH).look
    assert failed is not None
    assert failed.verdict == Verdict.FAIL


def test_b_soaks_for_its_time_though_all_goes_well() -> None:
    look = a_then_b(2, ReleaseState.SOAK).look
    assert look is not None
    assert (look.verdict, look.reasons[0]) == ("hold", "it soaks for 60.0 more minutes of 60")


def test_pages_that_break_stop_b_even_where_a_does_not_count_them() -> None:
    release = replace(START, state=ReleaseState.AB, weight=5.0)
    measured = Measured().begun({}, release)
    measured = measured.counted({"pages-green": Counters(40, 55)}, release)
    look = judged(release, measured, NOW).look
    assert look is not None
    assert look.verdict == Verdict.FAIL
    assert look.reasons[0].startswith("pages broken: B 40 of 40")
    assert "A counts none: 1.00% is taken for granted" in look.reasons[0]  # said as what it is
    assert look.comparisons[-1]["assumed"]


def test_slow_ones_of_before_that_are_told_late_are_held_against_all_that_were_timed() -> None:
    """Envoy adds up times every few seconds, and requests at once."""
    release = replace(START, state=ReleaseState.AB, weight=5.0)
    began = Counters(100, 0, {100.0: 0}, 40)
    measured = Measured(bounds={"api": 100.0}).begun({}, release)
    measured = measured.begun({"api-baseline": began, "api-green": began}, release)
    late = {name: Counters(101, 0, {100.0: 3}, 100) for name in ("api-baseline", "api-green")}
    look = judged(release, measured.counted(late, release), NOW).look
    assert look is not None
    slow = next(each for each in look.comparisons if each["name"] == "api slow")
    assert [(slow[side]["bad"], slow[side]["all"]) for side in ("a", "b")] == [(3, 60), (3, 60)]


def test_the_screen_says_where_it_stands_what_it_waits_for_and_how_to_go_back() -> None:
    release = replace(START, state=ReleaseState.AB, weight=5.0, observed_generation=1)
    measured = Measured().begun({}, release)
    measured = measured.counted(
        {"api-green": Counters(37, 1), "api-baseline": Counters(40)}, release
    )
    measured = judged(release, measured, NOW)
    later = datetime.now(UTC) + timedelta(minutes=5)
    found = StoredRelease(replace(release, since=later - timedelta(minutes=12)), measured, None)
    text = "\n".join(status_lines(found, False, later, "x.toml"))
    assert "B b (into green) beside A a" in text
    assert "ab at 5 %, for 12 min 0 s" in text
    assert "nobody: `beleg release advance --file x.toml` goes on" in text
    assert "B has had 37 of the 1,000 API requests it needs" in text
    assert "api failed               B 1 of 37 (2.70%, 0.48% to 13.82%)   A 0 of 40 (0.00%" in text
    assert "Next       ab at 25 %; waits for: B has had 37" in text
    assert "Back       `beleg release back --file x.toml` sends everybody to A at once" in text
