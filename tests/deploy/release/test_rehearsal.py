"""What a rehearsal says of itself: each broken promise by its name."""

import time

import pytest

from deploy.release.rehearsal.report import ALONE, RehearsalReport, judged, phases_of
from deploy.release.rehearsal.results import Results

pytestmark = pytest.mark.unit


def books_of(later: float, failures: list[str]) -> Results:
    """A hundred fast answers with A alone, a thousand as slow as this since."""
    results = Results(acknowledged=7)
    results.phase(ALONE).latencies += [0.010] * 300
    phase = results.phase("switch")
    phase.latencies += [later] * 1000
    phase.failures += failures
    results.close()
    return results


def report_of(
    results: Results, *, state: str = "done", lost: tuple[str, ...] = ()
) -> RehearsalReport:
    """Its report."""
    report = RehearsalReport(
        a="a",
        b="b",
        phases=phases_of(results),
        state=state,
        seconds=1,
        acknowledged=results.acknowledged,
        failures=results.failures,
        lost=list(lost),
        golden=0,
        browser_visits=None,
    )
    report.promises = judged(report, results, 1000)
    return report


def test_what_nobody_noticed_keeps_every_promise() -> None:
    assert report_of(books_of(0.019, [])).kept


@pytest.mark.parametrize(
    ("report", "broken"),
    [
        (report_of(books_of(0.010, ["submit: 503"])), "0 failed of at least 1,000 requests"),
        (report_of(books_of(0.010, []), lost=("an id",)), "0 lost writes"),
        (report_of(books_of(0.021, [])), "API: p99 at most twice"),
        (report_of(books_of(0.010, []), state="back"), "the whole way"),
    ],
)
def test_a_broken_promise_is_named(report: RehearsalReport, broken: str) -> None:
    assert [each.name for each in report.promises if not each.kept] == [broken]
    assert f"| {broken} | **BROKEN** |" in report.as_markdown()


def test_too_few_requests_prove_nothing() -> None:
    results = Results(acknowledged=1)
    results.phase(ALONE).latencies += [0.010] * 300
    results.close()
    assert not report_of(results).kept


def test_a_stretch_is_as_long_as_it_lasted_until_the_next() -> None:
    results = Results()
    results.phase("one")
    time.sleep(0.02)
    results.phase("two")
    results.close()
    one, two = phases_of(results)
    assert results.phases[0].seconds >= 0.02
    assert (one.name, two.name) == ("one", "two")
