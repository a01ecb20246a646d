"""What a rehearsal says of itself: each broken promise by its name."""

import time

import pytest

from deploy.release.rehearsal.books import Books
from deploy.release.rehearsal.report import ALONE, RehearsalReport, judged, phases_of

pytestmark = pytest.mark.unit


def books_of(later: float, failures: list[str]) -> Books:
    """A hundred fast answers with A alone, a thousand as slow as this since."""
    books = Books(acknowledged=7)
    books.phase(ALONE).latencies += [0.010] * 300
    phase = books.phase("switch")
    phase.latencies += [later] * 1000
    phase.failures += failures
    books.close()
    return books


def report_of(books: Books, *, state: str = "done", lost: tuple[str, ...] = ()) -> RehearsalReport:
    """Its report."""
    report = RehearsalReport(
        a="a",
        b="b",
        phases=phases_of(books),
        state=state,
        seconds=1,
        acknowledged=books.acknowledged,
        failures=books.failures,
        lost=list(lost),
        golden=0,
        windows=None,
    )
    report.promises = judged(report, books, 1000)
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
    books = Books(acknowledged=1)
    books.phase(ALONE).latencies += [0.010] * 300
    books.close()
    assert not report_of(books).kept


def test_a_stretch_is_as_long_as_it_lasted_until_the_next() -> None:
    books = Books()
    books.phase("one")
    time.sleep(0.02)
    books.phase("two")
    books.close()
    one, two = phases_of(books)
    assert books.phases[0].seconds >= 0.02
    assert (one.name, two.name) == ("one", "two")
