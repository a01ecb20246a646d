"""Which parser reads a file: told by its content, never by its name or declared type."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from core import invoices
from core.errors import Unreadable
from core.statements import camt, csv, image, mt940, ofx, pdf
from core.statements.model import Item
from core.words import Text

HEAD = 4096  # bytes by which a format is told
MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read(source: BinaryIO) -> Iterator[Item]:
    """Each statement's head, followed by its transactions, or what else the file is.

    Raises Unreadable with the reason.
    """
    head = source.read(HEAD)
    source.seek(0)
    if pdf.recognises(head):
        return pdf.read(source)
    if image.recognises(head):
        return image.read(source)
    if ofx.recognises(head):
        return ofx.read(source)
    if invoices.recognises(head):
        return invoices.read(source)
    if _is_xml(head):
        return camt.read(source)  # which says what is wrong with an XML that is no CAMT
    if mt940.recognises(head):
        return mt940.read(source)
    if csv.recognises(head):
        return csv.read(source)
    raise Unreadable(
        Text(
            "This file is not a bank statement in a format that is read: CAMT.052, .053 or .054"
            " (XML), MT940, MT942, OFX, QFX, a table of bookings (CSV), PDF, or a scan of one as"
            " PNG, JPEG or TIFF. Ask the bank for its electronic statements and send those.",
            "Diese Datei ist kein Kontoauszug in einem Format, das gelesen wird: CAMT.052, .053"
            " oder .054 (XML), MT940, MT942, OFX, QFX, eine Tabelle von Buchungen (CSV), PDF oder"
            " ein Scan davon als PNG, JPEG oder TIFF. Bitte bei der Bank die elektronischen"
            " Kontoauszüge anfordern und diese senden.",
        ),
        code="format_unknown",
    )


def _is_xml(head: bytes) -> bool:
    for mark in MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\x00", b"").lstrip().startswith(b"<")
