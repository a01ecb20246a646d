"""Amounts are whole minor units, and come back as they were written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import (
    EXPONENTS,
    LARGEST,
    UNKNOWN_CURRENCY,
    BadAmount,
    digits,
    exponent,
    mean,
    parse,
    stated,
    to_currency,
)

pytestmark = pytest.mark.unit
CURRENCIES = st.sampled_from(["EUR", "USD", "CHF", *EXPONENTS])
MINOR = st.integers(-LARGEST, LARGEST)


@given(MINOR, CURRENCIES)
def test_an_amount_that_was_written_is_read_as_it_was(minor: int, currency: str) -> None:
    assert parse(digits(minor, currency), currency) == minor


@given(MINOR, CURRENCIES)
def test_an_amount_is_written_with_all_decimals_of_its_currency(minor: int, currency: str) -> None:
    whole, point, part = digits(minor, currency).partition(".")
    assert len(part) == exponent(currency)
    assert bool(point) == bool(part)
    assert whole.removeprefix("-").isdecimal()
    assert (whole.startswith("-")) == (minor < 0)


@given(MINOR, CURRENCIES)
def test_an_amount_is_stated_alike_in_both_languages(minor: int, currency: str) -> None:
    both = stated(minor, currency)
    assert both.en == f"{digits(minor, currency)} {currency}".rstrip()
    assert both.de.replace(".", "").replace(",", ".") == both.en


@given(MINOR, CURRENCIES, st.integers(1, 10))
def test_zeros_beyond_the_decimals_change_nothing(minor: int, currency: str, zeros: int) -> None:
    text = digits(minor, currency)
    longer = text + ("" if "." in text else ".") + "0" * zeros
    assert parse(longer, currency) == minor


@given(MINOR, CURRENCIES, st.integers(1, 9))
def test_a_rest_finer_than_the_currency_is_refused(minor: int, currency: str, rest: int) -> None:
    text = digits(minor, currency)
    with pytest.raises(BadAmount, match="finer"):
        parse(f"{text}{'' if '.' in text else '.'}{rest}", currency)


@given(st.integers(-(10**15) + 1, 10**15 - 1), CURRENCIES)
def test_an_amount_whose_currency_was_not_said_is_the_same_amount_once_it_is(
    minor: int, currency: str
) -> None:
    assert to_currency(parse(digits(minor, currency), UNKNOWN_CURRENCY), currency) == minor


@pytest.mark.parametrize(("text", "currency"), [("1.005", "EUR"), ("-0.5", "JPY")])
def test_nor_is_it_rounded_where_it_is_finer_than_its_currency(text: str, currency: str) -> None:
    with pytest.raises(BadAmount, match=f"finer than {currency}"):
        to_currency(parse(text, UNKNOWN_CURRENCY), currency)


@pytest.mark.parametrize(
    "text",
    ["", "x", "1,00", "1 000", "1_000", "١", "NaN", "-Infinity", "1e3", "9" * 19, "1" * 5_000, "."],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadAmount):
        parse(text, "EUR")


@pytest.mark.parametrize(
    ("total", "count", "middle"), [(5, 2, 2), (7, 2, 4), (-5, 2, -2), (10, 3, 3), (0, 7, 0)]
)
def test_a_mean_is_rounded_half_to_even(total: int, count: int, middle: int) -> None:
    assert mean(total, count) == middle
