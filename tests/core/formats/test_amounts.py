"""Amounts mean the same however a bank writes them, and what may mean two things is none."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.formats.common.amounts import Point, find_point, is_amount, read_amount

pytestmark = pytest.mark.unit

BLANKS = ("", " ", "\u00a0", "\u2007", "\u2009", "\u202f", "\u200b")
HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"
UNITS = ("", "EUR", "€", "kr", "kr.", "Fr.", "zł", "Kč", "Ft", "$")
THOUSANDS = {
    Point.COMMA: ("", ".", " ", "\u00a0", "\u202f", "'"),
    Point.DOT: ("", ",", " ", "'", "’"),
}


def grouped(digits: str, mark: str) -> str:
    """Digits with a mark between thousands."""
    parts: list[str] = []
    while len(digits) > 3:
        digits, part = digits[:-3], digits[-3:]
        parts.insert(0, part)
    return mark.join([digits, *parts])


@st.composite
def written(draw: st.DrawFn) -> tuple[int, str, Point]:
    """Minor units, one way of writing them, and what stands before the decimals."""
    amount = draw(st.integers(-(10**12), 10**12))
    point = draw(st.sampled_from(list(Point)))
    whole, part = divmod(abs(amount), 100)
    text = grouped(str(whole), draw(st.sampled_from(THOUSANDS[point])))
    is_round = part == 0 and draw(st.booleans())
    text += f"{point.value}{draw(st.sampled_from(HYPHENS))}" if is_round else ""
    text += "" if is_round else f"{point.value}{part:02d}"
    blank, unit = draw(st.sampled_from(BLANKS)), draw(st.sampled_from(UNITS))
    in_front = draw(st.booleans())
    text = f"{unit}{blank}{text}" if in_front else f"{text}{blank}{unit}"
    if amount >= 0:
        return amount, text + draw(st.sampled_from(("", " CR", " Cr", " H"))), point
    minus = draw(st.sampled_from(HYPHENS))
    forms = [f"{minus}{blank}{text}", f"({text})", f"{text} Dr", f"{text} DR.", f"{text} S"]
    return amount, draw(st.sampled_from(forms)), point


@given(written())
def test_an_amount_is_the_same_however_it_is_written(case: tuple[int, str, Point]) -> None:
    amount, text, point = case
    assert is_amount(text)
    assert read_amount(text, point, "EUR") == amount


@given(written(), st.sampled_from(HYPHENS))
def test_an_amount_with_two_signs_is_read_neither_way(
    case: tuple[int, str, Point], minus: str
) -> None:
    amount, text, point = case
    if amount < 0:
        assert read_amount(f"{minus}{text}", point, "EUR") is None


@pytest.mark.parametrize(
    "text", ["--310.40", "12 34.00", "1.2345,00", "1,2,3", "310.4O", "3103.2025.03", "-(310.40)x"]
)
def test_what_is_set_out_wrongly_is_no_amount(text: str) -> None:
    for point in Point:
        assert read_amount(text, point, "EUR") is None


@pytest.mark.parametrize(
    ("texts", "point"),
    [
        (["2.500,00 kr.", "-310,40 kr."], Point.COMMA),
        (["2'500.-", "310.40"], Point.DOT),
        (["2.500,-", "1.000,-"], Point.COMMA),
        (["Fr. 1'000.50"], Point.DOT),
    ],
)
def test_the_dot_of_a_unit_is_no_decimal_point(texts: Sequence[str], point: Point) -> None:
    assert find_point(texts) is point
