"""Whatever font, width and size a statement is set in, amounts and days are read right."""

import random
from collections.abc import Iterator
from ctypes import c_int, create_string_buffer
from io import BytesIO

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from playwright.sync_api import Page

from core import statements
from core.formats import parsers
from core.ids import new_id
from tests.core.formats.typesetting import make, printed, printer
from tests.fonts import NARROW, USUAL, WIDE

TEXTS = (
    "below each other", "with account", "with labels", "name first", "behind the kind", "in one",
)  # fmt: skip
AMOUNTS = ("before", "behind", "letters", "sides")
WIDTHS = ("width: 38mm", "width: 55mm", "width: 75mm")
LEAST_SHARE = 0.6  # of the names at least; a person's, in one text with what follows, is never sure


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page of a browser that prints."""
    with printer() as each:
        yield each


@pytest.mark.parametrize("font", [NARROW, USUAL, WIDE])
@pytest.mark.parametrize("text", TEXTS)
def test_what_is_told_is_right_and_a_name_that_is_not_sure_is_not_told(
    page: Page, font: str, text: str
) -> None:
    chance, count, right, wrong = random.Random(text), 0, 0, []
    for at, width in enumerate(WIDTHS):
        made = make(chance, text, AMOUNTS[(at + TEXTS.index(text)) % len(AMOUNTS)], width)
        read = statements.assemble(parsers.read(BytesIO(printed(page, made.html, font))), new_id())
        rows = [each.transaction for each in read.transactions]
        assert [(row.booked_on, row.valued_on, row.amount) for row in rows] == [
            (each.day, each.valued, each.cents) for each in made.bookings
        ]
        assert not read.findings
        count += len(made.bookings)
        for row, each in zip(rows, made.bookings, strict=True):
            if text.startswith("with"):
                assert row.counterparty_account == each.iban
            right += row.counterparty == each.name
            if row.counterparty not in (each.name, None):
                wrong.append((row.counterparty, each.name))
    assert not wrong
    assert right >= LEAST_SHARE * count > 0


def test_no_font_of_the_machine_is_used(page: Page) -> None:
    body = "<p>Müller <b>fett</b> <i>schräg</i> 漢字 😀<pre>fest</pre><p style='font: 9pt serif'>x"
    families = set[str]()
    for font in (NARROW, USUAL, WIDE, "DejaVu Sans", "Liberation Sans", "Noto Sans", "sans-serif"):
        families |= _families(printed(page, body, font))
    assert families == {"SourceSansPro", "Lato", "BitstreamVeraSans"}


def _families(content: bytes) -> set[str]:
    """The families of the fonts that a PDF's letters are set in."""
    name, found = create_string_buffer(128), set[str]()
    with pypdfium2.PdfDocument(content) as file:
        text = file[0].get_textpage()
        for index in range(pdfium.FPDFText_CountChars(text)):
            if pdfium.FPDFText_IsGenerated(text, index) != 1:
                pdfium.FPDFText_GetFontInfo(text, index, name, len(name), c_int())
                found.add(name.value.decode().rpartition("+")[2].partition("-")[0])
    return found
