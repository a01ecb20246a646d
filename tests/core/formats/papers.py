"""Small PDF statements for the tests: lines of words, each at its place."""

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from core.documents import Finding
from core.formats import pdf
from core.statements.model import Statement, Transaction

HEAD = (
    "IBAN DE02 1203 0000 0000 2020 51",
    "Kontoinhaber: Muster Werkzeugbau GmbH",
    "Kontoauszug Nr. 7 vom 01.12.2025 bis 31.12.2025",
)
ASSUMED = "currency_by_country"
Draw = Callable[[Canvas], None]
Row = tuple[str, str, str]  # what stands at the left, in the middle, and ends at the right
TITLES: Row = ("Datum", "Buchungstext", "Betrag")
OPENING: Row = ("", "Alter Saldo", "1.000,00 H")
SALE: Row = ("02.12.2025", "Gutschrift", "200,00 H")
RENT: Row = ("03.12.2025", "Dauerauftrag", "50,00 S")
CLOSING: Row = ("", "Neuer Saldo", "1.150,00 H")
ROWS = (TITLES, OPENING, SALE, RENT, CLOSING)


class Lettered(Canvas):  # type: ignore[misc]
    """Draws letter by letter, as many programs do, so that nothing in the file makes words."""

    def drawString(self, x: float, y: float, text: str) -> None:  # noqa: N802
        """Draw each letter where it would stand in the text."""
        for letter in text:
            super().drawString(x, y, letter)
            x += self.stringWidth(letter, self._fontname, self._fontsize)

    def drawRightString(self, x: float, y: float, text: str) -> None:  # noqa: N802
        """Draw each letter of a text that ends there."""
        self.drawString(x - self.stringWidth(text, self._fontname, self._fontsize), y, text)


def paper(
    *pages: Iterable[Row],
    head: Sequence[str] = HEAD,
    turned: bool = False,
    under: Draw | None = None,
    over: Draw | None = None,
    last_size: float = 9,
    lettered: bool = False,
    **canvas: Any,
) -> bytes:
    """A PDF of these pages' rows, the head above the first; `turned` lies on its side in the file.

    `lettered` draws letter by letter. `under` and `over` draw on each page before and after the
    rows; the last one has its own size.
    """
    out = BytesIO()
    sheet = (Lettered if lettered else Canvas)(out, pagesize=A4, invariant=True, **canvas)
    sheet.setDateFormatter(lambda *_: "D:20260102041207+01'00'")
    sheet.setProducer("Druckstrasse 4")
    for number, rows in enumerate(pages):
        if under:
            under(sheet)
        sheet.setFont("Helvetica", 9)
        y = 800.0
        if turned:
            sheet.setPageRotation(90)
            sheet.rotate(90)
            sheet.translate(0, -A4[0])
            y = 560.0
        for line in head if number == 0 else ():
            sheet.drawString(60, y, line)
            y -= 14
        drawn = list(rows)
        for at, (left, middle, right) in enumerate(drawn):
            sheet.setFont("Helvetica", last_size if at == len(drawn) - 1 else 9)
            y -= 14
            sheet.drawString(60, y, left)
            sheet.drawString(160, y, middle)
            sheet.drawRightString(540, y, right)
        if over:
            over(sheet)
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def read_paper(content: bytes) -> tuple[Statement, list[Transaction], list[Finding]]:
    """The only statement of a PDF, its bookings, and what was found odd.

    But for its currency: the usual head names none.
    """
    items = list(pdf.read(BytesIO(content)))
    (statement,) = [each for each in items if isinstance(each, Statement)]
    bookings = [each for each in items if isinstance(each, Transaction)]
    odd = [each for each in items if isinstance(each, Finding) and each.code != ASSUMED]
    return statement, bookings, odd
