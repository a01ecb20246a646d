"""Words that lie over others: amounts, what a page's head tells, days and texts of bookings."""

from collections.abc import Iterator, Sequence
from itertools import dropwhile, pairwise, takewhile

from core.bilingual import Bilingual
from core.documents import Finding
from core.formats.pdf.page import Line, Word
from core.formats.pdf.printed import leading_day
from core.formats.pdf.typefaces import PrintedAmount

AS_HIGH = 1.4  # times: a stamp's or a watermark's letters are larger
SAME_START = 3.0  # points
SEVERAL = 2  # words over others
SHORTEST = 3  # letters of a word over another in a booking
TOUCH = 0.1  # of an amount's height
COVERED = 0.4  # of the smaller word, below another


def over_amounts(lines: Sequence[Line], amounts: Sequence[PrintedAmount]) -> Iterator[Finding]:
    """Amounts that lie over other words of their page, which are then of their line or the next."""
    printed = {each.word.at: each for each in amounts}
    for at, line in enumerate(lines):
        for amount in filter(None, (printed.get(word.at) for word in line.words)):
            left, right = amount.word.left, amount.word.right
            near = (
                word
                for other in lines[max(0, at - 1) : at + 2]
                for word in other.words
                if word.left < right and left < word.right
            )
            over = next((each for each in near if _lies_over(amount.word, each)), None)
            if over is not None:
                page, text = amount.page, amount.word.text
                yield Finding(
                    "text_over_text",
                    Bilingual(
                        f"Page {page}: the amount {text} lies over {over.text[:40]}.",
                        f"Seite {page}: Der Betrag {text} liegt über {over.text[:40]}.",
                    ),
                )
            before = next((each for each in line.words if _touches(each, amount.word)), None)
            if before is not None:
                yield _before(amount, before.text)


def over_heads(lines: Sequence[Line]) -> Iterator[Finding]:
    """Words of a page's head that lie over others as high: a holder, account or period rewritten.

    They begin where those do, and more than one does: titles of columns may run into each other.
    Each line is told once; the same word drawn twice is how some programs make it bold.
    """
    head = list(takewhile(lambda line: leading_day(line.words) is None, lines))
    for at, line in enumerate(head):
        near = [word for each in head[max(0, at - 1) : at + 2] for word in each.words]
        over = [
            (word, other)
            for word in line.words
            for other in near
            if word.at < other.at and _is_as_high(word, other) and _covers(other, word)
        ]
        begun = (
            (word, other)
            for word, other in over
            if word.text != other.text and abs(word.left - other.left) <= SAME_START
        )
        if len(over) >= SEVERAL and (found := next(begun, None)) is not None:
            below, above = found
            yield _over(line.page, above.text, below.text)


def _touches(word: Word, amount: Word) -> bool:
    """Whether a digit stands so near before an amount that one reads it as the amount's first."""
    near = abs(amount.left - word.right) <= TOUCH * (amount.bottom - amount.top)
    return near and word.at != amount.at and word.text.isdecimal() and _is_as_high(word, amount)


def _before(amount: PrintedAmount, digits: str) -> Finding:
    page, text = amount.page, amount.word.text
    detail = Bilingual(
        f"Page {page}: {digits} was set directly before the amount {text}, which was read without.",
        f"Seite {page}: Direkt vor den Betrag {text} ist {digits} gesetzt; gelesen wurde er ohne.",
    )
    return Finding("text_over_text", detail)


def _over(page: int, above: str, below: str) -> Finding:
    above, below = above[:40], below[:40]
    detail = Bilingual(
        f"Page {page}: {above} lies over {below}.", f"Seite {page}: {above} liegt über {below}."
    )
    return Finding("text_over_text", detail)


def over_bookings(lines: Sequence[Line]) -> Iterator[Finding]:
    """Words of bookings, a day or a text, that begin where another word that they cover does."""
    for line in dropwhile(lambda each: leading_day(each.words) is None, lines):
        for one, other in pairwise(line.words):
            below, above = sorted((one, other), key=lambda word: word.at)
            if (
                one.left - other.left >= -SAME_START
                and below.text != above.text
                and min(len(below.text), len(above.text)) >= SHORTEST
                and _is_as_high(below, above)
                and _covers(below, above)
            ):
                yield _over(line.page, above.text, below.text)
                break


def _is_as_high(one: Word, other: Word) -> bool:
    heights = sorted(each.bottom - each.top for each in (one, other))
    return heights[1] <= AS_HIGH * heights[0]


def _lies_over(word: Word, other: Word) -> bool:
    return word.at != other.at and _covers(other, word)


def _covers(word: Word, other: Word) -> bool:
    if word.bottom <= other.top or other.bottom <= word.top:
        return False  # as nearly always
    width = min(word.right, other.right) - max(word.left, other.left)
    height = min(word.bottom, other.bottom) - max(word.top, other.top)
    if width <= 0 or height <= 0:
        return False
    areas = [(w.right - w.left) * (w.bottom - w.top) for w in (word, other)]
    return width * height > COVERED * min(areas)
