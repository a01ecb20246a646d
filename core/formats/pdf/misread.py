"""What a reader of scans makes of dots, commas and signs, put right where only one reading is left.

No digit is ever changed: a wrong one is for the balances to find.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from core.formats.pdf.page import Word
from core.formats.pdf.printed import NUMBER

NOISE = r"[.,:;·'`]{1,3}"
AMOUNT = re.compile(
    rf"([-+−–]?)(\d{{1,3}}(?:{NOISE}\d{{3}})+|\d{{1,3}}){NOISE}(\d\d)([-+−–H]|[S58$§]{{1,2}})?(€?)"
)
# More letters than digits are no amount; IBANs and references have no comma near their end.
LIKE_AMOUNT = re.compile(r"[-+]?\d[\d.,:;'%&?!SBOl]*[.,:;][\d%&?!SBOl]{2,3}[-+$S]{0,2}")
DAY = re.compile(r"(\d\d)[.,:;]?(\d\d)[.,:;]?(\d{4}|\d\d)?[.,:;]*")
MARKED = re.compile(r".*\d[SH]|[SH]")
MARKS = {"S": "S", "$": "S", "$S": "S", "5": "S", "8": "S", "§": "S", "H": "H"}
FEW = 3  # signs S and H on a page: then amounts bear one of them
SURE = 60.0  # per cent: an amount below that is looked at again


def bears_marks(lines: Sequence[Sequence[Word]]) -> bool:
    """Whether the page's amounts bear an S or H."""
    return sum(1 for line in lines for word in line if MARKED.fullmatch(word.text)) >= FEW


def put_right(lines: Sequence[Sequence[Word]], marked: bool) -> list[list[Word]]:
    """The lines of a page with days at their beginnings and amounts as they are printed."""
    return [_line(line, marked) for line in lines]


def is_doubtful(line: Sequence[Word], at: int, marked: bool) -> bool:
    """Whether a word is an amount that was not read cleanly: odd letters, no mark, little sure."""
    word, after = line[at], line[at + 1].text if at + 1 < len(line) else ""
    if not NUMBER.fullmatch(word.text):
        return LIKE_AMOUNT.fullmatch(word.text) is not None and not DAY.fullmatch(word.text)
    unmarked = marked and word.text[-1] not in "SH" and after not in ("S", "H")
    return unmarked or word.confidence < SURE


def settled(word: Word, again: str, marked: bool) -> Word:
    """An amount after a second look: the clean reading, and no confidence where both differ."""
    second = _amount("".join(again.split()), marked)
    first, other = NUMBER.fullmatch(word.text), NUMBER.fullmatch(second)
    if other is None:
        return word
    if first is None:
        return replace(word, text=second)
    if (first["whole"], first["cents"]) == (other["whole"], other["cents"]):
        return replace(word, text=second) if is_clean(replace(word, text=second), marked) else word
    return replace(word, confidence=0.0)


def is_clean(word: Word, marked: bool) -> bool:
    """Whether a word is an amount with all that belongs to it."""
    return NUMBER.fullmatch(word.text) is not None and (not marked or word.text[-1] in "SH")


def with_mark(word: Word, mark: str) -> Word:
    """An amount and the mark that stands behind it, if it is one."""
    side = mark.strip()
    return replace(word, text=word.text + side) if side in ("S", "H") else word


def _line(words: Sequence[Word], marked: bool) -> list[Word]:
    found: list[Word] = []
    beginning = True
    for word in words:
        day = DAY.fullmatch(word.text) if beginning else None
        beginning = day is not None
        if day:
            text = f"{day[1]}.{day[2]}.{day[3] or ''}"
        elif marked and found and NUMBER.fullmatch(found[-1].text) and word.text in MARKS:
            text = MARKS[word.text]
        else:
            text = _amount(word.text, marked)
        found.append(replace(word, text=text))
    return found


def _amount(text: str, marked: bool) -> str:
    match = AMOUNT.fullmatch(text)
    if match is None:
        return text
    sign, whole, cents, mark, unit = match.groups()
    if mark and mark[0] in "S58$§":  # a third decimal: it can only be an S
        if not marked:
            return text
        mark = "S"
    digits = re.sub(r"\D", "", whole)
    return f"{sign}{int(digits):,}".replace(",", ".") + f",{cents}{mark or ''}{unit}"
