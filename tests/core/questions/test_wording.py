"""Numbers in sentences, as each language writes them."""

from datetime import date
from decimal import Decimal

import pytest

from core.bilingual import Bilingual
from core.questions.wording import phrase

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("minor", "currency", "english", "german"),
    [
        (123456, "EUR", "€1,234.56", "1.234,56 €"),
        (-123456, "EUR", "-€1,234.56", "-1.234,56 €"),
        (0, "EUR", "€0.00", "0,00 €"),
        (1234567, "JPY", "JPY 1,234,567", "1.234.567 JPY"),
        (1234567, "KWD", "KWD 1,234.567", "1.234,567 KWD"),
        (10**17, "EUR", "€1,000,000,000,000,000.00", "1.000.000.000.000.000,00 €"),
    ],
)
def test_money_is_grouped(minor: int, currency: str, english: str, german: str) -> None:
    template = Bilingual("{value:money}", "{value:money}")
    assert phrase(template, currency, {"value": minor}) == Bilingual(english, german)


@pytest.mark.parametrize(
    ("field", "value", "english", "german"),
    [
        ("percent", Decimal("0.0333"), "3.33%", "3,33 %"),
        ("percent", Decimal("-12.3456"), "-1,234.56%", "-1.234,56 %"),
        ("number", 1234, "1,234", "1.234"),
        ("day", date(2024, 3, 5), "5 March 2024", "05.03.2024"),
        ("day", "2024-03-05", "5 March 2024", "05.03.2024"),
        ("month", date(2024, 3, 1), "March 2024", "März 2024"),
        ("day|days", 1, "day", "day"),
        ("day|days", 0, "days", "days"),
        ("", "as it is", "as it is", "as it is"),
    ],
)
def test_fields_say_what_they_hold(field: str, value: object, english: str, german: str) -> None:
    template = Bilingual(f"{{value:{field}}}", f"{{value:{field}}}")
    assert phrase(template, "EUR", {"value": value}) == Bilingual(english, german)
