"""What the measurement concludes from its turns."""

import pytest

from tests.bench.load import Run, Wrong, content_length
from tests.bench.report import at_least, within
from tests.bench.rounds import Turn, compare, estimate

pytestmark = pytest.mark.unit


def turn(cpu: float, per_second: float = 100.0) -> Turn:
    return Turn(per_second, 1.0, 2.0, cpu, 10.0)


def test_sides_are_compared_within_a_round_so_that_a_slower_minute_changes_nothing() -> None:
    turns = {"ours": [turn(10), turn(30), turn(20)], "peer": [turn(100), turn(300), turn(200)]}
    assert compare(turns, "peer", "ours", lambda each: each.cpu).middle == 10


def test_the_interval_holds_the_median_and_widens_with_the_scatter() -> None:
    calm, wild = estimate([1.0, 1.01, 1.02] * 5), estimate([0.5, 1.01, 2.0] * 5)
    assert calm.low <= calm.middle <= calm.high
    assert wild.high - wild.low > calm.high - calm.low


def test_a_target_is_met_by_cpu_and_by_speed_each_for_itself() -> None:
    turns = {"ours": [turn(10, 500)], "peer": [turn(100, 100)]}
    met = {each.figure: each.met for each in at_least("get", turns, "ours", "peer", 10)}
    assert met == {"get, CPU/request": True, "get, requests/s": False}


@pytest.mark.parametrize(("cpu", "met"), [(103.0, True), (106.0, False)])
def test_a_version_may_cost_so_much_more_and_no_more(cpu: float, met: bool) -> None:
    turns = {"v1": [turn(cpu)] * 15, "v2": [turn(100.0)] * 15}
    assert within("v1", turns, "v1", "v2", 5).met is met


def test_percentiles_are_those_of_the_latencies() -> None:
    run = Run(1.0, [each / 1000 for each in range(1, 101)])
    assert (run.percentile(50), run.percentile(99), run.percentile(100)) == (0.051, 0.1, 0.1)


def test_the_length_of_an_answer_is_read_however_it_is_written() -> None:
    assert content_length(b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\nx: y") == 12
    with pytest.raises(Wrong):
        content_length(b"HTTP/1.1 200 OK\r\nx: y")
