"""The words of a scanned page, by Tesseract, each with its place and how sure it is."""

import csv
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from statistics import median
from typing import TYPE_CHECKING

import pypdfium2

from core.bilingual import Bilingual
from core.errors import Unreadable
from core.formats.common.resolution import dots_per_point
from core.formats.common.work import require_time_for_programs
from core.formats.pdf import misread, tesseract
from core.formats.pdf.page import Line, Word, line, straightened

if TYPE_CHECKING:
    from PIL.Image import Image

    from core.formats.common.images import ImagePage

DOTS_PER_POINT = 300 / 72
MOST_DOTS = 12_000_000  # an A4 page at 300 dpi has 8.7 million
SOFT = 1.2  # the radius of smoothing in dots at 300 dpi; 1.6 blurs digits
WORD = "5"  # the level of words in Tesseract's table
PATCH = 24  # dots at 300 dpi, 2 mm: what lies in a patch or beside it is lit alike
CUT = (0.05, 2)  # per cent of the darkest and brightest dots; an empty page has little ink
STEEPEST = 0.03  # what falls more is no line
LONG = 250.0  # points between a line's first and last word, to tell how askew it is
AROUND, AFTER = 3.0, 14.0  # points looked at around an amount, and after it, where its mark stands
MARK = 5.0  # points: so wide is a mark
FRAME = 20  # dots of white around an amount on its own


def lines(page: pypdfium2.PdfPage, number: int) -> list[Line]:
    """The lines on the picture of a page; raises Unreadable where no scan can be read."""
    require_time_for_programs()
    width, height = page.get_size()
    scale = dots_per_point(width, height, DOTS_PER_POINT, MOST_DOTS)
    return _lines(page.render(scale=scale, grayscale=True).to_pil(), scale, number)


def photographed(page: "ImagePage", number: int) -> list[Line]:
    """The lines on a page that came as a picture; raises Unreadable where none can be read."""
    require_time_for_programs()
    scale = dots_per_point(page.width, page.height, DOTS_PER_POINT, MOST_DOTS)
    size = max(1, round(page.width * scale)), max(1, round(page.height * scale))
    return _lines(page.picture.resize(size), scale, number)


def _lines(picture: "Image", scale: float, number: int) -> list[Line]:
    finer = scale / DOTS_PER_POINT
    _require_program()
    scan = _Scan(_smoothed(_evenly_lit(picture, finer), finer), scale)
    found = list(scan.words())
    marked = misread.bears_marks(found)
    found = [scan.look_again(each, marked) for each in misread.put_right(found, marked)]
    slope = _slope(found)
    straight = ([straightened(word, slope) for word in each] for each in found)
    return sorted((line(number, each, slope) for each in straight), key=lambda each: each.top)


def _larger(picture: "Image") -> "Image":
    return picture.resize((picture.width * 2, picture.height * 2))


def _framed(picture: "Image") -> "Image":
    from PIL import ImageOps  # only here: most processes never see a scan

    return ImageOps.expand(picture, FRAME, 255)


LOOKS = (_larger, _framed, lambda picture: _larger(_framed(picture)))
"""How an amount is looked at again, one way after the other until it is read cleanly."""


class _Scan:
    """A picture of a page, and what is read of it."""

    def __init__(self, picture: "Image", scale: float) -> None:
        self._picture = picture
        self._scale = scale

    def words(self) -> Iterator[list[Word]]:
        """The words of each line."""
        found: dict[tuple[str, ...], list[Word]] = {}
        table = self._read(self._picture, tesseract.PAGE).splitlines()
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["level"] == WORD and row["text"].strip():
                key = row["block_num"], row["par_num"], row["line_num"]
                found.setdefault(key, []).append(self._word(row))
        yield from found.values()

    def look_again(self, words: Sequence[Word], marked: bool) -> list[Word]:
        """The line's words, its amounts that were not read cleanly looked at one by one."""
        return [
            self._settled(word, marked) if misread.is_doubtful(words, at, marked) else word
            for at, word in enumerate(words)
        ]

    def _settled(self, word: Word, marked: bool) -> Word:
        found = word
        for look in LOOKS:
            found = misread.settled(
                word, self._read(look(self._cut(word)), tesseract.AMOUNT), marked
            )
            if misread.is_clean(found, marked):
                return found
        if marked and misread.is_clean(found, marked=False):
            end = self._cut(replace(word, left=word.right - MARK))
            return misread.with_mark(found, self._read(_framed(_larger(end)), tesseract.MARKS))
        return found

    def _cut(self, word: Word) -> "Image":
        edges = word.left - AROUND, word.top - AROUND, word.right + AFTER, word.bottom + AROUND
        left, top, right, bottom = (round(edge * self._scale) for edge in edges)
        return self._picture.crop((left, top, right, bottom))

    def _word(self, row: dict[str, str]) -> Word:
        left, top = int(row["left"]) / self._scale, int(row["top"]) / self._scale
        right = left + int(row["width"]) / self._scale
        bottom = top + int(row["height"]) / self._scale
        return Word(row["text"].strip(), left, top, right, bottom, float(row["conf"]))

    def _read(self, picture: "Image", look: int) -> str:
        """What Tesseract sees in a picture."""
        require_time_for_programs()
        picture.save(content := BytesIO(), "ppm")
        seen = tesseract.run(content.getvalue(), look)
        if seen is None:
            raise Unreadable(
                Bilingual(
                    "A page of this scan cannot be recognised.",
                    "Eine Seite dieses Scans kann nicht erkannt werden.",
                ),
                code="scan_unreadable",
            )
        return seen.decode("utf-8", "replace")


def _require_program() -> None:
    if shutil.which(tesseract.PROGRAM) is None:
        raise Unreadable(
            Bilingual(
                "This file is a scan, and scans are not read here. Send the statements as the bank"
                " made them: CAMT.053, or PDF with text.",
                "Diese Datei ist ein Scan, und Scans werden hier nicht gelesen. Bitte die"
                " Kontoauszüge so senden, wie die Bank sie erstellt hat: CAMT.053 oder PDF mit"
                " Text.",
            ),
            code="scans_not_read",
        )


def _evenly_lit(picture: "Image", scale: float) -> "Image":
    """The picture as if light fell evenly on it: a photo has shades in which letters drown.

    What is brightest around a dot is taken for paper, and the dot in proportion to it.
    """
    from PIL import Image, ImageFilter, ImageMath  # only here: most processes never see a scan

    patch = max(1, round(PATCH * scale))
    size = max(1, picture.width // patch), max(1, picture.height // patch)
    patches = picture.resize(size, Image.Resampling.BOX).filter(ImageFilter.MaxFilter(3))
    paper = patches.filter(ImageFilter.GaussianBlur(1)).resize(picture.size)
    even: Image.Image = ImageMath.lambda_eval(
        lambda images: images["convert"](
            images["min"](images["ink"] * 255 / images["max"](images["paper"], 1), 255), "L"
        ),
        ink=picture,
        paper=paper,
    )
    return even


def _smoothed(picture: "Image", scale: float) -> "Image":
    """The picture without its grain: halves the digits that are misread at 200 dpi."""
    from PIL import ImageFilter, ImageOps  # only here: most processes never see a scan

    return ImageOps.autocontrast(picture.filter(ImageFilter.GaussianBlur(SOFT * scale)), cutoff=CUT)


def _slope(found: Sequence[Sequence[Word]]) -> float:
    """By how much the page's lines fall to the right: the median of the long ones."""
    falls = [
        (each[-1].bottom - each[0].bottom) / run
        for each in found
        if (run := each[-1].left - each[0].left) >= LONG
    ]
    level = [fall for fall in falls if abs(fall) <= STEEPEST]
    return median(level) if level else 0.0
