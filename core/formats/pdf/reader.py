"""Bank statements as PDF: their text layer, page by page; and PDFs that are something else."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import BinaryIO

import pypdfium2

from core.bilingual import Bilingual, grouped
from core.documents import Finding, Recognised
from core.errors import Unreadable
from core.evidence import Printed
from core.formats import invoices
from core.formats.papers import judge, kinds
from core.formats.pdf import alteration, assembly, ocr, titled
from core.formats.pdf.budget import Budget
from core.formats.pdf.figures import figures
from core.formats.pdf.history import history
from core.formats.pdf.inspection import InspectedPage, inspect_page
from core.formats.pdf.page import Line, box
from core.statements.model import Item, Statement

MOST_PAGES = 1_000
MOST_SCANS = 150  # four seconds each
NO_TABLE = Bilingual(
    "The file holds no table of bookings that could be found: lines that begin with a day and end"
    " with an amount, between an opening and a closing balance. Nor is it an invoice, a BWA, annual"
    " accounts or a register extract that could be told for one.",
    "In der Datei ist keine Umsatzliste zu finden: Zeilen, die mit einem Datum beginnen und mit"
    " einem Betrag enden, zwischen Anfangssaldo und Endsaldo. Auch als Rechnung, BWA,"
    " Jahresabschluss oder Registerauszug ist sie nicht zu erkennen.",
)


def recognises(head: bytes) -> bool:
    """Whether a file that begins like this is a PDF; some begin with a little else."""
    return b"%PDF-" in head[:1024]


def read(source: BinaryIO) -> Iterator[Item]:
    """Each statement, then its bookings with their boxes, or what else the file is.

    Raises Unreadable with the reason.
    """
    content = source.read()
    with _opened(content) as file:
        if len(file) > MOST_PAGES:
            most = grouped(MOST_PAGES)
            raise Unreadable(
                Bilingual(
                    f"The file has {len(file)} pages; at most {most.en} are read. Send the"
                    " statements in smaller files.",
                    f"Die Datei hat {len(file)} Seiten; höchstens {most.de} werden gelesen. Bitte"
                    " die Kontoauszüge in kleineren Dateien senden.",
                ),
                code="too_many_pages",
            )
        budget = Budget(len(content))
        budget.require_pages(len(file))
        attached = invoices.attached(file, content)
        invoice = next((each for each in attached if isinstance(each, Recognised)), None)
        inspected = [_inspect(file, number, budget) for number in range(1, len(file) + 1)]
        scanned = [number for number, each in enumerate(inspected, 1) if each.scan and not invoice]
        budget.require_scans(len(scanned))
        pages = _read_scans(file, inspected, scanned)
        told = history(file, content)
        enclosed = _enclosed(file)
    yield from (each for each in attached if each is not invoice)
    if invoice is not None:
        yield from invoices.shown(invoice, _printed(pages))
        return
    try:
        items = contents(pages, len(content))
    except Unreadable as refusal:
        raise (_portfolio(enclosed) if enclosed else refusal) from None
    yield from items
    if enclosed and any(isinstance(each, Recognised) for each in items):
        yield Finding("portfolio", _beside(enclosed))
    if scanned:
        yield Finding("scanned", scans(len(scanned), len(pages)))
    yield from alteration.of_sight(inspected)
    last_day = _last_day(items)
    if last_day is None:
        return
    yield from alteration.origins(told, last_day)
    yield from alteration.of_statement(inspected)


def contents(pages: Sequence[Sequence[Line]], size: int) -> list[Item]:
    """The statements on pages of a file of so many bytes; of others, what they are instead."""
    refusal = Unreadable(NO_TABLE, code="no_table")
    found = titled.sort(pages)
    try:
        items = list(assembly.statements(found.own, size, titled=found.titled))
        if found.letter and not found.titled and _last_day(items) is not None:
            raise judge.not_banks(judge.IN_LETTER)
        if found.otherwise and not found.titled and _last_day(items) is not None:
            raise judge.not_banks(judge.OTHERWISE)
        if _last_day(items) is not None:
            return [*items, *found.findings()]
    except Unreadable as reason:
        refusal = reason
    recognised = kinds.recognise(_printed(pages), size)
    told: list[Item] = [recognised] if recognised else [*found.recognised(size)]
    if not told:
        raise found.refusal() or refusal
    return [_with_figures(each, pages, size) for each in told]


def _with_figures(item: Item, pages: Sequence[Sequence[Line]], size: int) -> Item:
    if not isinstance(item, Recognised):
        return item
    return item._replace(figures=figures(item.kind, pages, size))


def scans(number: int, pages: int) -> Bilingual:
    """What is said of a file of which so many pages are scans."""
    return Bilingual(
        f"{number} of {pages} pages are scans.", f"{number} von {pages} Seiten sind eingescannt."
    )


def _last_day(items: Sequence[Item]) -> date | None:
    ends = (each.ends_on for each in items if isinstance(each, Statement))
    return max(filter(None, ends), default=None)


def _printed(pages: Sequence[Sequence[Line]]) -> list[Printed]:
    return [Printed(line.text, box(line, line.words)) for page in pages for line in page]


def _inspect(file: pypdfium2.PdfDocument, number: int, budget: Budget) -> InspectedPage:
    try:
        return inspect_page(file, number, budget)
    except pypdfium2.PdfiumError:
        raise Unreadable(
            Bilingual(
                f"Page {number} of the PDF is broken; the file may have been cut off on its way.",
                f"Seite {number} des PDF ist beschädigt, vielleicht wurde die Datei bei der"
                " Übertragung abgeschnitten.",
            ),
            code="broken_pdf",
        ) from None


def _read_scans(
    file: pypdfium2.PdfDocument, inspected: Sequence[InspectedPage], scanned: Sequence[int]
) -> list[list[Line]]:
    """The pages' lines, those that are scans as a reader of scans sees them."""
    pages = [each.lines for each in inspected]
    if len(scanned) > MOST_SCANS:
        raise Unreadable(
            Bilingual(
                f"The file has {len(scanned)} scanned pages; at most {MOST_SCANS} are read. Send"
                " the statements in smaller files, or as the bank made them.",
                f"Die Datei hat {len(scanned)} gescannte Seiten; höchstens {MOST_SCANS} werden"
                " gelesen. Bitte die Kontoauszüge in kleineren Dateien senden oder so, wie die"
                " Bank sie erstellt hat.",
            ),
            code="too_many_pages",
        )
    for number in scanned:
        with alteration.told_where_unread(inspected[number - 1]):
            pages[number - 1] = ocr.lines(file[number - 1], number)
    return pages


def _enclosed(file: pypdfium2.PdfDocument) -> list[str]:
    """The names of the PDFs that are enclosed in the file, as in a portfolio."""
    names: list[str] = []
    for at in range(min(file.count_attachments(), MOST_PAGES)):
        with suppress(pypdfium2.PdfiumError):  # named, and not there
            names.append(file.get_attachment(at).get_name())
    return [name for name in names if name.lower().endswith(".pdf")]


def _portfolio(names: Sequence[str]) -> Unreadable:
    """Why a file whose own pages hold no statement, but whose enclosed files may, is not read."""
    number, first = len(names), ", ".join(names[:3])
    return Unreadable(
        Bilingual(
            f"The PDF is a portfolio: {number} other PDFs are enclosed in it ({first}), and its own"
            " pages hold no statement. Send the enclosed files one by one.",
            f"Das PDF ist ein Portfolio: {number} andere PDF sind darin enthalten ({first}), seine"
            " eigenen Seiten enthalten keinen Kontoauszug. Bitte die enthaltenen Dateien einzeln"
            " senden.",
        ),
        code="portfolio",
    )


def _beside(names: Sequence[str]) -> Bilingual:
    """That of a file which is no statement other PDFs that lie in it were not read."""
    number, first = len(names), ", ".join(names[:3])
    return Bilingual(
        f"Other PDFs are enclosed in the file ({number}: {first}) and were not read. Send them one"
        " by one if a statement is among them.",
        f"In der Datei sind andere PDF enthalten ({number}: {first}), die nicht gelesen wurden."
        " Bitte einzeln senden, falls ein Kontoauszug darunter ist.",
    )


def _opened(content: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as problem:
        if "password" in str(problem).lower():
            raise Unreadable(
                Bilingual(
                    "The PDF is encrypted with a password. Send it without one.",
                    "Das PDF ist mit einem Passwort verschlüsselt. Bitte ohne Passwort senden.",
                ),
                code="encrypted",
            ) from None
        raise Unreadable(
            Bilingual(
                "The PDF is broken and cannot be opened; it may have been cut off on its way.",
                "Das PDF ist beschädigt und lässt sich nicht öffnen; vielleicht wurde es bei der"
                " Übertragung abgeschnitten.",
            ),
            code="broken_pdf",
        ) from None
