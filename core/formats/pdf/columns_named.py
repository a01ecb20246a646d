"""The columns of a report's or an account's figures: for which span each is, and in which unit."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from core.documents import FigureSpan
from core.formats.common.months import MONTH
from core.formats.pdf.groups import Group
from core.formats.pdf.page import Line, Word
from core.formats.pdf.printed import Amount

DAY = r"\d{1,2}\.\d{1,2}\.\d{4}"
MONTH_OF_YEAR = rf"{MONTH}\s?[/.]?\s?\d{{4}}|\d{{1,2}}[./]\d{{4}}"
TO = r"\s?(?:-|–|bis)\s?"
RANGE = re.compile(
    rf"(?:{MONTH_OF_YEAR}|{DAY}|{MONTH}|\d{{1,2}}\.?){TO}(?:{MONTH_OF_YEAR}|{DAY})",
    re.IGNORECASE,
)
SO_FAR = re.compile(
    r"\bkum(?:uliert\w*|\.)?|\baufgelaufen\w*|\bjahreswerte?\b|(?:lfd\.|laufendes) jahr|\bauflauf",
    re.IGNORECASE,
)
ONE = re.compile(rf"(?:{MONTH_OF_YEAR}|{DAY}|\bmonats?(?:wert\w*)?\b|\b{MONTH}\b)", re.IGNORECASE)
TOTAL = re.compile(r"\b(?:summe|gesamt|jahr|total)\b", re.IGNORECASE)
RATIO = re.compile(
    r"%|\baufschlag\b|\bauf-|schlag\b|\bveränd|\babw(?:eichung|\.)?\b|\bdiff|\babs(?:olut|\.)"
    r"|\banteil|\bquote\b|\bindex\b",
    re.IGNORECASE,
)
OTHERS = re.compile(
    r"vorjahr|\bvj\b|vorperiode|vormonat|\bplan|\bsoll\b|budget|prognose|forecast|hochrechnung"
    r"|durchschnitt|branche|\bø",
    re.IGNORECASE,
)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# What else may stand in the name of a column whose figures are read.
USUAL = re.compile(
    r"\b(?:ist|werte?|in|bis|vom|zum|per|für|geschäfts-?jahr|gj|jahr|lfd|laufend\w*|aktuell\w*"
    r"|berichts|summe|gesamt|total)\b",
    re.IGNORECASE,
)
EURO_UNIT = re.compile(r"(?<!\w)(?:EUR|Euro|€)(?!\w)")
THOUSANDS = re.compile(
    r"(?<!\w)(?:TEUR|T[- ]?EUR|T\s?€|Tsd\.?\s?(?:EUR|Euro|€)?|Tausend(?: Euro)?|1\.000\s?(?:EUR|€)"
    r"|k€|KEUR)(?!\w)"
)
THOUSAND = 1_000
MOST_HEADING = 6  # lines above the first figure in which its columns are named
APART = 0.8  # heights of letters between the names of two columns
NEAR = 20.0  # points between a column's name and its amounts at most


class Stretch(NamedTuple):
    """From where to where on a page a column or its name goes."""

    left: float
    right: float

    def distance(self, other: "Stretch") -> tuple[float, float]:
        """The gap between two, then how far their middles are apart."""
        gap = max(0.0, self.left - other.right, other.left - self.right)
        return gap, abs(self.left + self.right - other.left - other.right)

    def holds(self, amount: Amount) -> bool:
        """Whether an amount stands in it."""
        return self.left <= amount.word.left and amount.word.right <= self.right


@dataclass(slots=True)
class NamedColumn:
    """A column of figures and what its heading says, line by line."""

    stretch: Stretch
    named: list[str] = field(default_factory=list)
    unknown: bool = False  # whether words stand there that are none of a column's

    @property
    def text(self) -> str:
        """All of its heading."""
        return " ".join(self.named)

    @property
    def span(self) -> FigureSpan | None:
        """Whether it is a month's, or the year's so far; None for shares, other years and plans."""
        text = self.text
        if self.unknown or RATIO.search(text) or OTHERS.search(text):
            return None
        if SO_FAR.search(text):
            return FigureSpan.YEAR_TO_DATE
        if match := RANGE.search(text):
            return FigureSpan.MONTH if _is_one_month(match[0]) else FigureSpan.YEAR_TO_DATE
        return FigureSpan.MONTH if ONE.search(text) else None

    @property
    def year(self) -> int | None:
        """The last year that its heading names."""
        return max(map(int, YEAR.findall(self.text)), default=None)

    @property
    def scale(self) -> int | None:
        """By what its figures count, if its own heading says so."""
        if THOUSANDS.search(self.text):
            return THOUSAND
        return 1 if EURO_UNIT.search(self.text) else None


def named_columns(rows: Sequence[Group], above: Sequence[Line]) -> list[NamedColumn]:
    """The columns that the amounts of rows stand in, with what the lines above say of each."""
    columns = [NamedColumn(each) for each in _columns(rows)]
    begun = False
    for line in above[-MOST_HEADING:] if columns else ():
        for words in _names(line):
            name, text = Stretch(words[0].left, words[-1].right), " ".join(w.text for w in words)
            nearest = min(columns, key=lambda each: each.stretch.distance(name))
            if nearest.stretch.distance(name)[0] > NEAR or name.left < rows[0].left + NEAR:
                continue
            if _names_column(text):
                nearest.named.append(text)
                begun = True
            elif begun:  # above them a title may stand
                nearest.unknown = True
    return columns


def _names_column(text: str) -> bool:
    """Whether words are of those that columns of figures are named by, and no title's."""
    if RATIO.search(text) or OTHERS.search(text):
        return True
    for pattern in (THOUSANDS, EURO_UNIT, RANGE, SO_FAR, ONE, USUAL):
        text = pattern.sub("", text)
    return not re.search(r"[^\W\d_]{2}", text)


def current(columns: Sequence[NamedColumn]) -> Iterator[tuple[FigureSpan, NamedColumn]]:
    """The one column of a month and that of the year so far: of several years that of the last."""
    last = max((each.year for each in columns if each.year), default=None)
    for span in (FigureSpan.MONTH, FigureSpan.YEAR_TO_DATE):
        of_span = [each for each in columns if each.span is span and each.year in (last, None)]
        if len(of_span) == 1:
            yield span, of_span[0]


def scale_of(column: NamedColumn, columns: Sequence[NamedColumn], lines: Sequence[Line]) -> int:
    """By what a column's figures count: its own heading says it, or the paper; 0 where unknown."""
    if column.scale is not None:
        return column.scale
    of_columns = " ".join(each.text for each in columns)
    said = [each for each in lines if THOUSANDS.search(each.text)]
    if not said:
        return 1
    words = [each.text for each in said if each.text not in of_columns]
    alone = all(not EURO_UNIT.search(THOUSANDS.sub("", each)) for each in words)
    return THOUSAND if words and alone and not THOUSANDS.search(of_columns) else 0


def _columns(rows: Sequence[Group]) -> list[Stretch]:
    """The columns of amounts: those that overlap stand below each other, wherever they end."""
    columns: list[Stretch] = []
    for left, right in sorted(
        (each.word.left, each.word.right) for r in rows for each in r.amounts
    ):
        if columns and left <= columns[-1].right:
            columns[-1] = Stretch(columns[-1].left, max(right, columns[-1].right))
        else:
            columns.append(Stretch(left, right))
    return columns


def _names(line: Line) -> Iterator[list[Word]]:
    """The words of a line that stand together."""
    words = [*line.words[:1]]
    for before, word in pairwise(line.words):
        if word.left - before.right > APART * line.height:
            yield words
            words = []
        words.append(word)
    if words:
        yield words


def _is_one_month(text: str) -> bool:
    days = re.findall(DAY, text)
    return len(days) == 2 and days[0].split(".")[1:] == days[1].split(".")[1:]
