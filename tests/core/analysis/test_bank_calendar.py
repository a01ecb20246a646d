"""Days on which no bank books."""

from datetime import date, timedelta

import pytest

from core.analysis.bankdays import is_bank_day, none_between
from deploy.demo import bankdays as told

pytestmark = pytest.mark.unit


def test_they_are_those_that_the_made_up_banks_keep() -> None:
    day = date(2000, 1, 1)
    while day < date(2040, 1, 1):
        assert is_bank_day(day) is told.is_bank_day(day), day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("earlier", "later", "none"),
    [
        (date(2025, 4, 17), date(2025, 4, 22), True),  # Maundy Thursday to Easter Tuesday
        (date(2025, 4, 16), date(2025, 4, 22), False),
        (date(2024, 12, 31), date(2025, 1, 2), True),
        (date(2025, 5, 30), date(2025, 6, 2), True),
        (date(2025, 5, 29), date(2025, 6, 2), False),
    ],
)
def test_a_run_of_days_without_a_bank_day(earlier: date, later: date, none: bool) -> None:
    assert none_between(earlier, later) is none
