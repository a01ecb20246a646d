"""A statement that was altered after it was made shows it, by name and by place."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from core.formats.pdf.alteration import FileHistory, origins, pdf_date
from deploy.demo.pdf import pdf
from deploy.demo.sheets import LAYOUTS, Layout
from tests.builders import company
from tests.core.formats.papers import HEAD, ROWS, paper, read_paper

pytestmark = pytest.mark.unit

MADE = datetime(2026, 1, 1, 4, 12, tzinfo=UTC)
LAST = date(2025, 12, 31)
X, Y = 540, 716  # where the sale's amount ends


def codes(content: bytes) -> list[str]:
    """The codes of what is odd about a PDF statement."""
    return [each.code for each in read_paper(content)[2]]


def drawn(draw: Callable[[Canvas], None], below: Callable[[Canvas], None] | None = None) -> bytes:
    """The usual statement, something drawn over it and something below it."""
    return paper(ROWS, over=draw, under=below)


def test_an_honest_file_raises_no_finding() -> None:
    assert codes(paper(ROWS)) == []


@pytest.mark.thorough
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: str(layout.name))
def test_no_bank_of_ours_raises_a_finding(layout: Layout) -> None:
    made = company(months=1)
    assert codes(pdf(made, made.accounts[0], layout)) == []


@pytest.mark.parametrize(
    ("origin", "code", "says"),
    [
        (FileHistory(producer="iLovePDF"), "producer", "iLovePDF"),
        (FileHistory(creator="Adobe Acrobat Pro 2020"), "producer", "Acrobat Pro"),
        (
            FileHistory(created=MADE, modified=datetime(2026, 2, 3, tzinfo=UTC)),
            "changed_after_creation",
            "2026-02-03",
        ),
        (
            FileHistory(created=datetime(2025, 12, 20, tzinfo=UTC)),
            "made_before_its_end",
            "2025-12-20",
        ),
        (FileHistory(revisions=2), "written_on", "2 times"),
    ],
)
def test_how_a_file_was_made_is_told_where_it_is_odd(
    origin: FileHistory, code: str, says: str
) -> None:
    (finding,) = origins(origin, LAST)
    assert finding.code == code
    assert says in finding.detail.en


def test_a_bank_that_makes_its_file_at_once_is_not_odd() -> None:
    at_once = FileHistory("Druckstrasse 4", "", MADE, MADE)
    assert list(origins(at_once, LAST)) == []
    assert list(origins(FileHistory(), None)) == []


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("D:20260102041207Z", datetime(2026, 1, 2, 4, 12, 7, tzinfo=UTC)),
        ("D:20260102041207+01'00'", datetime(2026, 1, 2, 3, 12, 7, tzinfo=UTC)),
        ("D:20260102041207-0330", datetime(2026, 1, 2, 7, 42, 7, tzinfo=UTC)),
        ("D:2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("D:20269902", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_of_a_pdf_are_read_with_their_zones(text: str, at: datetime | None) -> None:
    assert pdf_date(text) == at


def test_a_file_that_was_added_to_says_how_often() -> None:
    content = paper(ROWS)
    again = content + content[content.rindex(b"trailer") :]
    assert codes(again) == ["written_on"]


def test_digits_of_another_type_inside_an_amount_are_named() -> None:
    def half(sheet: Canvas) -> None:
        sheet.setFont("Helvetica", 9)
        sheet.drawString(60, 650, "05.12.2025")
        sheet.drawRightString(X - sheet.stringWidth("00,00 H", "Helvetica", 9), 650, "1.0")
        sheet.setFont("Times-Roman", 9)
        sheet.drawRightString(X - sheet.stringWidth("0,00 H", "Helvetica", 9), 650, "9")
        sheet.setFont("Helvetica", 9)
        sheet.drawRightString(X, 650, "0,00 H")

    odd = read_paper(drawn(half))[2]
    (finding,) = [each for each in odd if each.code == "type_changes_in_amount"]
    assert (
        "Page 1: the amount 1.090,00 is set in Helvetica 9 and Times-Roman 9." in finding.detail.en
    )


def test_a_bookings_amount_in_another_size_than_its_column_is_named() -> None:
    rows = [("", "", "")] * 3 + [
        (f"{day:02d}.12.2025", "Gutschrift", "1,00 H") for day in range(4, 24)
    ]
    odd = read_paper(
        paper((*ROWS[:-1], *rows, ("24.12.2025", "Gutschrift", "7,00 H")), last_size=9.6)
    )
    assert [each.code for each in odd[2]] == ["closing_missing", "type_of_amount"]
    assert "7,00 is set in Helvetica 9.6" in odd[2][1].detail.en


def test_an_amount_written_over_another_is_named() -> None:
    def over(sheet: Canvas) -> None:
        sheet.setFillColorRGB(1, 1, 1)
        sheet.rect(480, Y - 2, 62, 10, stroke=0, fill=1)
        sheet.setFillColorRGB(0, 0, 0)
        sheet.setFont("Helvetica", 9)
        sheet.drawRightString(X, Y, "900,00 H")

    odd = read_paper(drawn(over))[2]
    (finding,) = [each for each in odd if each.code == "hidden_amount"]
    assert "200,00" in finding.detail.en


def test_two_amounts_that_are_both_seen_are_named() -> None:
    def over(sheet: Canvas) -> None:
        sheet.setFont("Helvetica", 9)
        sheet.drawRightString(X + 2, Y + 1, "900,00")

    assert "text_over_text" in codes(drawn(over))


@pytest.mark.parametrize("at", [1, 2], ids=["holder", "period"])
def test_a_holder_or_period_written_over_another_is_named(at: int) -> None:
    def over(sheet: Canvas) -> None:
        sheet.setFillColorRGB(1, 1, 1)
        sheet.rect(58, 798 - 14 * at, 300, 11, stroke=0, fill=1)
        sheet.setFillColorRGB(0, 0, 0)
        sheet.setFont("Helvetica", 9)
        sheet.drawString(60, 800 - 14 * at, "Bauhaus Nord Handelsgesellschaft mbH")

    assert "text_over_text" in codes(drawn(over))


def test_titles_of_columns_that_run_into_each_other_are_no_alteration() -> None:
    def over(sheet: Canvas) -> None:
        sheet.setFont("Helvetica", 9)
        sheet.drawString(70, 744, "Valuta")  # Datum stands there

    assert codes(drawn(over)) == []


def test_words_drawn_twice_to_be_bold_or_far_larger_are_no_alteration() -> None:
    def over(sheet: Canvas) -> None:
        sheet.setFont("Helvetica", 9)
        sheet.drawString(60.3, 786, HEAD[1])
        sheet.setFont("Helvetica", 40)
        sheet.drawString(60, 780, "KOPIE")

    assert codes(drawn(over)) == []


def test_a_statement_without_its_last_page_says_that_its_closing_balance_lacks() -> None:
    assert codes(paper(ROWS[:-1])) == ["closing_missing"]


def test_an_empty_picture_below_a_page_is_paper() -> None:
    def ground(sheet: Canvas) -> None:
        picture = BytesIO()
        Image.new("L", (200, 280), 250).save(picture, "png")
        sheet.drawImage(ImageReader(picture), 0, 0, *A4)

    assert codes(drawn(lambda _: None, ground)) == []


def test_a_closing_balance_that_does_not_follow_is_named() -> None:
    rows = (*ROWS[:-1], ("", "Neuer Saldo", "9.150,00 H"))
    (finding,) = read_paper(paper(rows))[2]
    assert finding.code == "running_balance"
    assert "1150.00 EUR where 9150.00" in finding.detail.en
