"""The calendar of German banks."""

from datetime import date

import pytest

from deploy.demo import bankdays

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (2019, date(2019, 4, 21)),
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_easter_falls_where_the_church_puts_it(year: int, sunday: date) -> None:
    assert bankdays.easter(year) == sunday


def test_banks_rest_on_weekends_and_nationwide_holidays() -> None:
    closed = (date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25))
    assert not any(bankdays.is_bank_day(day) for day in closed)
    assert not bankdays.is_bank_day(date(2026, 10, 3))
    assert not bankdays.is_bank_day(date(2026, 11, 22))
    assert bankdays.is_bank_day(date(2026, 4, 7))


def test_the_third_last_bank_day_of_a_december_comes_before_new_year() -> None:
    assert bankdays.bank_days(date(2026, 12, 1))[-3] == date(2026, 12, 29)


def test_months_shift_over_the_year() -> None:
    assert bankdays.shift(date(2026, 11, 1), 3) == date(2027, 2, 1)
    assert bankdays.shift(date(2026, 1, 1), -1) == date(2025, 12, 1)
    assert bankdays.last_day(date(2028, 2, 1)) == date(2028, 2, 29)
