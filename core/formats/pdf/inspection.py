"""How a PDF page is made: the type its amounts are set in, and whether they are seen on it."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pypdfium2
import pypdfium2.raw as pdfium

from core.bilingual import Bilingual
from core.errors import Unreadable
from core.formats.pdf.budget import Budget
from core.formats.pdf.fields import shown_with_fields
from core.formats.pdf.ink import Sight, is_amount, is_written, look
from core.formats.pdf.notation import POINTED
from core.formats.pdf.page import Line, Word, lines
from core.formats.pdf.printed import NUMBER, leading_day
from core.formats.pdf.shapes import picture_area
from core.formats.pdf.text import is_undecodable, words
from core.formats.pdf.turning import stand_upright
from core.formats.pdf.typefaces import PrintedAccount, PrintedAmount, PrintedText, Style
from core.iban import ibans

COVERS, PART = 0.7, 0.3  # of a page: pictures that large are a scan; so small ones without text
LONGEST_SIDE = 14_400.0  # points; programs for PDF know no larger page
NAME_LENGTH = 128
HEAD = 15  # lines of a page whose type is looked at, and those that name balances
DIGITS = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class InspectedPage:
    """A page: its lines without what is not seen of them, how its amounts are printed and seen.

    `scan` says that what one sees is a picture, wholly or where amounts stand, so that only a
    reader of scans can tell what it says; `typed_over` that visible text was written on to that.
    """

    number: int
    lines: list[Line]
    prints: list[PrintedAmount]
    texts: list[PrintedText]
    accounts: list[PrintedAccount]
    sight: Sight
    scan: bool
    typed_over: bool


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
        every = list(words(page, text))
        sight = look(page, text, every)
        found = lines(number, (word for word in every if word.at not in sight.gone))
        if turn is not None:
            found = [replace(line, turn=turn) for line in found]
        styles = TypeStyles(text)
        prints = [
            PrintedAmount(number, row, word, (found_in := styles.of(word)), found_in == (beside,))
            for row, beside, word in _amounts(found, styles)
        ]
        accounts = [
            PrintedAccount(number, word, styles.at(word.at), styles.is_embedded(word.at))
            for each in found[:HEAD]
            for word in _accounts(each)
        ]
        held = all(each.embedded for each in accounts)  # then it is no matter of other fonts
        texts = [
            PrintedText(number, styles.at(first.at), held or styles.is_embedded(first.at))
            for at, each in enumerate(found)
            if (at < HEAD or is_amount(each.words[-1]))
            and (first := each.words[0]).text[0] not in DIGITS
        ]
        scan, typed_over = _scan(page, text, found, sight)
        scan = scan or is_undecodable(text)
        return InspectedPage(number, found, prints, texts, accounts, sight, scan, typed_over)
    finally:
        text.close()
        page.close()


def _amounts(
    found: Sequence[Line], styles: "TypeStyles"
) -> Iterator[tuple[bool, Style | None, Word]]:
    """Each amount on the page, whether it is a booking's, and what that one's text is set in."""
    texts = [word.text for line in found for word in line.words]
    german = any("," in text and NUMBER.fullmatch(text) for text in texts)
    point, pattern = (",", NUMBER) if german else (".", POINTED)
    for line in found:
        amounts = [w for w in line.words if point in w.text and pattern.fullmatch(w.text)]
        row = bool(amounts) and leading_day(line.words) is not None
        told = (word.at for word in line.words if row and word.text[0].isalpha())
        beside = next(map(styles.at, told), None)
        for word in amounts:
            yield row, beside, word


def _accounts(line: Line) -> Iterator[Word]:
    """The first word of each account number on a line."""
    for number in ibans(line.text):
        begin = (each for each in line.words if number.startswith(each.text[:4]) and each.at >= 0)
        yield from (each for each in begin if len(each.text) >= 4)


def _scan(
    page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, found: Sequence[Line], sight: Sight
) -> tuple[bool, bool]:
    """Whether a page is to be read as a picture, and whether that was written on."""
    if sight.plain:
        return False, False
    share = picture_area(page) / max(1.0, page.get_width() * page.get_height())
    if sight.seen == 0:
        least = COVERS if found and not sight.covered else PART
        return bool(sight.covered) or share >= least, False
    typed_over = share >= COVERS and (bool(sight.covered) or is_written(page, text, found))
    return typed_over or bool(sight.covered), typed_over


class TypeStyles:
    """The kinds of type that words of a page are set in."""

    def __init__(self, text: pypdfium2.PdfTextPage) -> None:
        self._text = text
        self._known: dict[int, Style] = {}
        self._fonts: dict[str, list[int]] = {}

    def of(self, word: Word) -> tuple[Style, ...]:
        """Those that a word's digits are set in, each once, in order."""
        found: dict[Style, None] = {}
        index, left = word.at, len(word.text)
        if word.text[0] in DIGITS:
            address = self._address(index)
            if address == self._address(index + left - 1) != 0:
                return (self._drawn(address, index),)  # as nearly always: it is drawn at once
        while left:
            if pdfium.FPDFText_IsGenerated(self._text, index) != 1:  # pdfium's blanks are unset
                if word.text[-left] in DIGITS:  # a sign or a unit may come from a fallback
                    found[self.at(index)] = None
                left -= 1
            index += 1
        return tuple(found)

    def at(self, index: int) -> Style:
        """That of a letter; what is drawn at once is set alike."""
        return self._drawn(self._address(index), index)

    def _drawn(self, address: int, index: int) -> Style:
        if address not in self._known:
            style = _style(self._text, index)
            self._known[address] = replace(style, part=self._part(style.name, index))
        return self._known[address]

    def is_embedded(self, index: int) -> bool:
        """Whether the file holds the font of a letter; editors often take one that it need not."""
        drawn = pdfium.FPDFText_GetTextObject(self._text, index)
        font = pdfium.FPDFTextObj_GetFont(drawn) if drawn else None
        return font is None or pdfium.FPDFFont_GetIsEmbedded(font) != 0

    def _address(self, index: int) -> int:
        """Of what draws a letter."""
        drawn = pdfium.FPDFText_GetTextObject(self._text, index)
        return ctypes.addressof(drawn.contents) if drawn else 0

    def _part(self, name: str, index: int) -> int:
        """Which of the page's fonts of that name a letter is of."""
        drawn = pdfium.FPDFText_GetTextObject(self._text, index)
        font = pdfium.FPDFTextObj_GetFont(drawn) if drawn else None
        address = ctypes.addressof(font.contents) if font else 0
        known = self._fonts.setdefault(name, [])
        if address not in known:
            known.append(address)
        return known.index(address)


def _style(text: pypdfium2.PdfTextPage, index: int) -> Style:
    name, flags = ctypes.create_string_buffer(NAME_LENGTH), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text, index, name, NAME_LENGTH, flags)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium.FPDFText_GetFillColor(text, index, red, green, blue, alpha)
    size = round(pdfium.FPDFText_GetFontSize(text, index), 1)
    family = name.value.decode("utf-8", "replace").rpartition("+")[2]
    return Style(family, size, (red.value, green.value, blue.value))
