"""Pages whose text does not stand upright: shown turned, and boxes turned back.

Some files turn the text and not the page, so that it lies on its side or upside down.
"""

from collections import Counter
from math import degrees

import pypdfium2
import pypdfium2.raw as pdfium

from core.formats.pdf.page import Turn
from core.formats.pdf.text import letters

LOOKED_AT = 200  # letters of a page
MOST = 0.6  # of them: so many show how its text lies


def stand_upright(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage) -> Turn | None:
    """Turn the page, in memory, so that most of its text stands upright; None where it does."""
    layer = text.raw
    some = [at for at, letter in enumerate(letters(text)[:LOOKED_AT]) if letter > " "]
    found = Counter([pdfium.FPDFText_GetCharAngle(layer, at) for at in some])
    angles = Counter[int]()
    for angle, number in found.items():
        angles[round(-degrees(angle) / 90) % 4] += number
    if not angles:
        return None
    (quarters, number), shown = angles.most_common(1)[0], page.get_rotation() // 90
    turns = (quarters - shown) % 4
    if not turns or number < MOST * angles.total():
        return None
    width, height = page.get_size()
    page.set_rotation(quarters * 90)
    return Turn(turns, width, height)
