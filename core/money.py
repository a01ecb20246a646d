"""Money as whole minor units of a currency; never a float.

Exponents are those of ISO 4217 (list one); currencies not named here have two decimals.
"""

import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

from core.bilingual import SWAP, Bilingual, InvalidValue

_WITHOUT_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_WITH_THREE = "BHD IQD JOD KWD LYD OMR TND"
EXPONENTS = dict.fromkeys(_WITHOUT_DECIMALS.split(), 0) | dict.fromkeys(_WITH_THREE.split(), 3)
UNKNOWN_CURRENCY = ""
"""The currency of amounts whose file names none: they are kept as fine as any currency is."""
EXPONENTS[UNKNOWN_CURRENCY] = max(EXPONENTS.values())
LARGEST = 10**18 - 1  # fits a PostgreSQL bigint with room for sums
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)\Z")  # Decimal itself takes 1_0 and 1e1


class BadAmount(InvalidValue):
    """The text is not an amount of this currency; the message says why."""


class Money(NamedTuple):
    """An amount in minor units (cents for EUR) of an ISO 4217 currency."""

    minor: int
    currency: str


def exponent(currency: str) -> int:
    """How many decimals the currency has."""
    return EXPONENTS.get(currency, 2)


def parse(text: str, currency: str) -> int:
    """Minor units of a decimal text such as `5442.09000`; trailing zeros are accepted.

    Raises BadAmount for what is no plain decimal, is too large, or is finer than the currency.
    """
    if not _DECIMAL.match(text):
        raise BadAmount(_quoted(text, "is not a decimal number", "ist keine Dezimalzahl"))
    places = EXPONENTS.get(currency, 2)
    whole, _, part = text.partition(".")
    if len(part) == places and len(whole) + places <= 18:  # as nearly all are written
        return int(whole + part)
    number, part = whole.lstrip("+-0"), part.rstrip("0")
    if len(number) > 18:
        raise BadAmount(
            _quoted(text, "is not an amount that can be kept", "ist als Betrag nicht darstellbar")
        )
    if len(part) > places:
        raise BadAmount(_finer(text, currency))
    minor = int(number + part.ljust(places, "0") or "0")
    if minor > LARGEST:
        raise BadAmount(_quoted(text, "is too large", "ist zu groß"))
    return -minor if whole.startswith("-") else minor


def to_currency(minor: int, currency: str) -> int:
    """Minor units of a currency for those of an unknown one; raises BadAmount where it is finer."""
    finer: int = 10 ** (EXPONENTS[UNKNOWN_CURRENCY] - exponent(currency))
    units, remainder = divmod(minor, finer)
    if remainder:
        raise BadAmount(_finer(digits(minor, UNKNOWN_CURRENCY), currency))
    return units


def digits(minor: int, currency: str) -> str:
    """The decimal text of minor units, with all of the currency's decimals: `250000.00`."""
    places = EXPONENTS.get(currency, 2)
    if places == 0:
        return str(minor)
    text = str(abs(minor)).zfill(places + 1)
    return f"{'-' if minor < 0 else ''}{text[:-places]}.{text[-places:]}"


def stated(minor: int, currency: str) -> Bilingual:
    """Minor units as an amount with its currency: `-1250.00 EUR`, in German `-1.250,00 EUR`."""
    text = digits(minor, currency)
    return Bilingual(
        f"{text} {currency}".rstrip(), f"{Decimal(text):,} {currency}".translate(SWAP).rstrip()
    )


def mean(total: int, count: int) -> int:
    """The mean of `count` amounts that add up to `total`, half-even to the minor unit."""
    return int((Decimal(total) / count).to_integral_value(ROUND_HALF_EVEN))


def _quoted(text: str, en: str, de: str) -> Bilingual:
    return Bilingual(f"{text[:40]!r} {en}", f"{text[:40]!r} {de}")


def _finer(text: str, currency: str) -> Bilingual:
    return _quoted(
        text,
        f"is finer than {currency} allows",
        f"hat mehr Nachkommastellen, als {currency} zulässt",
    )
