"""Amounts as people and banks write them: `1.234,56`, `1,234.56-`, `12,34 S`, `€ 5`."""

import re
from collections.abc import Iterable, Sequence
from enum import Enum
from functools import lru_cache

from core.formats.common.texts import minor
from core.money import EXPONENTS, exponent

# Sign or side, currency, digits with their separators, currency, sign or side.
AMOUNT = re.compile(
    r"([+\-−–]?)\s*+(?:[A-Z]{3}|[€$£])?\s*+([+\-−–]?)\s*+"
    r"([0-9][0-9.,'’\u00a0\u202f ]*+|[.,][0-9]++)\s*+"
    r"(?:[A-Z]{3}|[€$£])?\s*+([+\-−–]|[SHDC]|[DC]R)?(?:\s*+(?:[A-Z]{3}|[€$£]))?"
)
BLANKS = str.maketrans("", "", "'’\u00a0\u202f ")
LONGEST = 18  # digits and sign of an amount that is read without looking twice
NEGATIVE = frozenset(("-", "−", "–", "S", "D", "DR"))
THREE_BEHIND = re.compile(r"[^.,]*[0-9]([.,])[0-9]{3}[^0-9.,]*")


class Point(Enum):
    """The character that stands before an amount's decimals."""

    COMMA = ","
    DOT = "."

    @property
    def thousands(self) -> str:
        """The character that may stand between thousands."""
        return "," if self is Point.DOT else "."


# Lines that are an amount with two decimals each, its thousands set apart or not.
PLAIN = {
    point: re.compile(
        rf"(?:-?(?:[0-9]{{1,15}}+{re.escape(point.value)}"
        rf"|[0-9]{{1,3}}(?:{re.escape(point.thousands)}[0-9]{{3}}){{1,4}}{re.escape(point.value)})"
        r"[0-9]{2}\n)*+"
    )
    for point in Point
}


def find_point(texts: Iterable[str]) -> Point | None:
    """How a column of amounts writes its decimals; None where none of them tells."""
    votes = {Point.COMMA: 0, Point.DOT: 0}
    for text in texts:
        digits = "".join(each for each in text if each in "0123456789.,")
        last = max(digits.rfind(","), digits.rfind("."))
        if last < 0:
            continue
        mark, other = Point(digits[last]), ("," if digits[last] == "." else ".")
        # Three digits after a mark that is the only one may be thousands as well as decimals.
        if other in digits or len(digits) - last - 1 != 3 or digits.count(mark.value) > 1:
            grouped = digits.count(mark.value) > 1
            votes[mark if not grouped else Point(other)] += 1
    if votes[Point.COMMA] == votes[Point.DOT]:
        return None
    return max(votes, key=lambda point: votes[point])


def settled_point(
    amounts: Sequence[str], balances: Sequence[str], currencies: Iterable[str]
) -> Point | None:
    """How a table of amounts in these currencies writes decimals, the comma where none has any.

    Where all have three digits behind their only mark, a currency without decimals has thousands
    there, one with three has decimals, and others have thousands behind a dot. None for a comma:
    in some countries `1,000` is one, in others a thousand.
    """
    if point := find_point(amounts) or find_point(balances):
        return point
    marked = [text for text in amounts if "," in text or "." in text]
    found = {match[1] for text in marked if (match := THREE_BEHIND.fullmatch(text))}
    if len(found) != 1 or not all(map(THREE_BEHIND.fullmatch, marked)):
        return Point.COMMA
    mark = Point(found.pop())
    decimals = {exponent(each.upper()) for each in currencies}
    if decimals == {3}:
        return mark
    return Point(mark.thousands) if mark is Point.DOT or decimals == {0} else None


def quick_amount(text: str, point: str, currency: str | None) -> int | None:
    """Signed minor units of what nearly all amounts are: digits, point, two more; None if not."""
    if text[-3:-2] != point or currency in EXPONENTS:
        return None
    digits = text[:-3] + text[-2:]
    plain = digits.isdecimal() or (digits[:1] == "-" and digits[1:].isdecimal())
    return int(digits) if plain and len(digits) < LONGEST else None


def plain_amounts(texts: Sequence[str], point: Point) -> list[int] | None:
    """Signed minor units of texts that are all an amount with two decimals; None if any is not."""
    text = "\n".join([*texts, ""])
    if not PLAIN[point].fullmatch(text) or text.count("\n") != len(texts):
        return None
    return list(map(int, text.replace(point.thousands, "").replace(point.value, "").split()))


def read_amount(text: str, point: Point, currency: str) -> int | None:
    """Signed minor units of an amount as it is written, None for what is none.

    Raises BadValue where it is finer than the currency or too large.
    """
    text = text.strip()
    if text[:1] == "(" and text[-1:] == ")":  # as bookkeepers write what is less than nothing
        text = f"-{text[1:-1]}"
    match = AMOUNT.fullmatch(text)
    if match is None:
        return None
    before, inner, digits, after = match.groups()
    whole, fraction = _parts(digits, point.value)
    if whole is None:
        return None
    amount = minor(whole, fraction, currency)
    negative = {before, inner, after or ""} & NEGATIVE
    return -amount if negative else amount


@lru_cache(maxsize=1024)
def _parts(digits: str, point: str) -> tuple[str | None, str]:
    """The digits before and after the point; (None, "") where they are set out wrongly."""
    whole, _, fraction = digits.translate(BLANKS).partition(point)
    groups = whole.split(Point(point).thousands)
    proper = all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= (
        3 if groups[1:] else 18
    )
    if not proper or not (fraction.isdecimal() or not fraction):
        return None, ""
    return "".join(groups), fraction
