"""What is held to a budget of time, and what exceeds it."""

import pytest

from public_api.v1.version import V1
from tests.bench.budgets import BUDGETS, within_budget
from tests.bench.latency import DO, Compared

pytestmark = pytest.mark.unit
CALLS = 9


def test_whatever_version_1_can_do_is_timed_and_has_a_budget() -> None:
    assert len(DO) == len(V1.operations)
    assert DO.keys() == BUDGETS.keys()


def test_a_version_that_waits_exceeds_every_budget_of_its_own_and_no_other() -> None:
    alike = Compared([0.001] * CALLS, [0.001] * CALLS)
    waiting = Compared([0.401] * CALLS, [0.001] * CALLS)
    assert all(each.met for each in within_budget(dict.fromkeys(DO, alike)))
    found = list(within_budget(dict.fromkeys(DO, waiting)))
    assert [each.met for each in found if "v1 against v2" in each.figure] == [False] * len(DO)
    assert all(each.met for each in found if "the cheapest" in each.figure)


def test_an_operation_that_became_slow_over_both_versions_is_told_by_the_cheapest() -> None:
    compared = dict.fromkeys(DO, Compared([0.001] * CALLS, [0.001] * CALLS))
    compared["create"] = Compared([0.02] * CALLS, [0.02] * CALLS)
    met = {each.figure: each.met for each in within_budget(compared)}
    assert not met["create, v2 against the cheapest"]
    assert met["create, v1 against v2"]
