"""Which parser reads a file: told by its content, never by its name or declared type.

A format is one folder, with `recognises` and `read`, and one line in `PARSERS`; `papers` has none,
for what it tells apart are the lines that the PDF parser has read.
"""

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from core.bilingual import Bilingual
from core.errors import Unreadable
from core.formats import camt, csv, image, invoices, mt940, ofx, pdf
from core.formats.containers import container_of, refusal
from core.formats.named import named_format
from core.statements.model import Item

HEAD = 4096  # bytes by which a format is told


class Parser(Protocol):
    """What reads one format."""

    def recognises(self, head: bytes) -> bool:
        """Whether a file that begins so is of this format."""

    def read(self, source: BinaryIO) -> Iterator[Item]:
        """Each statement's head, followed by its transactions, or what else the file is.

        Raises Unreadable with the reason.
        """


# In this order: invoices are XML as well, all other XML is CAMT's to refuse, and what is neither of
# the others may be a table.
PARSERS: tuple[Parser, ...] = (pdf, image, ofx, invoices, camt, mt940, csv)


def read(source: BinaryIO) -> Iterator[Item]:
    """What the first parser reads that recognises the file; raises Unreadable where none does."""
    head = source.read(HEAD)
    source.seek(0)
    if container := container_of(head):
        raise refusal(container)
    for parser in PARSERS:
        if parser.recognises(head):
            return parser.read(source)
    raise named_format(head) or Unreadable(
        Bilingual(
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
