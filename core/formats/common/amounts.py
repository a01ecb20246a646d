"""Amounts as people and banks write them: `1.234,56`, `1,234.56-`, `12,34 S`, `€ 5`."""

import re
from collections.abc import Iterable, Sequence
from enum import Enum
from functools import lru_cache

from core.formats.common.texts import BadValue, minor
from core.money import EXPONENTS, UNKNOWN_CURRENCY, exponent

HYPHENS = "\\-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u02d7\ufe58\ufe63\uff0d\u00ad"
BLANK = "[\\s\u200b\u200e\u200f\u2060\ufeff]"  # what prints as a blank, or as nothing
UNIT = (
    r"(?:[A-Z]{3}|[A-Z]{1,2}\$|[€$£¥]|[Ee]uros?|(?:[Kk][Rr]|[Ff][Rr]|SFr|Sfr|Rs)\.?|zł|Kč|Ft|lei)"
)
SIDE = r"[SHDC]|[DC][Rr]\.?|[dc]r\.?"
# Sign or side, currency, digits with their separators, a dash for no decimals, currency, sign or
# side: what stands in places that a number has once stands there once.
AMOUNT = re.compile(
    rf"{BLANK}*+([+{HYPHENS}]?){BLANK}*+{UNIT}?{BLANK}*+([+{HYPHENS}]?){BLANK}*+"
    rf"([0-9][0-9.,'’´`\u02b9\u2032\s\u200b\u2060]*+|[.,][0-9]++)"
    rf"((?:(?<=[.,])|(?<=[.,] ))[{HYPHENS}]{{1,2}})?+{BLANK}*+"
    rf"{UNIT}?{BLANK}*+([+{HYPHENS}]|{SIDE})?(?:{BLANK}*+{UNIT})?{BLANK}*+"
)
IN_PARENTHESES = re.compile(
    rf"{BLANK}*+{UNIT}?{BLANK}*+(?:\((?P<round>.*)\)|\[(?P<square>.*)\]){BLANK}*+{UNIT}?{BLANK}*+"
)
PLUS_OR_MINUS = re.compile(f"[+{HYPHENS}]")
MINUS = re.compile(f"[{HYPHENS}]|[SD]|D[Rr]\\.?|dr\\.?")
BLANKS = re.compile("['’´`\u02b9\u2032\\s\u200b\u2060]")
# Without the dot of "kr." before or behind it.
NUMBER = re.compile(rf"[.,]?[0-9](?:.*[0-9])?(?:[.,](?= ?[{HYPHENS}]))?")
NOTHING = " \t\r\n\u00a0\u2007\u2009\u202f\u200b\u2060"
LONGEST = 18  # digits and sign of an amount that is read without looking twice
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
    votes = list(map(_point_in, texts))
    commas, dots = votes.count(Point.COMMA), votes.count(Point.DOT)
    if commas == dots:
        return None
    return Point.COMMA if commas > dots else Point.DOT


@lru_cache(maxsize=4096)
def _point_in(text: str) -> Point | None:
    """The point by which an amount writes its decimals; None where it does not tell."""
    number = NUMBER.search(text)
    digits = "".join(each for each in number[0] if each in "0123456789.,") if number else ""
    last = max(digits.rfind(","), digits.rfind("."))
    if last < 0:
        return None
    mark, other = digits[last], ("," if digits[last] == "." else ".")
    grouped = digits.count(mark) > 1
    # Three digits after a mark that is the only one may be thousands as well as decimals.
    if other not in digits and len(digits) - last - 1 == 3 and not grouped:
        return None
    return Point(other if grouped else mark)


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


def _in_parentheses(text: str) -> str | None:
    """What stands in parentheses, round or square; None where an amount does not."""
    match = IN_PARENTHESES.fullmatch(text) if "(" in text or "[" in text else None
    return match and (match["square"] if match["round"] is None else match["round"])


def is_amount(text: str) -> bool:
    """Whether a text is an amount as banks write them, in whichever way."""
    inner = _in_parentheses(text)
    return AMOUNT.fullmatch(text if inner is None else inner) is not None


def read_amount(text: str, point: Point, currency: str) -> int | None:
    """Signed minor units of an amount as it is written, None for what is none.

    Nor for one with two signs, of which nobody can tell whether they are one. Raises BadValue where
    it is finer than the currency or too large.
    """
    # Parentheses are how bookkeepers write what is less than nothing.
    inner = _in_parentheses(text)
    match = AMOUNT.fullmatch(text if inner is None else inner)
    if match is None:
        return None
    before, within, digits, round_dash, behind = match.groups()
    signs = [each for each in (before, within, behind) if each]
    if len(signs) > 1 or (inner is not None and signs and PLUS_OR_MINUS.match(signs[0])):
        return None
    whole, fraction = _parts(digits.strip(NOTHING), point.value, round_dash is not None)
    if whole is None:
        return None
    amount = minor(whole, fraction, currency)
    return -amount if inner is not None or (signs and MINUS.fullmatch(signs[0])) else amount


def is_minus(text: str, point: Point) -> bool:
    """Whether a text is an amount below nothing."""
    try:
        return (read_amount(text, point, UNKNOWN_CURRENCY) or 0) < 0
    except BadValue:
        return False


@lru_cache(maxsize=1024)
def _parts(digits: str, point: str, is_round: bool) -> tuple[str | None, str]:
    """The digits before and after the point; (None, "") where they are set out wrongly.

    Behind a round amount, `500.-`, either point may stand.
    """
    thousands = Point(point).thousands
    if is_round and point not in digits:
        digits = digits.removesuffix(thousands)
    whole, _, fraction = digits.partition(point)
    first, *groups = BLANKS.sub(thousands, whole).split(thousands)
    if (groups and len(first) > 3) or (fraction and not fraction.isdecimal()):
        return None, ""
    # Indians set out hundreds of thousands in pairs.
    pairs = len(groups) > 1 and all(len(each) == 2 for each in groups[:-1])
    if not (pairs and len(groups[-1]) == 3) and any(len(each) != 3 for each in groups):
        return None, ""
    return first + "".join(groups), fraction
