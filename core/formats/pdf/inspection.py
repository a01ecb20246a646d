"""How a PDF page is made: the type its amounts are set in, and what lies below them."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pypdfium2
import pypdfium2.raw as pdfium

from core.bilingual import Bilingual
from core.errors import Unreadable
from core.formats.pdf.alteration import PrintedAmount, Style
from core.formats.pdf.budget import Budget
from core.formats.pdf.fields import shown_with_fields
from core.formats.pdf.notation import POINTED
from core.formats.pdf.page import Line, Word, lines
from core.formats.pdf.printed import NUMBER, leading_day
from core.formats.pdf.text import is_undecodable, words
from core.formats.pdf.turning import stand_upright

COVERS = 0.7  # of a page: a picture that large is a scan
LONGEST_SIDE = 14_400.0  # points; programs for PDF know no larger page
MOST_OBJECTS = 5_000
INVISIBLE = 3  # the mode in which the text that a scanner recognised lies below its picture
NAME_LENGTH = 128


@dataclass(frozen=True, slots=True)
class InspectedPage:
    """A page: its lines, how its amounts are printed, and whether a picture covers it.

    `hidden` says that its text is not what one sees: there is none, or it is drawn invisibly.
    """

    lines: list[Line]
    prints: list[PrintedAmount]
    picture: bool
    hidden: bool


def inspect_page(file: pypdfium2.PdfDocument, number: int, budget: Budget) -> InspectedPage:
    """The page of that number, counted from 1; raises Unreadable where it is larger than any.

    Nor may it draw more than is left of the file's budget.
    """
    page = shown_with_fields(file, number)
    if not max(page.get_size()) <= LONGEST_SIDE:  # nor is it without end, or no number
        raise Unreadable(
            Bilingual(
                f"Page {number} of the PDF says that it is more than 200 inches wide or high.",
                f"Seite {number} des PDF gibt an, mehr als 200 Zoll breit oder hoch zu sein.",
            ),
            code="page_too_large",
        )
    text = page.get_textpage()
    try:
        budget.take_page(page, text)
        turn = stand_upright(page, text)
        found = lines(number, words(page, text))
        if turn is not None:
            found = [replace(line, turn=turn) for line in found]
        amounts = list(_amounts(found))
        picture = _has_picture(page)
        hidden = not amounts or _is_invisible(text, amounts[0][1].at)
        prints = [PrintedAmount(number, row, word, _styles(text, word)) for row, word in amounts]
        hidden = (picture and hidden) or is_undecodable(text)
        return InspectedPage(found, prints, picture, hidden)
    finally:
        text.close()
        page.close()


def _amounts(found: Sequence[Line]) -> Iterator[tuple[bool, Word]]:
    """Each amount on the page, and whether it is a booking's."""
    german = any(NUMBER.fullmatch(word.text) for line in found for word in line.words)
    pattern = NUMBER if german else POINTED
    for line in found:
        row = leading_day(line.words) is not None
        for word in line.words:
            if pattern.fullmatch(word.text):
                yield row, word


def _styles(text: pypdfium2.PdfTextPage, word: Word) -> tuple[Style, ...]:
    """The kinds of type that a word's letters are set in, each once, in order."""
    found: dict[Style, None] = {}
    index, left = word.at, len(word.text)
    while left:
        if pdfium.FPDFText_IsGenerated(text, index) != 1:  # pdfium puts blanks between, unset ones
            found[_style(text, index)] = None
            left -= 1
        index += 1
    return tuple(found)


def _style(text: pypdfium2.PdfTextPage, index: int) -> Style:
    name, flags = ctypes.create_string_buffer(NAME_LENGTH), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text, index, name, NAME_LENGTH, flags)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium.FPDFText_GetFillColor(text, index, red, green, blue, alpha)
    size = round(pdfium.FPDFText_GetFontSize(text, index), 1)
    family = name.value.decode("utf-8", "replace").rpartition("+")[2]
    return Style(family, size, (red.value, green.value, blue.value))


def _is_invisible(text: pypdfium2.PdfTextPage, index: int) -> bool:
    drawn = pdfium.FPDFText_GetTextObject(text, index)
    return bool(drawn) and pdfium.FPDFTextObj_GetTextRenderMode(drawn) == INVISIBLE


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    """Whether one picture covers most of the page."""
    width, height = page.get_size()
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for at in range(min(pdfium.FPDFPage_CountObjects(page), MOST_OBJECTS)):
        drawn = pdfium.FPDFPage_GetObject(page, at)
        if pdfium.FPDFPageObj_GetType(drawn) != pdfium.FPDF_PAGEOBJ_IMAGE:
            continue
        if pdfium.FPDFPageObj_GetBounds(drawn, left, bottom, right, top):
            area = (right.value - left.value) * (top.value - bottom.value)
            if area >= COVERS * width * height:
                return True
    return False
