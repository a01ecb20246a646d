"""How much a PDF may say and show for its size: a few bytes can repeat themselves without end.

Statements as banks make them have a letter a byte or fewer, and 2 kB a page.
"""

import pypdfium2
import pypdfium2.raw as pdfium

from core.bilingual import Bilingual, grouped
from core.errors import Unreadable

LEAST_DRAWN, DRAWN_OF_BYTE = 50_000, 10  # letters, and likewise shapes
LEAST_PAGES, BYTES_OF_PAGE = 100, 250
LEAST_SCANS, BYTES_OF_SCAN = 5, 2_000


class Budget:
    """What is left of what a file of so many bytes may draw."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._most = LEAST_DRAWN + size * DRAWN_OF_BYTE
        self._letters = self._shapes = self._most

    def take_page(self, page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage) -> None:
        """Count what a page draws, before any of it is looked at; raises Unreadable."""
        self._shapes -= pdfium.FPDFPage_CountObjects(page)
        self._letters -= pdfium.FPDFText_CountChars(text)
        if min(self._shapes, self._letters) < 0:
            most = grouped(self._most)
            raise Unreadable(
                Bilingual(
                    f"The PDF draws more than {most.en} letters or shapes, far more than a file of"
                    f" its size holds: it says the same over and over. {ANEW.en}",
                    f"Das PDF zeichnet mehr als {most.de} Buchstaben oder Formen, weit mehr, als"
                    " eine Datei dieser Größe enthält: Es wiederholt dasselbe immer wieder."
                    f" {ANEW.de}",
                ),
                code="too_much",
            )

    def require_pages(self, pages: int) -> None:
        """Raise Unreadable where a file names more pages than it has bytes for."""
        if pages > LEAST_PAGES + self._size // BYTES_OF_PAGE:
            raise _same_pages(
                Bilingual(f"The file names {pages} pages", f"Die Datei nennt {pages} Seiten")
            )

    def require_scans(self, scans: int) -> None:
        """Raise Unreadable where a file shows more pictures of pages than it has bytes for."""
        if scans > LEAST_SCANS + self._size // BYTES_OF_SCAN:
            raise _same_pages(
                Bilingual(
                    f"The file shows {scans} scanned pages",
                    f"Die Datei zeigt {scans} gescannte Seiten",
                )
            )


ANEW = Bilingual(
    "Export it anew, if you can as CAMT.053.",
    "Bitte neu exportieren, möglichst als CAMT.053.",
)


def _same_pages(what: Bilingual) -> Unreadable:
    return Unreadable(
        Bilingual(
            f"{what.en}, far more than fit into its size: they are the same over and over."
            f" {ANEW.en}",
            f"{what.de}, weit mehr, als in ihre Größe passen: Es sind immer wieder dieselben."
            f" {ANEW.de}",
        ),
        code="too_many_pages",
    )
