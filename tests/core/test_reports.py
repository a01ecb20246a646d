"""A report as a file: it says what the answers say, and looks the same whenever it is made."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pypdfium2
import pytest

from core import analysis, applications, documents, reports
from core.analysis import Unit
from core.applications import Applicant, Application, ApplicationStatus, Declared, Product, Terms
from core.clients import Partner
from core.documents import Document, DocumentKind
from core.evidence import Box, Bytes
from core.ids import new_id
from core.money import Money
from core.questions import Verdict
from core.reports import SHOWN, Language, Report, ReportDocument, render
from core.reports.words import Words
from core.statements import StoredTransaction, Transaction
from tests.builders import House, company

NAME = "Żółć & Işık <b>Çelik</b> Αθήνα Gießerei"
NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


LONG = Partner("W" * 200, test=True)


def pages(content: bytes) -> list[str]:
    """The text of each page."""
    document = pypdfium2.PdfDocument(content)
    assert all(page.get_size() == pytest.approx((595.3, 841.9), abs=0.1) for page in document)
    return [page.get_textpage().get_text_bounded().replace("\r\n", " ") for page in document]


def bare(**changes: Any) -> Application:
    """An application with these things asked for."""
    terms = Terms(Product.LOAN, Applicant(NAME, "DE"), Money(100, "EUR"), 12)._replace(**changes)
    return Application(new_id(), new_id(), ApplicationStatus.RECEIVED, terms, None, 1, NOW, NOW)


async def paper_of(house: House, language: Language) -> ReportDocument:
    """The report of a whole case."""
    application_id = UUID(await house.case(await house.partner(), company(3, months=13)))
    application = await applications.get_any(house.db, application_id)
    return await reports.prepare(house.db, application, language)


async def test_every_figure_and_answer_stands_in_it_with_its_place_in_a_file(house: House) -> None:
    paper = await paper_of(house, Language.ENGLISH)
    content = render(paper)
    sheets = pages(content)
    text = " ".join(sheets)
    report, words = paper.report, Words.of(Language.ENGLISH, "EUR")
    assert report.application.terms.applicant.legal_name in sheets[0]
    for number, page in enumerate(sheets, 1):
        assert f"Page {number} of {len(sheets)}" in page
        assert "1 October 2025 – 31 October 2026" not in page or "(13 months)" in page
    for computed in report.figures:
        figure = computed.figure
        assert f"{figure.id}@{figure.version}" in text.replace(" ", "")
        if len(figure.evidence) > SHOWN:
            assert f"The first {SHOWN} of {words.number(len(figure.evidence))} trans" in text
        for one in report.shown.get(figure.id, ()):
            place = one.transaction.evidence
            assert f"bytes {words.number(place.start)} to {words.number(place.end)}" in text
    for answer in report.answers:
        assert answer.because.en.split(",")[0] in text
    for document in paper.documents:
        assert document.sha256.hex() in text
    assert render(paper) == content
    german = " ".join(pages(render(replace(paper, language=Language.GERMAN))))
    assert all(each.because.de.split(",")[0] in german for each in report.answers)


def test_names_of_any_of_our_neighbours_are_read_back_and_are_no_markup() -> None:
    content = render(ReportDocument(Report(bare(), [], [], [], {}, []), None, [], Language.GERMAN))
    (only,) = pages(content)
    assert only.count(NAME) == 2
    assert "nichts berechnet" in only
    assert content.count(b"/FontFile2") == content.count(b"/BaseFont") == 2


def test_a_place_on_a_page_is_named_by_the_page() -> None:
    row = statement_row()
    figure = analysis.Figure(
        "gambling", 1, Unit.COUNT, "EUR", None, analysis.AnswerState.ANSWERED, 1, evidence=(row.id,)
    )
    report = Report(
        bare(), [analysis.StoredFigure(figure, -1, NOW)], [], [], {"gambling": [row]}, []
    )
    files = [document(row.document_id)]
    assert "[1] page 7" in " ".join(
        pages(render(ReportDocument(report, None, files, Language.ENGLISH)))
    )


def statement_row() -> StoredTransaction:
    """A booking on page 7 of a document."""
    booking = Transaction(
        NOW.date(), None, -1, "EUR", False, False, "Ω" * 300, None, "x\ny", None, None, None,
        None, (), Bytes(0, 9), Box(7, 1, 1, 2, 2),
    )  # fmt: skip
    return StoredTransaction(new_id(), new_id(), new_id(), "DE", booking)


def document(id: UUID) -> Document:
    """A file with a long name."""
    return Document(
        id, new_id(), documents.DocumentStatus.READ, DocumentKind.OTHER, "n" * 200, "a/b", 9,
        b"\x01" * 32, "", (), NOW, NOW,
    )  # fmt: skip


def test_the_longest_texts_that_are_taken_find_room() -> None:
    full = bare(
        applicant=Applicant("W" * 200, "DE", *("W" * 200,) * 5),
        purpose="W" * 2000,
        external_reference="W" * 200,
        property=applications.Property(Money(10**17, "EUR"), "W" * 200),
        declared=Declared(Money(10**17, "EUR"), Money(10**17, "EUR"), ("W" * 200,) * 50),
    )
    report = Report(full, [], [], [], {}, [])
    sheets = pages(render(ReportDocument(report, LONG, [document(new_id())] * 60, Language.GERMAN)))
    assert "".join(sheets).count("n" * 40) >= 60


def test_a_sandbox_case_is_never_mistaken_for_a_real_one() -> None:
    paper = ReportDocument(
        Report(bare(), [], [], [], {}, []), Partner("Nord", test=False), [], Language.ENGLISH
    )
    assert "andbox" not in " ".join(pages(render(paper)))
    made_up = replace(paper, partner=Partner("Nord", test=True))
    (only,) = pages(render(made_up))
    assert "Beleg · Sandbox" in only
    assert "No lender works on it." in only


def test_every_word_is_there_in_both_languages() -> None:
    for language in Language:
        words = Words.of(language, "EUR")
        all_words = [
            *map(words.verdict, [*Verdict, None]),
            *map(words.product, Product),
            *map(words.status, ApplicationStatus),
            *(words.unit(each, "EUR") for each in Unit),
            *(
                words.document(kind, documents.DocumentStatus.READ)
                for kind in [*DocumentKind, None]
            ),
            *(words.document(None, status) for status in documents.DocumentStatus),
        ]
        assert all(all_words)
    assert Words.of(Language.ENGLISH, "EUR").label("kind") == "Kind"
