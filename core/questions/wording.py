"""Sentences with numbers in them, as each language writes them: `€1,234.56`, `1.234,56 €`."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from string import Formatter
from typing import Any

from core.bilingual import SWAP, Bilingual
from core.money import digits

SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}
MONTHS = {
    "en": """January February March April May June July August September October November
    December""",
    "de": """Januar Februar März April Mai Juni Juli August September Oktober November
    Dezember""",
}


class Wording(Formatter):
    """Fills templates whose fields say what they hold: money, percent, number, day or month.

    A field `{value:payment|payments}` gives the word that fits the number.
    """

    def __init__(self, language: str, currency: str) -> None:
        self._german = language == "de"
        self._months = MONTHS[language].split()
        self._currency = currency

    def format_field(self, value: Any, format_spec: str) -> str:
        """One field in the words of the language."""
        match format_spec:
            case "money":
                return self.money(value)
            case "percent":
                percent = self._number(f"{value * 100:,.2f}")
                return f"{percent} %" if self._german else f"{percent}%"
            case "number":
                return self._number(f"{value:,}")
            case "day":
                return self._day(value)
            case "month":
                return f"{self._months[value.month - 1]} {value.year}"
            case "":
                return str(value)
        one, many = format_spec.split("|")
        return one if value == 1 else many

    def money(self, minor: int) -> str:
        """An amount in minor units, grouped, with its currency where the language puts it."""
        number = self._number(f"{Decimal(digits(abs(minor), self._currency)):,}")
        sign = "-" if minor < 0 else ""
        symbol = SYMBOLS.get(self._currency)
        if self._german:
            return f"{sign}{number} {symbol or self._currency}"
        return f"{sign}{symbol}{number}" if symbol else f"{sign}{self._currency} {number}"

    def _number(self, english: str) -> str:
        return english.translate(SWAP) if self._german else english

    def _day(self, value: date | str) -> str:
        day = date.fromisoformat(value) if isinstance(value, str) else value
        if self._german:
            return f"{day:%d.%m.%Y}"
        return f"{day.day} {self._months[day.month - 1]} {day.year}"


def phrase(template: Bilingual, currency: str, fields: Mapping[str, object]) -> Bilingual:
    """The template in both languages with its fields filled in."""
    return Bilingual(
        en=Wording("en", currency).vformat(template.en, (), fields),
        de=Wording("de", currency).vformat(template.de, (), fields),
    )
