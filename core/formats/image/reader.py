"""Statements as pictures (PNG, JPEG, TIFF of several pages), read like a scanned page of a PDF."""

from collections.abc import Iterator
from typing import BinaryIO

from core.documents import Finding
from core.formats.common import images
from core.formats.common.images import recognises as recognises
from core.formats.pdf import ocr
from core.formats.pdf.reader import contents, scans
from core.statements.model import Item


def read(source: BinaryIO) -> Iterator[Item]:
    """Each statement, then its bookings with their boxes, or what else the pages show.

    Raises Unreadable with the reason.
    """
    content = source.read()
    pages = [ocr.photographed(page, at) for at, page in enumerate(images.pages(content), 1)]
    yield from contents(pages, len(content))
    yield Finding("scanned", scans(len(pages), len(pages)))
