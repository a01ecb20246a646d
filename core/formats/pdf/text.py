"""The words of a PDF page's text layer, each with its place."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from statistics import median
from struct import Struct
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from core.formats.pdf.page import Word

GAP = 0.1  # of the type's size: words stand at least so far apart, beyond what its letters do
FAR = 0.5  # of the letters' height: so far apart they are of two words for sure
FEW = 4  # gaps that show how far apart a type's letters usually are
BROKEN = "\x02"  # what pdfium gives for a hyphen at the end of a line
BROKEN_AT_ONCE = "\ufffe"  # and where it gives many letters at once
NO_LETTERS = "\u00a0\u007f\ufffe\uffff"
EVERY = 7  # letters: one of so many shows whether a file says what it draws
UNKNOWN = 0.3  # of the letters: with more unknown ones a text layer is none
FINE = 100  # device units per point, for pdfium maps to whole ones
EDGES = Struct("4f").unpack  # of a rectangle as pdfium gives it, at once

_Letter = tuple[str, int, float, float, float, float]
"""A letter, its index in the text layer, and its place: left, top, right and bottom."""


@dataclass(frozen=True, slots=True)
class PageTransform:
    """How a point of the file's page lies on the page as it is shown (turned, cropped)."""

    origin: tuple[float, float]
    along: tuple[float, float]
    across: tuple[float, float]

    def rectangle(self, box: pdfium.FS_RECTF) -> tuple[float, float, float, float]:
        """Left, top, right and bottom as shown."""
        left, top, right, bottom = EDGES(box)
        (x, y), (x_along, y_along), (x_across, y_across) = self.origin, self.along, self.across
        x, u = x + left * x_along + top * x_across, x + right * x_along + bottom * x_across
        y, v = y + left * y_along + top * y_across, y + right * y_along + bottom * y_across
        if x <= u and y <= v:  # as nearly always: the page is not turned
            return x, y, u, v
        return min(x, u), min(y, v), max(x, u), max(y, v)


def page_transform(page: pypdfium2.PdfPage) -> PageTransform:
    """How the page is shown."""
    width, height = page.get_size()
    size = round(width * FINE), round(height * FINE)

    def shown(x: float, y: float) -> tuple[float, float]:
        u, v = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, u, v)
        return u.value / FINE, v.value / FINE

    zero, right, up = shown(0, 0), shown(1000, 0), shown(0, 1000)
    return PageTransform(
        zero,
        ((right[0] - zero[0]) / 1000, (right[1] - zero[1]) / 1000),
        ((up[0] - zero[0]) / 1000, (up[1] - zero[1]) / 1000),
    )


def words(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage) -> Iterator[Word]:
    """The words of the page's text layer in the order in which the file draws them."""
    layer = text.raw  # looked up once, not at each letter's calls
    for run in _runs(layer, letters(text), page_transform(page)):
        gaps = [after[2] - before[4] for before, after in pairwise(run)]
        if not gaps or max(gaps) <= 0:
            yield _word(run)
            continue
        blank = _blank(layer, run[0], gaps)
        start = 0
        for at, gap in enumerate(gaps, 1):
            if gap > blank:
                yield _word(run[start:at])
                start = at
        yield _word(run[start:])


def letters(text: pypdfium2.PdfTextPage) -> str:
    """The letter at each index of the text layer: read at once where none is left out by that."""
    count = pdfium.FPDFText_CountChars(text)
    whole: str = text.get_text_range() if count else ""
    if len(whole) == count and BROKEN_AT_ONCE not in whole:
        return whole
    return "".join([chr(pdfium.FPDFText_GetUnicode(text, at)) for at in range(count)])


def is_undecodable(text: pypdfium2.PdfTextPage) -> bool:
    """Whether the file does not say which letters it draws, so that its text layer is no text."""
    layer = text.raw
    every = letters(text)
    some = range(0, len(every), EVERY)
    unknown = {at for at in some if pdfium.FPDFText_HasUnicodeMapError(layer, at) == 1}
    if not unknown:  # as nearly always
        return False
    told = {at for at in some if every[at] > " "}
    return len(unknown & told) > UNKNOWN * len(told)


def _runs(layer: Any, letters: str, where: PageTransform) -> Iterator[list[_Letter]]:
    """The letters that follow each other closely, at most what may be a blank apart."""
    get, shown, box = pdfium.FPDFText_GetLooseCharBox, where.rectangle, pdfium.FS_RECTF()
    place, run, right, bottom = ctypes.byref(box), list[_Letter](), 0.0, 0.0
    for index, letter in enumerate(letters):
        if not "!" <= letter <= "~":  # as nearly all are
            if letter == BROKEN:
                letter = "-"
            elif letter <= " " or letter in NO_LETTERS or "\ud800" <= letter <= "\udfff":
                if run and pdfium.FPDFText_IsGenerated(layer, index) != 1:
                    yield run
                    run = []
                continue
        get(layer, index, place)
        left, top, to, foot = shown(box)
        height, gap = foot - top, left - right
        # So far apart it begins another word, whatever the type.
        if run and (gap > FAR * height or gap < -height or abs(foot - bottom) > 0.5 * height):
            yield run
            run = []
        run.append((letter, index, left, top, to, foot))
        right, bottom = to, foot
    if run:
        yield run


def _blank(layer: Any, first: _Letter, gaps: Sequence[float]) -> float:
    """How far apart letters of a run are where a word ends; type may be set wide, so all of it."""
    usual = max(0.0, median(gaps)) if len(gaps) >= FEW else 0.0
    pdfium.FPDFText_GetMatrix(layer, first[1], matrix := pdfium.FS_MATRIX())
    size: float = pdfium.FPDFText_GetFontSize(layer, first[1]) * hypot(matrix.a, matrix.b)
    return usual + GAP * size


def _word(run: Sequence[_Letter]) -> Word:
    texts, indices, lefts, tops, rights, bottoms = zip(*run, strict=True)
    return Word("".join(texts), lefts[0], min(tops), rights[-1], max(bottoms), at=indices[0])
