"""What a reader of scans makes of dots and commas in amounts, put right as the page writes them.

No digit is ever changed: a wrong one is for the balances to find.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from core.formats.pdf.page import Line, Word

COMMA = re.compile(r"[-+−–]?\d{1,3}(?:\.?\d{3})*,\d\d[-+−–SH]?€?")
DOTS = re.compile(r"([-+−–]?)(\d{1,3}(?:[.,:;·]\d{3})+|\d{1,3})[.,:;·]{1,2}(\d\d)([-+−–SH]?€?)")
DAY = re.compile(r"(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])")
SURE = 60.0  # per cent: an amount below that may be misread


def put_right(lines: Sequence[Line]) -> list[Line]:
    """The page's lines, its few amounts with a dot before the cents with a comma, as the others."""
    words = [word for line in lines for word in line.words]
    commas = sum(1 for word in words if COMMA.fullmatch(word.text))
    dots = [word for word in words if _is_odd(word)]
    if commas <= len(dots):
        return list(lines)
    return [replace(line, words=tuple(map(_right, line.words))) for line in lines]


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
