"""The sheets of a report: fonts, styles and tables, and what stands at the edges of each page."""

from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Table

MARGIN, HEAD, FOOT = 18 * mm, 24 * mm, 18 * mm
WIDTH = A4[0] - 2 * MARGIN
INK, PALE, RULE, BAND = (HexColor(each) for each in ("#1b1f24", "#5b636d", "#d5d9de", "#f2f4f6"))
BRAND = HexColor("#0f5c66")
PLAIN, STRONG = "SourceSansPro-Regular", "SourceSansPro-Semibold"
SIZE = 8.5


def _style(name: str, size: float, colour: HexColor = INK, **more: Any) -> ParagraphStyle:
    font = more.pop("fontName", PLAIN)
    return ParagraphStyle(
        name, fontName=font, fontSize=size, leading=size * 1.28, textColor=colour, **more
    )


TITLE = _style("title", 20, fontName=STRONG, spaceAfter=1 * mm)
SUBTITLE = _style("subtitle", 9.5, PALE, spaceAfter=5 * mm)
SECTION = _style("section", 12.5, BRAND, fontName=STRONG, spaceBefore=7 * mm, spaceAfter=2 * mm)
ENTRY = _style("entry", 10, fontName=STRONG, spaceBefore=4 * mm, spaceAfter=0.5 * mm)
NOTE = _style("note", SIZE, PALE, spaceAfter=1.5 * mm)
HASH = _style("hash", 7.4, PALE)
NOTICE = _style("notice", 9.5, HexColor("#b3261e"), fontName=STRONG, spaceAfter=4 * mm)
REMARK = _style("remark", SIZE, leftIndent=6, spaceBefore=1.5 * mm)
CELL = _style("cell", SIZE)
LEAD = _style("lead", SIZE, fontName=STRONG)
RIGHT = _style("right", SIZE, alignment=TA_RIGHT)


@cache
def load_fonts() -> None:
    """Make the fonts known: Latin with all its accents, Greek and Cyrillic, digits of one width."""
    spec = find_spec("font_source_sans_pro")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("font_source_sans_pro")
    folder = Path(spec.origin).parent / "files"
    for name in (PLAIN, STRONG):
        pdfmetrics.registerFont(TTFont(name, folder / f"{name}.ttf"))


def paragraph(text: str, style: ParagraphStyle = CELL) -> Paragraph:
    """Text that may take several lines; what stands in it is never markup."""
    return Paragraph(escape(text, quote=False), style)


def fitted(text: str, width: float, size: float = SIZE, font: str = PLAIN) -> str:
    """The text on one line of that width, cut with an ellipsis where it is longer."""
    text = " ".join(text.split())
    if pdfmetrics.stringWidth(text, font, size) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if pdfmetrics.stringWidth(f"{text[:middle]}…", font, size) <= width:
            low = middle
        else:
            high = middle - 1
    return f"{text[:low].rstrip()}…"


def table(
    rows: Sequence[Sequence[Any]],
    widths: Sequence[float],
    right: Sequence[int] = (),
    more: Sequence[tuple[Any, ...]] = (),
    size: float = SIZE,
) -> Table:
    """A table with a heading, repeated on each page; the columns `right` are aligned there."""
    last = len(widths) - 1
    style: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, 0), STRONG, size - 0.5),
        ("FONT", (0, 1), (-1, -1), PLAIN, size),
        ("TEXTCOLOR", (0, 0), (-1, 0), PALE),
        ("TEXTCOLOR", (0, 1), (-1, -1), INK),
        ("LEADING", (0, 0), (-1, -1), size * 1.28),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, PALE),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, RULE),
        ("TOPPADDING", (0, 0), (-1, -1), size * 0.26),
        ("BOTTOMPADDING", (0, 0), (-1, -1), size * 0.32),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        *(("ALIGN", (column, 0), (column, -1), "RIGHT") for column in right),
        *(("RIGHTPADDING", (column, 0), (column, -1), 9) for column in right if column != last),
        *more,
    ]
    return Table(rows, colWidths=widths, repeatRows=1, style=style)


def render_pdf(
    story: Sequence[Any],
    *,
    title: str,
    subject: str,
    language: str,
    head: tuple[str, str],
    foot: str,
    page: str,
) -> bytes:
    """The story as a PDF file, the same bytes for the same story; `page` says page and pages."""
    target = BytesIO()
    document = BaseDocTemplate(
        target,
        pagesize=A4,
        title=title,
        subject=subject,
        author="Beleg",
        creator="Beleg",
        lang=language,
        invariant=1,
        pageTemplates=[PageTemplate(frames=[_frame()])],
    )

    class Numbered(Canvas):  # type: ignore[misc]
        """A canvas that writes the edges of its pages once it knows how many there are."""

        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **{**named, "initialFontName": PLAIN})
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - the library's own name
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, state in enumerate(self._pages, 1):
                self.__dict__.update(state)
                _draw_edges(self, head, foot, page.format(page=number, pages=len(self._pages)))
                super().showPage()
            super().save()

    document.build(list(story), canvasmaker=Numbered)
    return target.getvalue()


def _frame() -> Frame:
    return Frame(
        MARGIN,
        FOOT,
        WIDTH,
        A4[1] - HEAD - FOOT,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )


def _draw_edges(canvas: Canvas, head: tuple[str, str], foot: str, page: str) -> None:
    left, right, top = MARGIN, A4[0] - MARGIN, A4[1] - 14 * mm
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.line(left, top - 2.2 * mm, right, top - 2.2 * mm)
    canvas.line(left, 13.5 * mm, right, 13.5 * mm)
    canvas.setFillColor(INK)
    canvas.setFont(STRONG, 8.5)
    canvas.drawString(left, top, fitted(head[0], 0.6 * WIDTH, 8.5, STRONG))
    canvas.setFillColor(PALE)
    canvas.setFont(PLAIN, 8)
    canvas.drawRightString(right, top, head[1])
    canvas.drawString(left, 10 * mm, foot)
    canvas.drawRightString(right, 10 * mm, page)
