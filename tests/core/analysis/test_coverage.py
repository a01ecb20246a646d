"""Which days are covered, where the gaps are, and which months figures are computed for."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.coverage import (
    Gap,
    add_months,
    choose_window,
    cover,
    end_of_month,
    find_gaps,
    find_lags,
)
from core.analysis.model import Life, Period, Window

pytestmark = pytest.mark.unit


def period(
    starts_on: date,
    ends_on: date,
    account: str = "A",
    opening: int | None = None,
    closing: int | None = None,
) -> Period:
    return Period(UUID(int=0), account, starts_on, ends_on, opening, closing, None)


def window(*periods: Period) -> Window | None:
    return choose_window(cover(periods))


def gaps(*periods: Period) -> list[Gap]:
    return find_gaps(cover(periods))


def test_statements_that_touch_or_overlap_join() -> None:
    january = period(date(2024, 1, 1), date(2024, 1, 31))
    february = period(date(2024, 2, 1), date(2024, 2, 29))
    within = period(date(2024, 1, 10), date(2024, 1, 12))
    assert gaps(february, within, january) == []
    assert window(february, within, january) == Window(date(2024, 1, 1), date(2024, 2, 29))


def test_a_missing_statement_is_a_gap() -> None:
    january = period(date(2024, 1, 1), date(2024, 1, 31))
    march = period(date(2024, 3, 1), date(2024, 3, 31))
    assert gaps(january, march) == [Gap("A", date(2024, 2, 1), date(2024, 2, 29))]
    assert window(january, march) == Window(date(2024, 3, 1), date(2024, 3, 31))


@pytest.mark.parametrize(
    ("days", "opening", "closing", "bridged"),
    [
        (10, 500, 500, True),
        (11, 500, 500, False),
        (1, 501, 500, False),
        (1, None, None, False),
    ],
)
def test_days_without_a_booking_are_bridged(
    days: int, opening: int | None, closing: int | None, bridged: bool
) -> None:
    begin = date(2024, 1, 23) + timedelta(days=days)  # banks book on the first of these days
    earlier = period(date(2024, 1, 1), date(2024, 1, 22), closing=closing)
    later = period(begin, date(2024, 2, 29), opening=opening)
    assert (gaps(earlier, later) == []) is bridged


def test_the_window_ends_with_the_last_month_that_every_account_covers() -> None:
    one = period(date(2023, 11, 1), date(2024, 5, 15), "A")
    other = period(date(2024, 1, 3), date(2024, 6, 30), "B")
    assert window(one, other) == Window(date(2024, 2, 1), date(2024, 4, 30))


def test_without_a_whole_month_or_any_statement_there_is_no_window() -> None:
    assert window(period(date(2024, 1, 3), date(2024, 2, 28))) is None
    assert window() is None


def test_the_window_is_at_most_two_years() -> None:
    found = window(period(date(2020, 1, 1), date(2024, 2, 29)))
    assert found == Window(date(2022, 3, 1), date(2024, 2, 29))
    assert found.months == 24
    assert found.days == 731


DAYS = st.dates(date(2020, 1, 1), date(2024, 12, 31))
SPANS = st.tuples(DAYS, st.integers(0, 900), st.sampled_from("AB"))


@given(st.lists(SPANS, max_size=12))
def test_a_window_is_whole_months_that_every_account_covers(
    spans: list[tuple[date, int, str]],
) -> None:
    periods = [period(day, day + timedelta(days=more), account) for day, more, account in spans]
    coverage = cover(periods)
    found = choose_window(coverage)
    if found is None:
        return
    assert 1 <= found.months <= 24
    assert found.starts_on.day == 1
    assert found.ends_on == end_of_month(found.ends_on)
    for runs in coverage.values():
        assert any(
            run.reach[0] <= found.starts_on and found.ends_on <= run.reach[1] for run in runs
        )


@given(DAYS, st.integers(-40, 40))
def test_months_can_be_added_and_taken_away(day: date, count: int) -> None:
    assert add_months(add_months(day, count), -count) == day.replace(day=1)


def test_days_on_which_no_bank_books_are_no_gap() -> None:
    before_easter = period(date(2025, 4, 1), date(2025, 4, 17))
    after_easter = period(date(2025, 4, 22), date(2025, 4, 30))
    assert gaps(before_easter, after_easter) == []
    assert window(before_easter, after_easter) == Window(date(2025, 4, 1), date(2025, 4, 30))
    moved = replace(before_easter, closing=5), replace(after_easter, opening=6)
    assert gaps(*moved) == [Gap("A", date(2025, 4, 18), date(2025, 4, 21))]


def test_a_month_is_whole_from_its_first_bank_day_to_its_last() -> None:
    # 1 May is a holiday, 31 May a Saturday.
    found = window(period(date(2025, 5, 2), date(2025, 5, 30)))
    assert found == Window(date(2025, 5, 1), date(2025, 5, 31))
    assert window(period(date(2025, 5, 2), date(2025, 5, 29))) is None


YEAR = period(date(2024, 1, 1), date(2024, 12, 31))


def test_a_month_counts_when_every_account_alive_in_it_is_covered() -> None:
    closed = period(date(2024, 1, 1), date(2024, 3, 10), "B")
    opened = period(date(2024, 10, 9), date(2024, 12, 31), "C")
    coverage = cover([YEAR, closed, opened])
    lives = {"B": Life(closed_on=closed.ends_on), "C": Life(opened_on=opened.starts_on)}
    assert choose_window(coverage, lives) == Window(YEAR.starts_on, YEAR.ends_on)
    assert choose_window(coverage, {"B": lives["B"]}) == Window(date(2024, 11, 1), YEAR.ends_on)
    assert choose_window(coverage, {"C": lives["C"]}) == Window(YEAR.starts_on, date(2024, 2, 29))


def test_an_account_whose_statements_end_long_before_the_others_lacks_some() -> None:
    behind = period(date(2024, 1, 1), date(2024, 9, 30), "B")
    coverage = cover([YEAR, behind])
    lives = dict.fromkeys("AB", Life())
    assert find_lags(coverage, lives) == [Gap("B", date(2024, 10, 1), date(2024, 12, 31))]
    assert find_lags(coverage, lives | {"B": Life(closed_on=behind.ends_on)}) == []
    almost = cover([YEAR, period(date(2024, 1, 1), date(2024, 10, 31), "B")])
    assert find_lags(almost, lives) == []
