"""What a reader of scans makes of dots and commas in amounts, put right as the page writes them.

No digit is ever changed: a wrong one is for the balances to find.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from core.formats.pdf.page import Line, Word

COMMA = re.compile(r"[-+−–]?\d{1,3}(?:\.?\d{3})*,\d\d[-+−–SH]?€?")
DOTS = re.compile(r"([-+−–]?)(\d{1,3}(?:[.,:;·]\d{3})+|\d{1,3})[.,:;·]{1,2}(\d\d)([-+−–SH]?€?)")
MARRED = re.compile(r"(\d\d)[.,:;](\d\d)[.,:;](\d{4}|\d\d)?[.,:;]?")  # a day, at a line's beginning
DAY = re.compile(r"(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])")
SURE = 60.0  # per cent: an amount below that may be misread


def put_right(lines: Sequence[Line]) -> list[Line]:
    """The page's lines, its few amounts with a dot before the cents with a comma, as the others."""
    words = [word for line in lines for word in line.words]
    commas = sum(1 for word in words if COMMA.fullmatch(word.text))
    dots = [word for word in words if _is_odd(word)]
    right = _right if commas > len(dots) else lambda word: word
    return [replace(each, words=(*_days(each), *map(right, _others(each)))) for each in lines]


def _leading(line: Line) -> int:
    """How many words that look like days a line begins with."""
    return sum(1 for _ in takewhile(lambda word: MARRED.fullmatch(word.text), line.words))


def _days(line: Line) -> Iterator[Word]:
    """The days that a line begins with, with dots."""
    for word in line.words[: _leading(line)]:
        if match := MARRED.fullmatch(word.text):
            yield replace(word, text=f"{match[1]}.{match[2]}.{match[3] or ''}")


def _others(line: Line) -> Sequence[Word]:
    return line.words[_leading(line) :]


def _is_odd(word: Word) -> bool:
    return (
        not COMMA.fullmatch(word.text)
        and bool(DOTS.fullmatch(word.text))
        and not DAY.fullmatch(word.text)
    )


def _right(word: Word) -> Word:
    match = DOTS.fullmatch(word.text) if _is_odd(word) else None
    if match is None:
        return word
    sign, whole, cents, mark = match.groups()
    grouped = f"{int(re.sub(r'[^0-9]', '', whole)):,}".replace(",", ".")
    return replace(word, text=f"{sign}{grouped},{cents}{mark}")
