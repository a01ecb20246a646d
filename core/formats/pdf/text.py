"""The words of a PDF page's text layer, each with its place."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from core.formats.pdf.page import Word

GAP = 0.22  # of the letters' height: words stand at least so far apart
NARROW = 0.1  # of it, where pdfium sees the end of a word
NO_LETTERS = "\u00a0\u007f\ufffe\uffff"
FINE = 100  # device units per point, for pdfium maps to whole ones


@dataclass(frozen=True, slots=True)
class PageTransform:
    """How a point of the file's page lies on the page as it is shown (turned, cropped)."""

    origin: tuple[float, float]
    along: tuple[float, float]
    across: tuple[float, float]

    def rectangle(self, box: pdfium.FS_RECTF) -> tuple[float, float, float, float]:
        """Left, top, right and bottom as shown."""
        x, y = self._point(box.left, box.top)
        u, v = self._point(box.right, box.bottom)
        return min(x, u), min(y, v), max(x, u), max(y, v)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        return (
            self.origin[0] + x * self.along[0] + y * self.across[0],
            self.origin[1] + x * self.along[1] + y * self.across[1],
        )


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
    where = page_transform(page)
    box, letters, place, at = pdfium.FS_RECTF(), "", (0.0, 0.0, 0.0, 0.0), 0
    gap = GAP
    for index in range(pdfium.FPDFText_CountChars(text)):
        letter = chr(pdfium.FPDFText_GetUnicode(text, index))
        if letter <= " " or letter in NO_LETTERS or "\ud800" <= letter <= "\udfff":
            if pdfium.FPDFText_IsGenerated(text, index) == 1:
                gap = NARROW  # pdfium takes it for the end of a word, at times in the midst of one
                continue
            if letters:
                yield Word(letters, *place, at=at)
            letters = ""
            continue
        pdfium.FPDFText_GetLooseCharBox(text, index, box)
        left, top, right, bottom = where.rectangle(box)
        if letters and _apart(place, left, top, bottom, gap):
            yield Word(letters, *place, at=at)
            letters = ""
        if letters:
            place = (place[0], min(place[1], top), right, max(place[3], bottom))
        else:
            place, at = (left, top, right, bottom), index
        letters += letter
        gap = GAP
    if letters:
        yield Word(letters, *place, at=at)


def _apart(
    place: tuple[float, float, float, float], left: float, top: float, bottom: float, least: float
) -> bool:
    """Whether a letter there begins another word, being so far behind the last one."""
    height = bottom - top
    gap = left - place[2]
    return gap > least * height or gap < -height or abs(bottom - place[3]) > 0.5 * height
