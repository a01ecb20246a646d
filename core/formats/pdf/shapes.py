"""What a page draws beside its text, where, and in which order."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from core.formats.pdf.page import Word
from core.formats.pdf.text import PageTransform

MOST_OBJECTS = 20_000
DEEPEST = 4  # forms within forms
THIN = 1.6  # points: a rule
INVISIBLE = 3  # the mode of text that leaves no ink
MARKUPS = frozenset({  # annotations that cover nothing: links, notes' windows, marks upon text
    pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP, pdfium.FPDF_ANNOT_TEXT,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """Something drawn that is no text, and its place in points from the page's top left corner.

    `order` counts what the page draws; `path` is filled or only outlined.
    """

    order: int
    path: bool
    filled: bool
    left: float
    top: float
    right: float
    bottom: float

    def is_of_table(self, height: float, below: bool) -> bool:
        """Whether it is a rule, a stripe or a frame as tables have them around amounts so high.

        A stripe is drawn below the text.
        """
        if not self.path:
            return False
        wide, high = self.right - self.left, self.bottom - self.top
        if min(wide, high) <= THIN:
            return max(wide, high) >= height  # a digit's strokes are shorter
        return high >= 0.9 * height and (below or not self.filled)


def drawn(page: pypdfium2.PdfPage, where: PageTransform) -> tuple[list[Shape], dict[int, int]]:
    """What a page draws that is no text, and the order of its texts by their addresses.

    Of forms only their outlines. What comes after the first 20,000 is one shape as large as the
    page.
    """
    shapes, texts = [], {}
    edges, box = [ctypes.c_float() for _ in range(4)], pdfium.FS_RECTF()
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    count = pdfium.FPDFPage_CountObjects(page)
    for order in range(min(count, MOST_OBJECTS)):
        each = pdfium.FPDFPage_GetObject(page, order)
        kind = pdfium.FPDFPageObj_GetType(each)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            texts[_address(each)] = order
        elif pdfium.FPDFPageObj_GetBounds(each, *edges):
            box.left, box.bottom, box.right, box.top = (edge.value for edge in edges)
            path = kind == pdfium.FPDF_PAGEOBJ_PATH
            if path:
                pdfium.FPDFPath_GetDrawMode(each, fill, stroke)
            shapes.append(Shape(order, path, fill.value != 0, *where.rectangle(box)))
    if count > MOST_OBJECTS:
        shapes.append(Shape(count, False, True, 0, 0, *page.get_size()))
    return shapes, texts


def text_address(text: pypdfium2.PdfTextPage, at: int) -> int:
    """The address of what draws a letter; 0 where nothing does."""
    found = pdfium.FPDFText_GetTextObject(text, at)
    return _address(found) if found else 0


def hide(text: pypdfium2.PdfTextPage, word: Word) -> list[tuple[Any, int]]:
    """Let what draws a word leave no ink; returns that, with the modes that it had."""
    hidden, index, left = list[tuple[Any, int]](), word.at, len(word.text)
    while left > 0 and index < pdfium.FPDFText_CountChars(text):
        found = pdfium.FPDFText_GetTextObject(text, index)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(found) if found else INVISIBLE
        if mode != INVISIBLE:
            pdfium.FPDFTextObj_SetTextRenderMode(found, INVISIBLE)
            hidden.append((found, mode))
        left -= pdfium.FPDFText_IsGenerated(text, index) != 1
        index += 1
    return hidden


def show(hidden: list[tuple[Any, int]]) -> None:
    """Let what was hidden leave its ink again."""
    for found, mode in hidden:
        pdfium.FPDFTextObj_SetTextRenderMode(found, mode)


def has_annotations(page: pypdfium2.PdfPage) -> bool:
    """Whether annotations may draw over the page."""
    for at in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, at)
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        pdfium.FPDFPage_CloseAnnot(annotation)
        if kind not in MARKUPS:
            return True
    return False


def picture_area(page: pypdfium2.PdfPage) -> float:
    """How much of a page pictures take up, in square points: in strips and in forms too."""
    limit: float = page.get_width() * page.get_height()
    return sum((min(area, limit) for area in _areas(page, 1.0, 0)), 0.0)


def _areas(holder: Any, scale: float, depth: int) -> Iterator[float]:
    form = depth > 0
    count = pdfium.FPDFFormObj_CountObjects if form else pdfium.FPDFPage_CountObjects
    get = pdfium.FPDFFormObj_GetObject if form else pdfium.FPDFPage_GetObject
    edges = [ctypes.c_float() for _ in range(4)]
    for at in range(min(count(holder), MOST_OBJECTS)):
        each = get(holder, at)
        kind = pdfium.FPDFPageObj_GetType(each)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE and pdfium.FPDFPageObj_GetBounds(each, *edges):
            left, bottom, right, top = (edge.value for edge in edges)
            yield (right - left) * (top - bottom) * scale
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
            matrix = pdfium.FS_MATRIX()
            pdfium.FPDFPageObj_GetMatrix(each, matrix)
            larger = abs(matrix.a * matrix.d - matrix.b * matrix.c)
            yield from _areas(each, scale * larger, depth + 1)


def _address(drawn: Any) -> int:
    return ctypes.addressof(drawn.contents)
