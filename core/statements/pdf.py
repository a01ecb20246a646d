"""Bank statements as PDF: their text layer, page by page."""

from collections.abc import Iterator
from typing import BinaryIO

import pypdfium2

from core.errors import Unreadable
from core.statements import paper, pdf_text
from core.statements.model import Item
from core.statements.page import Line, lines

MOST_PAGES = 1_000
NO_TABLE = (
    "The PDF holds no table of bookings that could be found: lines that begin with a day and end"
    " with an amount, between an opening and a closing balance."
)


def recognises(head: bytes) -> bool:
    """Whether a file that begins like this is a PDF; some begin with a little else."""
    return b"%PDF-" in head[:1024]


def read(source: BinaryIO) -> Iterator[Item]:
    """Each statement, then its bookings with their boxes; raises Unreadable with the reason."""
    content = source.read()
    with _opened(content) as file:
        if len(file) > MOST_PAGES:
            raise Unreadable(
                f"The file has {len(file)} pages; at most {MOST_PAGES:,} are read. Send the"
                " statements in smaller files.",
                code="too_many_pages",
            )
        pages = [_lines(file, number) for number in range(len(file))]
        found = False
        for item in paper.statements(pages, len(content)):
            found = True
            yield item
        if not found:
            raise Unreadable(NO_TABLE, code="no_table")


def _opened(content: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as problem:
        if "password" in str(problem).lower():
            raise Unreadable(
                "The PDF is encrypted with a password. Send it without one.", code="encrypted"
            ) from None
        raise Unreadable(
            "The PDF is broken and cannot be opened; it may have been cut off on its way.",
            code="broken_pdf",
        ) from None


def _lines(file: pypdfium2.PdfDocument, number: int) -> list[Line]:
    page = file[number]
    try:
        return lines(number + 1, pdf_text.words(page))
    finally:
        page.close()
