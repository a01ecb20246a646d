"""Words and lines on a page, wherever they come from: a text layer or a scan.

Measures are points from the top left corner of the page as it is shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from core.evidence import Box

CERTAIN = 100.0


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its place; `confidence` is what a reader of scans gives it, in per cent.

    `at` is the index of its first letter in the page's text layer, -1 in a scan.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float = CERTAIN
    at: int = -1


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
    return [_line(page, each) for each in found]


def _line(page: int, words: list[Word]) -> Line:
    words.sort(key=lambda each: each.left)
    return Line(
        page,
        tuple(words),
        median(each.top for each in words),
        median(each.bottom for each in words),
    )


def box(page: int, words: Sequence[Word]) -> Box:
    """The smallest rectangle around the words."""
    return Box(
        page,
        round(min(each.left for each in words), 2),
        round(min(each.top for each in words), 2),
        round(max(each.right for each in words), 2),
        round(max(each.bottom for each in words), 2),
    )
