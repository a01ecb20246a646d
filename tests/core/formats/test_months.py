"""Months are named by the same words in tables, on pages and in the titles of papers."""

from collections.abc import Callable
from datetime import date

import pytest

from core.formats.common.dates import CalendarDay, Order, written_day
from core.formats.common.months import WORDS
from core.formats.papers import kinds
from core.formats.pdf.page import Word
from core.formats.pdf.printed import PrintedDay, dates, leading_day

pytestmark = pytest.mark.unit

NAMED = [(at, name) for at, names in enumerate(WORDS, 1) for name in names.split()]


def words(text: str) -> list[Word]:
    found, left = [], 0.0
    for each in text.split():
        found.append(Word(each, left, 0.0, left + 5.0 * len(each), 10.0))
        left += 5.0 * len(each) + 2.0
    return found


@pytest.mark.parametrize("capital", [str.lower, str.capitalize, str.upper])
def test_a_month_of_a_table_is_one_on_a_page_too(capital: Callable[[str], str]) -> None:
    for month, name in NAMED:
        text = f"5 {capital(name)} 2025"
        day = leading_day(words(text))
        assert day == PrintedDay(5, month, 2025, 3), text
        assert dates(f"am {text}.") == [date(2025, month, 5)], text
        assert written_day(text, Order.DAY) == CalendarDay(date(2025, month, 5)), text


def test_a_paper_of_march_is_one_in_any_language_and_odd_letters_stop_nothing() -> None:
    assert list(kinds._months("BWA březen 2025")) == [date(2025, 3, 1), date(2025, 3, 31)]
    assert leading_day(words("5 ſep 2025")) is not None
    assert dates("5 ſep 2025 und 5 jun\u0131 2025") == [date(2025, 9, 5)]
