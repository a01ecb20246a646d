"""Papers that are no bank statements are told for what they are, and only when it is sure."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pypdfium2
import pytest

from core.documents import DocumentKind, Recognised, Term
from core.errors import Unreadable
from core.formats.parsers import read
from core.statements.model import Statement
from deploy.demo import make_company
from deploy.demo.bill import make_bill
from deploy.demo.papers import annual_accounts, bill_pdf, business_report, register_extract
from deploy.demo.scan import scan
from tests.core.formats.invoices.bills import read_document, value
from tests.core.formats.papers import ROWS, Row, paper

COMPANY = make_company(4, months=3)
CAST = COMPANY.cast
Write = Callable[[], bytes]
PAPERS: tuple[tuple[DocumentKind, Write, dict[Term, object]], ...] = (
    (
        DocumentKind.BUSINESS_REPORT,
        lambda: business_report(COMPANY, date(2026, 2, 1)),
        {Term.PERIOD_START: date(2026, 2, 1), Term.PERIOD_END: date(2026, 2, 28)},
    ),
    (
        DocumentKind.ANNUAL_ACCOUNTS,
        lambda: annual_accounts(COMPANY, 2025),
        {Term.REPORTING_DATE: date(2025, 12, 31)},
    ),
    (
        DocumentKind.REGISTER_EXTRACT,
        lambda: register_extract(COMPANY),
        {
            Term.REGISTER_COURT: f"Amtsgericht {CAST.town}",
            Term.REGISTER_NUMBER: CAST.register_number,
        },
    ),
    (
        DocumentKind.INVOICE,
        lambda: bill_pdf(make_bill(COMPANY)),
        {Term.INVOICE_NUMBER: "RE-2026-0001"},
    ),
)


@pytest.mark.unit
@pytest.mark.parametrize(("kind", "write", "says"), PAPERS, ids=lambda each: str(each)[:20])
def test_a_paper_is_told_by_its_content_with_the_line_that_says_it(
    kind: DocumentKind, write: Write, says: dict[Term, object]
) -> None:
    content = write()
    recognised, findings = read_document(content)
    assert (recognised.kind, findings) == (kind, [])
    assert {f.term: value(f) for f in recognised.facts if f.term is not Term.TITLE} == says
    for fact in recognised.facts:
        assert fact.origin.box is not None
        assert fact.origin.box.page == 1
        assert fact.origin.bytes == (0, len(content))


def test_a_scan_is_told_as_well() -> None:
    recognised, findings = read_document(scan(register_extract(COMPANY)))
    assert recognised.kind is DocumentKind.REGISTER_EXTRACT
    assert [each.code for each in findings] == ["scanned"]


@pytest.mark.unit
def test_a_register_extract_whose_head_is_in_columns_is_told_too() -> None:
    lines = (
        "Handelsregister B des   Abteilung B   Nummer der Firma: HRB 4711 B",
        "Amtsgerichts Bad Musterstadt   Wiedergabe des aktuellen Registerinhalts   Seite 1 von 1",
        "2. a) Firma b) Sitz, Niederlassung c) Gegenstand des Unternehmens",
        "3. Grund- oder Stammkapital: 25.000,00 EUR",
        "4. a) Allgemeine Vertretungsregelung",
    )
    recognised, _ = read_document(paper(letter(*lines), head=()))
    facts = {fact.term: fact.text for fact in recognised.facts}
    assert facts[Term.REGISTER_NUMBER] == "HRB 4711 B"
    assert facts[Term.REGISTER_COURT] == "Amtsgericht Bad Musterstadt"


ROWS_OF_BWA = (
    "Umsatzerlöse 1,00", "Gesamtleistung 1,00", "Rohertrag 1,00", "Raumkosten 1,00",
    "Betriebsergebnis 1,00",
)  # fmt: skip
PARTS_OF_ACCOUNTS = (
    "Aktiva Passiva", "Anlagevermögen", "Umlaufvermögen", "Eigenkapital", "Verbindlichkeiten",
)  # fmt: skip


@pytest.mark.unit
@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (("Betriebswirtschaftliche Auswertung", "Ausdruck vom 12.10.2026", *ROWS_OF_BWA), {}),
        (("Betriebswirtschaftliche Auswertung", "vom 12. Oktober 2026", *ROWS_OF_BWA), {}),
        (("Betriebswirtschaftliche Auswertung", "März 2026   März 2025", *ROWS_OF_BWA), {}),
        (
            ("Betriebswirtschaftliche Auswertung 01.01.2026 - 30.09.2026", *ROWS_OF_BWA),
            {Term.PERIOD_START: date(2026, 1, 1), Term.PERIOD_END: date(2026, 9, 30)},
        ),
        (
            ("Jahresabschluss", "Erstellt 3.4.2026", "zum 31. Dezember 2025", *PARTS_OF_ACCOUNTS),
            {Term.REPORTING_DATE: date(2025, 12, 31)},
        ),
        (
            ("Rechnung", "Rechnungsnummer Rechnungsdatum", "Rechnungs-Nr.: 26/0815", "19 % MwSt",
             "USt-IdNr. DE136695976", "Netto 1,00", "Gesamtbetrag 1,19", "Zahlbar sofort"),
            {Term.INVOICE_NUMBER: "26/0815"},
        ),
    ],
)  # fmt: skip
def test_only_what_is_sure_is_told(lines: tuple[str, ...], says: dict[Term, object]) -> None:
    recognised, _ = read_document(paper(letter(*lines), head=()))
    assert {f.term: value(f) for f in recognised.facts if f.term is not Term.TITLE} == says


@pytest.mark.unit
def test_of_papers_in_one_file_the_first_is_told() -> None:
    bwa, accounts = PAPERS[0][1](), PAPERS[1][1]()
    for first, second, kind in (
        (bwa, accounts, DocumentKind.BUSINESS_REPORT),
        (accounts, bwa, DocumentKind.ANNUAL_ACCOUNTS),
    ):
        with pypdfium2.PdfDocument(first) as file, pypdfium2.PdfDocument(second) as other:
            file.import_pages(other)
            file.save(out := BytesIO())
        assert read_document(out.getvalue())[0].kind is kind


WORDS = (
    "Jahresabschluss zum 31.12.2025 Aktiva Passiva Anlagevermögen Umlaufvermögen Eigenkapital",
    "Rückstellungen Verbindlichkeiten Handelsregister Amtsgericht Musterstadt HRB 4711 Prokura",
    "Rechnung Rechnungsnummer 4711 USt-IdNr. DE136695976 19 % MwSt Gesamtbetrag 200,00",
)


@pytest.mark.unit
def test_a_statement_that_speaks_of_all_this_stays_a_statement() -> None:
    rows = [ROWS[0], ROWS[1], ROWS[2], *(("", each, "") for each in WORDS), *ROWS[3:]]
    items = list(read(BytesIO(paper(rows))))
    assert [each for each in items if isinstance(each, Statement)]
    assert not [each for each in items if isinstance(each, Recognised)]


def letter(*lines: str) -> list[Row]:
    """A page of these lines."""
    return [(each, "", "") for each in lines]


@pytest.mark.unit
@pytest.mark.parametrize(
    "lines",
    [
        ("Bilanz zum 31.12.2025", "Sehr geehrte Damen und Herren,", "anbei die Bilanz."),
        ("Betriebswirtschaftliche Auswertung", "Die BWA folgt per Post."),
        ("Handelsregister", "Amtsgericht Musterstadt HRB 4711", "Geschäftsführer: Enno Uferbeck"),
        ("Handelsregister", "Amtsgericht Musterstadt", "Sitz, Niederlassung", "Prokura",
         "Gegenstand des Unternehmens", "Stammkapital", "Rechtsform", "Vertretungsregelung"),
        ("Gewerbeanmeldung nach § 14 GewO", "Handelsregister", "Amtsgericht Musterstadt HRB 4711",
         "Sitz, Niederlassung", "Gegenstand des Unternehmens", "Stammkapital", "Prokura",
         "Rechtsform", "Vertretungsregelung"),
        ("Mahnung", "Rechnung Nr. 4711", "USt-IdNr. DE136695976", "Nettobetrag 100,00",
         "19 % MwSt 19,00", "Gesamtbetrag 119,00", "Zahlbar sofort"),
        ("Rechnung folgt", "Wir danken für Ihren Auftrag."),
    ],
)  # fmt: skip
def test_what_only_speaks_of_a_paper_is_none(lines: tuple[str, ...]) -> None:
    with pytest.raises(Unreadable) as refusal:
        list(read(BytesIO(paper(letter(*lines), head=()))))
    assert refusal.value.code == "no_table"
