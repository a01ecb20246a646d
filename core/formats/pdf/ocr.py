"""The words of a scanned page by RapidOCR, each with its place and how sure it is."""

from typing import TYPE_CHECKING

import pypdfium2

from core.bilingual import Bilingual
from core.errors import Unreadable
from core.formats.common.resolution import dots_per_point
from core.formats.common.work import take_time_for_scans
from core.formats.pdf import misread, recognition
from core.formats.pdf.page import Line, Word
from core.formats.pdf.page import lines as lines_of

if TYPE_CHECKING:
    from PIL.Image import Image

    from core.formats.common.images import ImagePage
    from core.formats.pdf.recognition import Array

DOTS_PER_POINT = 250 / 72
MOST_DOTS = 8_000_000  # an A4 page at 250 dpi has 6 million
SUREST = 99.0  # per cent: what is read off a picture is never certain by itself


def lines(page: pypdfium2.PdfPage, number: int) -> list[Line]:
    """The lines on the picture of a page; raises Unreadable where no scan can be read."""
    _require_reader()
    width, height = page.get_size()
    scale = dots_per_point(width, height, DOTS_PER_POINT, MOST_DOTS)
    return _lines(page.render(scale=scale, grayscale=True).to_pil(), scale, number)


def photographed(page: "ImagePage", number: int) -> list[Line]:
    """The lines on a page that came as a picture; raises Unreadable where none can be read."""
    _require_reader()
    scale = min(page.scale, dots_per_point(page.width, page.height, DOTS_PER_POINT, MOST_DOTS))
    size = max(1, round(page.width * scale)), max(1, round(page.height * scale))
    return _lines(page.picture.resize(size), scale, number)


def _lines(picture: "Image", scale: float, number: int) -> list[Line]:
    from core.formats.pdf.flattening import flattening
    from core.formats.pdf.opinion import second_opinions

    seen = recognition.read(picture)
    if not seen.words:
        return []
    height, width = (each / scale for each in seen.upright.shape)
    flat = flattening([each / scale for each in seen.texts], (width / 2, height / 2))
    said = second_opinions(seen.words, seen.upright)
    words = []
    for at, each in enumerate(seen.words):
        (left, top), (right, bottom) = _edges(flat(each.band / scale))
        shown = _as_shown(each.ink / scale, width, height, seen.turns)
        sure = min(each.confidence, SUREST) if said.get(at, each.text) == each.text else 0.0
        words.append(Word(each.text, left, top, right, bottom, sure, shown=shown))
    return misread.put_right(lines_of(number, words))


def _edges(corners: "Array") -> tuple[tuple[float, float], tuple[float, float]]:
    """Left and top, right and bottom of what stands nearly upright."""
    left, right = float(corners[[0, 3], 0].mean()), float(corners[[1, 2], 0].mean())
    top, bottom = float(corners[:2, 1].mean()), float(corners[2:, 1].mean())
    return (left, top), (right, bottom)


def _as_shown(
    corners: "Array", width: float, height: float, turns: int
) -> tuple[float, float, float, float]:
    """The rectangle around points of an upright page on the page as it is shown."""
    import numpy as np

    for _ in range(turns):
        corners = np.stack((height - corners[:, 1], corners[:, 0]), axis=1)
        width, height = height, width
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _require_reader() -> None:
    take_time_for_scans()
    if not recognition.is_here():
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
