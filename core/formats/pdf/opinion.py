"""What a second, independent reader says of a page's amounts: Tesseract, where the machine has it.

It is shown all of them at once, upright and one below the other, and knows nothing of the page.
"""

import csv
import re
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from core.formats.pdf import tesseract
from core.formats.pdf.recognition import SeenWord, cut

if TYPE_CHECKING:
    from core.formats.pdf.recognition import Dots

AMOUNT = re.compile(r"[-+−–]?\d[\d.,']*[.,]\d\d[-+−–SH€]?")
HEIGHT, PITCH, MARGIN = 40, 90, 40  # dots: of an amount, from one to the next, around them
WIDEST = 1_200
MOST = 400  # amounts on a page
WORD = "5"  # the level of words in Tesseract's table


def second_opinions(words: Sequence[SeenWord], page: "Dots") -> dict[int, str]:
    """The amounts as the second reader sees them, by the word's place among all.

    One that it reads alike is as the first reader wrote it.
    """
    if not tesseract.is_here():
        return {}
    shown = [at for at, each in enumerate(words) if AMOUNT.fullmatch(each.text)][:MOST]
    if not shown:
        return {}
    seen = tesseract.run(_as_file(_column([_amount(words[at], page) for at in shown])))
    if seen is None:
        return {}
    found = _rows(seen.decode("utf-8", "replace"))
    told = {at: found.get(row, "") for row, at in enumerate(shown)}
    return {
        at: words[at].text if each == digits(words[at].text) else each for at, each in told.items()
    }


def digits(text: str) -> str:
    """Only the digits of an amount."""
    return re.sub(r"\D", "", text)


def _column(pictures: Sequence["Dots"]) -> "Dots":
    """The pictures one below the other."""
    size = PITCH * len(pictures) + 2 * MARGIN, WIDEST + 2 * MARGIN
    column = np.full(size, 255, dtype=np.uint8)
    for row, each in enumerate(pictures):
        top = MARGIN + row * PITCH
        column[top : top + HEIGHT, MARGIN : MARGIN + each.shape[1]] = each
    return column


def _amount(word: SeenWord, page: "Dots") -> "Dots":
    """The picture of an amount, as high as all are; paper white."""
    import cv2

    picture = cut(page, word.ink)
    wide = min(WIDEST, max(1, round(picture.shape[1] * HEIGHT / picture.shape[0])))
    method = cv2.INTER_AREA if picture.shape[0] > HEIGHT else cv2.INTER_CUBIC
    sized = cv2.resize(picture, (wide, HEIGHT), interpolation=method)
    even = np.empty_like(sized)
    cv2.normalize(sized, even, 0, 255, cv2.NORM_MINMAX)
    return even.astype(np.uint8)


def _as_file(picture: "Dots") -> bytes:
    from PIL import Image

    Image.fromarray(picture).save(content := BytesIO(), "ppm")
    return content.getvalue()


def _rows(table: str) -> dict[int, str]:
    """The digits in each row of the column."""
    found: dict[int, str] = {}
    for word in csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        if word["level"] == WORD:
            middle = int(word["top"]) + int(word["height"]) / 2 - MARGIN
            row = int((middle + (PITCH - HEIGHT) / 2) // PITCH)
            found[row] = found.get(row, "") + digits(word["text"])
    return found
