"""Words and lines on a page, wherever they come from: a text layer or a scan.

Measures are points from the top left corner of the page as it is shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median

from core.evidence import Box

CERTAIN = 100.0
SAME = 9.0  # points within which words begin or end at the same place; scans waver


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its place; `confidence` is what a reader of scans gives it, in per cent.

    `at` is the index of its first letter in the page's text layer, -1 in a scan. `restated` is an
    amount or a day as Germans would write it, where the document writes it another way. `shown` is
    its place on the page as it is shown, where that lies askew or is seen from a corner.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float = CERTAIN
    at: int = -1
    restated: str | None = None
    shown: tuple[float, float, float, float] | None = None

    @property
    def reading(self) -> str:
        """What it says, amounts and days as Germans write them."""
        return self.restated or self.text


@dataclass(frozen=True, slots=True)
class Turn:
    """By how many quarters, clockwise, a page was turned to be read, and how large it is shown."""

    quarters: int
    width: float
    height: float

    def back(self, box: Box) -> Box:
        """The rectangle on the page as it is shown."""
        left, top, right, bottom = box.left, box.top, box.right, box.bottom
        match self.quarters:
            case 1:
                edges = top, self.height - right, bottom, self.height - left
            case 2:
                edges = (
                    self.width - right,
                    self.height - bottom,
                    self.width - left,
                    self.height - top,
                )
            case _:
                edges = self.width - bottom, left, self.width - top, right
        return Box(box.page, *(round(edge, 2) for edge in edges))


@dataclass(frozen=True)  # without slots: it keeps its text
class Line:
    """The words that stand beside each other, from left to right; pages count from 1.

    A page that lay further right than others was moved `shift` points to the left.
    """

    page: int
    words: tuple[Word, ...]
    top: float
    bottom: float
    shift: float = 0.0
    turn: Turn | None = None

    @cached_property
    def text(self) -> str:
        """What the line says."""
        return " ".join([word.text for word in self.words])

    @cached_property
    def reading(self) -> str:
        """What the line says, amounts and days as Germans write them."""
        return " ".join([word.reading for word in self.words])

    @property
    def height(self) -> float:
        """How high its letters are."""
        return self.bottom - self.top


def lines(page: int, words: Iterable[Word]) -> list[Line]:
    """The page's words as lines, from top to bottom."""
    found: list[list[Word]] = []
    middle = 0.0
    for word in sorted(words, key=lambda each: each.top + each.bottom):
        centre = (word.top + word.bottom) / 2
        if found and centre - middle <= 0.4 * (word.bottom - word.top):
            found[-1].append(word)
            middle += (centre - middle) / len(found[-1])
        else:
            found.append([word])
            middle = centre
    return [line(page, each) for each in found]


def line(page: int, words: list[Word]) -> Line:
    """These words as one line."""
    words.sort(key=lambda each: each.left)
    return Line(
        page,
        tuple(words),
        median(each.top for each in words),
        median(each.bottom for each in words),
    )


def moved(words: Iterable[Word], by: float) -> list[Word]:
    """The words so many points further to the right."""
    return [replace(word, left=word.left + by, right=word.right + by) for word in words]


def shifted(each: Line, by: float) -> Line:
    """The line as it would be if its page had not lain so many points further to the right."""
    return replace(each, words=tuple(moved(each.words, -by)), shift=each.shift + by)


def box(of: Line, words: Sequence[Word]) -> Box:
    """The smallest rectangle around words of the line's page, as it is shown."""
    words = moved(words, of.shift) if of.shift else words
    places = [each.shown or (each.left, each.top, each.right, each.bottom) for each in words]
    lefts, tops, rights, bottoms = zip(*places, strict=True)
    found = Box(
        of.page,
        round(min(lefts), 2),
        round(min(tops), 2),
        round(max(rights), 2),
        round(max(bottoms), 2),
    )
    return of.turn.back(found) if of.turn else found
