"""Words and lines on a page, wherever they come from: a text layer or a scan.

Measures are points from the top left corner of the page as it is shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from core.evidence import Box

CERTAIN = 100.0
SAME = 9.0  # points within which words begin or end at the same place; scans waver
MIDDLE = 297.0, 421.0  # of an A4 page: about there a page lies askew


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its place; `confidence` is what a reader of scans gives it, in per cent.

    `at` is the index of its first letter in the page's text layer, -1 in a scan. `restated` is an
    amount or a day as Germans would write it, where the document writes it another way.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float = CERTAIN
    at: int = -1
    restated: str | None = None

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


@dataclass(frozen=True, slots=True)
class Line:
    """The words that stand beside each other, from left to right; pages count from 1.

    A page that lay askew has been put straight: it fell by `slope` points for each to the right.
    One that lay further right than others was moved `shift` points to the left.
    """

    page: int
    words: tuple[Word, ...]
    top: float
    bottom: float
    slope: float = 0.0
    shift: float = 0.0
    turn: Turn | None = None

    @property
    def text(self) -> str:
        """What the line says."""
        return " ".join([word.text for word in self.words])

    @property
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


def line(page: int, words: list[Word], slope: float = 0.0) -> Line:
    """These words as one line."""
    words.sort(key=lambda each: each.left)
    return Line(
        page,
        tuple(words),
        median(each.top for each in words),
        median(each.bottom for each in words),
        slope,
    )


def straightened(word: Word, slope: float) -> Word:
    """The word where it would stand if its page had not lain askew."""
    x = slope * ((word.top + word.bottom) / 2 - MIDDLE[1])
    y = slope * ((word.left + word.right) / 2 - MIDDLE[0])
    return replace(
        word, left=word.left + x, right=word.right + x, top=word.top - y, bottom=word.bottom - y
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
    words = [straightened(word, -of.slope) for word in words] if of.slope else words
    found = Box(
        of.page,
        round(min(each.left for each in words), 2),
        round(min(each.top for each in words), 2),
        round(max(each.right for each in words), 2),
        round(max(each.bottom for each in words), 2),
    )
    return of.turn.back(found) if of.turn else found
