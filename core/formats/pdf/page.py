"""Words and lines on a page, wherever they come from: a text layer or a scan.

Measures are points from the top left corner of the page as it is shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
class Line:
    """The words that stand beside each other, from left to right; pages count from 1."""

    page: int
    words: tuple[Word, ...]
    top: float
    bottom: float

    @property
    def text(self) -> str:
        """What the line says."""
        return " ".join(word.text for word in self.words)

    @property
    def reading(self) -> str:
        """What the line says, amounts and days as Germans write them."""
        return " ".join(word.reading for word in self.words)

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


def box(of: Line, words: Sequence[Word]) -> Box:
    """The smallest rectangle around words of the line's page, as it is shown."""
    places = [each.shown or (each.left, each.top, each.right, each.bottom) for each in words]
    lefts, tops, rights, bottoms = zip(*places, strict=True)
    return Box(
        of.page,
        round(min(lefts), 2),
        round(min(tops), 2),
        round(max(rights), 2),
        round(max(bottoms), 2),
    )
