"""Whether what a page's text layer says is to be seen on it: each amount is held to its ink.

A page is drawn, and where anything could hide or change an amount drawn again without its text:
what differs is the text's own ink. So it does not matter by what it is hidden: colour, size, mode,
layer, clipping, a picture, a patch or an annotation over it.
"""

import ctypes
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

import pypdfium2
import pypdfium2.raw as pdfium

from core.formats.common.resolution import dots_per_point
from core.formats.pdf import shapes
from core.formats.pdf.page import Line, Word
from core.formats.pdf.text import page_transform

if TYPE_CHECKING:
    from PIL.Image import Image

LIKE_AMOUNT = re.compile(
    r"(?!\d{1,2}\.\d\d\.\d\d\W?$)\W{0,2}\d[\d.,'’]*(?:[.,]\d\d|[.,][-–—]+)\W{0,2}[A-Za-z€£$]{0,3}\W?"
)
COARSE, FINE = 0.7, 1.5  # dots a point where nothing speaks against a page, and to settle it
MOST_DOTS = 4_000_000
LEAST_HEIGHT = 3.0  # points of a letter from top to foot: nobody reads smaller ones
FAINT = 20  # levels of grey of 255: less is not seen on paper
INK, DARK = 215, 110  # brighter is paper; darker is a stroke, no pattern of the paper
GAP, EDGE = 0.43, 0.28  # of an amount's height: between letters that are seen is less; at its ends
UNEVEN = 60  # levels of grey within a letter's band, where text is not all that is drawn
QUARTER = 0.25  # of an amount's height, which boxes of two lines may share
FEW_LETTERS = 3  # a word of more is wider than high unless it stands on its side
WRITTEN = 0.25  # of a page's height: in a letterhead's picture fewer lines have strokes
MOST_ALONE = 12  # amounts that lie over others are drawn one by one
BAND = (0.35, 0.75)  # of a letter's box from its top: there every digit has ink, and no rule runs
MINUS_WIDTH = 0.6  # of a letter's width on average
BEFORE = 0.9  # of an amount's height: so near before it another digit would stand


@dataclass(frozen=True, slots=True)
class Sight:
    """What is seen of a page's amounts.

    Of `hidden` ones nothing, at the place of `covered` ones something else; `marked` ones are seen,
    with strokes upon or before them that are no text. `gone` holds, where any amount is not seen,
    all words that are not. On a `plain` page nothing but a table's rules lies where amounts stand.
    """

    hidden: list[Word] = field(default_factory=list)
    covered: list[Word] = field(default_factory=list)
    marked: list[Word] = field(default_factory=list)
    gone: frozenset[int] = frozenset()
    seen: int = 0
    plain: bool = False


def look(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, words: Sequence[Word]) -> Sight:
    """What is seen of the amounts among a page's words."""
    amounts = [word for word in words if is_amount(word)]
    if not amounts or (_is_plain(page, text, amounts) and _all_drawn(page, amounts)):
        return Sight(seen=len(amounts), plain=bool(amounts))
    return _settled(page, text, amounts, words)


def is_amount(word: Word) -> bool:
    """Whether a word may be an amount; a day may be one too."""
    return LIKE_AMOUNT.fullmatch(word.text) is not None


def _is_plain(
    page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, amounts: Sequence[Word]
) -> bool:
    """Whether nothing on the page could hide an amount or add to it."""
    return (
        not any(map(_is_tiny, amounts))
        and not shapes.has_annotations(page)
        and _plainly_set(text, amounts)
        and not _touched(page, text, amounts)
    )


def _plainly_set(text: pypdfium2.PdfTextPage, amounts: Iterable[Word]) -> bool:
    """Whether the amounts are set in a dark colour, and in a mode that leaves ink."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    for each in amounts:
        pdfium.FPDFText_GetFillColor(text, each.at, red, green, blue, alpha)
        shade = 0.3 * red.value + 0.6 * green.value + 0.1 * blue.value
        mode = pdfium.FPDFTextObj_GetTextRenderMode(pdfium.FPDFText_GetTextObject(text, each.at))
        if shade > DARK or alpha.value != 255 or mode not in (0, 2):
            return False
    return True


def _touched(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, amounts: Sequence[Word]) -> bool:
    """Whether anything but text and a table's rules and stripes lies where amounts stand."""
    found, texts = shapes.drawn(page, page_transform(page))
    if not found:
        return False
    places = [
        (each.left - BEFORE * _height(each), each.top, each.right, each.bottom,
         texts.get(shapes.text_address(text, each.at), 0))
        for each in amounts
    ]  # fmt: skip
    least = min(place[0] for place in places)
    for shape in found:
        if shape.right <= least:
            continue
        for left, top, right, bottom, order in places:
            if (
                shape.left < right and left < shape.right
                and shape.top < bottom and top < shape.bottom
                and not shape.is_of_table(bottom - top, shape.order < order)
            ):  # fmt: skip
                return True
    return False


def _all_drawn(page: pypdfium2.PdfPage, amounts: Iterable[Word]) -> bool:
    """Whether each amount has ink in all its width, where only text can leave it."""
    scale = dots_per_point(page.get_width(), page.get_height(), COARSE, MOST_DOTS)
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
    dots = bytes(bitmap.buffer).translate(_BELOW_INK)
    ink = _Dots(dots, (bitmap.width, bitmap.height), scale, bitmap.stride)
    return all(ink.fills(each) for each in amounts)


def _settled(
    page: pypdfium2.PdfPage,
    text: pypdfium2.PdfTextPage,
    amounts: Sequence[Word],
    words: Sequence[Word],
) -> Sight:
    """The amounts held to what differs when the page is drawn without them."""
    whole, scale = _picture(page, FINE)
    inks = dict(_own_inks_of_overlapping(page, text, amounts, whole, scale))
    for each in amounts:
        shapes.hide(text, each)
    rest = _picture(page, FINE)[0]
    others, own = _dots(rest.point(_BELOW_DARK), scale), _difference(whole, rest, scale)
    inks = {each.at: inks.get(each.at, own) for each in amounts}
    unseen = [each for each in amounts if _is_tiny(each) or not inks[each.at].fills(each)]
    lost = {each.at for each in unseen}
    marked = [
        each
        for each in amounts
        if each.at not in lost
        and (others.strikes(each, words) or not inks[each.at].shows_minus(each))
    ]
    if not unseen:
        return Sight(marked=marked, seen=len(amounts))
    for each in words:
        shapes.hide(text, each)
    bare = _picture(page, FINE)[0]
    own = _difference(whole, bare, scale)
    gone = {each.at for each in words if _is_tiny(each) or not own.shows(each)}
    covered = [
        each
        for each in unseen
        if not _is_tiny(each) and (inks[each.at].shows(each) or _is_uneven(bare, scale, each))
    ]
    return Sight(
        [each for each in unseen if each not in covered],
        covered,
        marked,
        frozenset(gone | lost),
        len(amounts) - len(unseen),
    )


def _own_inks_of_overlapping(
    page: pypdfium2.PdfPage,
    text: pypdfium2.PdfTextPage,
    amounts: Sequence[Word],
    whole: "Image",
    scale: float,
) -> "Iterator[tuple[int, _Dots]]":
    """The ink of each amount that lies over another, which together always leave some."""
    for each in _overlapping(amounts):
        hidden = shapes.hide(text, each)
        yield each.at, _difference(whole, _picture(page, FINE)[0], scale)
        shapes.show(hidden)


def _overlapping(amounts: Sequence[Word]) -> list[Word]:
    """The amounts that lie over another, a dozen at most."""
    found, near = dict[int, Word](), list[Word]()
    for each in sorted(amounts, key=lambda word: word.top):
        near = [other for other in near if other.bottom > each.top]
        for other in near:
            if _meet(each, other):
                found |= {other.at: other, each.at: each}
        if len(found) >= MOST_ALONE:
            break
        near.append(each)
    return list(found.values())[:MOST_ALONE]


def is_written(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, found: Sequence[Line]) -> bool:
    """Whether what a page shows beside its text is itself a page with writing on it.

    So it is where much of its height is written on, and where amounts stand alone in their lines
    but for what the picture says. Drawing the page leaves it without its text.
    """
    for line in found:
        for word in line.words:
            shapes.hide(text, word)
    picture, scale = _picture(page, COARSE)
    dots = _dots(picture.point(_BELOW_DARK), scale)
    if dots.written() > WRITTEN:
        return True
    alone = [each for each in found if len(each.words) == 1 and is_amount(each.words[0])]
    return any(
        dots.shows(replace(each.words[0], left=0.0, right=page.get_width())) for each in alone
    )


class _Dots:
    """A page as dots that are set or not."""

    def __init__(self, dots: bytes, size: tuple[int, int], scale: float, stride: int = 0) -> None:
        self._dots, self._scale = dots, scale
        self._width, self._height = size
        self._stride = stride or self._width

    def fills(self, word: Word) -> bool:
        """Whether a word has ink in all its width, no letter being left out."""
        height = _height(word)
        if abs(word.right - word.left) < word.bottom - word.top and len(word.text) > FEW_LETTERS:
            return self.shows(word)  # it stands on its side
        rows = self._rows(word, 0.05, 0.95)
        width = len(rows[0]) if rows else 0
        if not width:
            return False
        full = b"\xff" * width
        columns = _any([row for row in rows if row != full])
        pitch = abs(word.right - word.left) / len(word.text)
        widest = (GAP * height + max(0.0, pitch - GAP * height)) * self._scale + 1
        gaps = list(map(len, columns.split(b"\xff")))
        edge = max(gaps[0], gaps[-1]) <= EDGE * height * self._scale + 1
        return edge and max(gaps) <= widest

    def shows(self, word: Word) -> bool:
        """Whether there is any ink where a word stands."""
        return any(b"\xff" in row for row in self._rows(word, 0.0, 1.0))

    def shows_minus(self, word: Word) -> bool:
        """Whether the minus before an amount, if it has one, has ink."""
        if word.text[0] not in "-−–" or word.right <= word.left:
            return True
        pitch = (word.right - word.left) / len(word.text)
        return self.shows(replace(word, right=word.left + MINUS_WIDTH * pitch))

    def strikes(self, word: Word, words: Iterable[Word]) -> bool:
        """Whether there are strokes upon a word or before it that are neither words nor rules."""
        height = word.bottom - word.top
        beside = [
            each
            for each in words
            if each is not word and each.top < word.bottom and word.top < each.bottom
            and each.right > word.left - BEFORE * height and each.left < word.right
            and not is_amount(each)
        ]  # fmt: skip
        left = max([word.left - BEFORE * height, *(each.right for each in beside)])
        if left >= word.right:
            return False
        place = replace(word, left=min(left, word.left))
        strokes, rules = _any(self._rows(place, *BAND)), self._rows(place, -0.4, 1.4)
        if not strokes or b"\0" not in strokes:
            return False  # the ground is dark
        return any(
            stroke and not all(row[at] for row in rules) for at, stroke in enumerate(strokes)
        )

    def written(self) -> float:
        """The share of the page's height, without head and foot, in which there are strokes."""
        rows = range(int(self._height * 0.15), int(self._height * 0.9))
        lines = (self._dots[at * self._width : (at + 1) * self._width] for at in rows)
        few, many = 0.003 * self._width, 0.5 * self._width
        return sum(few < line.count(b"\xff") < many for line in lines) / max(1, len(rows))

    def _rows(self, word: Word, first: float, last: float) -> list[bytes]:
        """The dots of a word's box between two shares of its height."""
        high, scale = word.bottom - word.top, self._scale
        top, bottom = word.top + first * high, word.top + last * high
        left, right = sorted((word.left, word.right))  # a word upside down ends at its left
        left, right = max(0, round(left * scale)), min(self._width, round(right * scale))
        rows = range(max(0, round(top * scale)), min(self._height, round(bottom * scale)))
        if left >= right:
            return []
        places = (at * self._stride for at in rows)
        return [self._dots[at + left : at + right] for at in places]


def _dots(picture: "Image", scale: float) -> _Dots:
    return _Dots(picture.tobytes(), picture.size, scale)


def _any(rows: Iterable[bytes]) -> bytes:
    """The columns in which any row has a dot."""
    found, width, number = 0, 0, int.from_bytes
    for row in rows:
        found, width = found | number(row), len(row)
    return found.to_bytes(width)


def _difference(one: "Image", other: "Image", scale: float) -> _Dots:
    from PIL import ImageChops  # only here: most pages are plain

    return _dots(ImageChops.difference(one, other).point(_ABOVE_FAINT), scale)


def _picture(page: pypdfium2.PdfPage, usual: float) -> "tuple[Image, float]":
    """The page as it is shown, in grey, with its annotations and form fields."""
    width, height = page.get_size()
    scale = dots_per_point(width, height, usual, MOST_DOTS)
    return page.render(scale=scale, grayscale=True).to_pil(), scale


def _is_uneven(bare: "Image", scale: float, word: Word) -> bool:
    """Whether something else than paper is where a word stands, on a page without its text."""
    high = word.bottom - word.top
    box = (word.left, word.top + BAND[0] * high, word.right, word.top + BAND[1] * high)
    left, top, right, bottom = (round(edge * scale) for edge in box)
    inside = (max(0, left), max(0, top), min(bare.width, right), min(bare.height, bottom))
    if inside[0] >= inside[2] or inside[1] >= inside[3]:
        return False
    least, most = cast(tuple[int, int], bare.crop(inside).getextrema())  # it is grey
    return most - least > UNEVEN


def _meet(one: Word, other: Word) -> bool:
    return (
        one is not other
        and one.left < other.right and other.left < one.right
        and one.top + QUARTER * _height(one) < other.bottom
        and other.top + QUARTER * _height(other) < one.bottom
    )  # fmt: skip


def _is_tiny(word: Word) -> bool:
    return _height(word) < LEAST_HEIGHT


def _height(word: Word) -> float:
    """How high a word's letters are, on whichever side it lies."""
    high, wide = word.bottom - word.top, abs(word.right - word.left)
    return min(high, wide) if len(word.text) > FEW_LETTERS else high


_BELOW_INK = bytes(255 if level < INK else 0 for level in range(256))
_BELOW_DARK = [255 if level < DARK else 0 for level in range(256)]
_ABOVE_FAINT = [255 if level > FAINT else 0 for level in range(256)]
