"""A PDF statement is read by the geometry of its page, whatever the bank's layout."""

from datetime import date
from io import BytesIO

import pypdfium2
import pytest

from core.errors import Unreadable
from core.evidence import Bytes
from core.formats import pdf
from core.formats.pdf.reader import MOST_PAGES
from core.statements.model import Account, Balance
from tests.core.formats.papers import (
    CLOSING,
    HEAD,
    OPENING,
    RENT,
    ROWS,
    SALE,
    TITLES,
    Row,
    paper,
    read_paper,
)

pytestmark = pytest.mark.unit


def test_a_statement_says_whose_it_is_and_between_which_balances() -> None:
    statement, bookings, odd = read_paper(paper(ROWS))
    assert statement.account == Account("DE02120300000000202051", "EUR", "Muster Werkzeugbau GmbH")
    assert (statement.number, statement.kind) == ("7", "statement")
    assert (statement.starts_on, statement.ends_on) == (date(2025, 12, 1), date(2025, 12, 31))
    assert statement.opening == Balance(100_000, date(2025, 12, 1))
    assert statement.closing == Balance(115_000, date(2025, 12, 31))
    assert [(each.booked_on.day, each.amount) for each in bookings] == [(2, 20_000), (3, -5_000)]
    assert odd == []


@pytest.mark.parametrize(
    ("opening", "debit", "closing"),
    [
        ("1.000,00+", "50,00-", "950,00+"),
        ("1.000,00", "-50,00", "950,00"),
        ("+1.000,00 €", "-50,00 €", "+950,00 €"),
        ("1.000,00 EUR", "- 50,00 EUR", "950,00 EUR"),
        ("1000,00 H", "50,00 S", "950,00 H"),
        ("1.000,00H", "50,00S", "950,00H"),
        ("1'000,00 H", "50,00 S", "950,00 H"),
    ],
)
def test_signs_are_read_however_they_are_printed(opening: str, debit: str, closing: str) -> None:
    rows = (
        TITLES,
        ("", "Kontostand am 30.11.2025", opening),
        ("03.12.2025", "Miete", debit),
        ("", "Kontostand am 31.12.2025", closing),
    )
    statement, bookings, _ = read_paper(paper(rows))
    assert statement.opening is not None
    assert statement.closing is not None
    assert (statement.opening.amount, statement.closing.amount) == (100_000, 95_000)
    assert [each.amount for each in bookings] == [-5_000]


@pytest.mark.parametrize(
    ("printed", "on"),
    [
        ("31.12.", date(2025, 12, 31)),
        ("02.01.", date(2026, 1, 2)),
        ("31.12.25", date(2025, 12, 31)),
        ("2025-12-31", date(2025, 12, 31)),
        ("31. Dez 2025", date(2025, 12, 31)),
        ("31. Dezember 2025", date(2025, 12, 31)),
    ],
)
def test_days_are_read_however_they_are_printed(printed: str, on: date) -> None:
    rows = (TITLES, OPENING, (printed, "Gutschrift", "150,00 H"), CLOSING)
    _, bookings, _ = read_paper(paper(rows))
    assert [each.booked_on for each in bookings] == [on]


def test_text_goes_on_below_and_tells_who_and_what_for() -> None:
    more: list[Row] = [
        ("", "Möwenort Möbelwerke AG", ""),
        ("", "RE 4711", ""),
        ("", "IBAN DE89 3704 0044 0532 0130 00", ""),
    ]
    _, bookings, _ = read_paper(paper((TITLES, OPENING, SALE, *more, RENT, CLOSING)))
    assert bookings[0].counterparty == "Möwenort Möbelwerke AG"
    assert bookings[0].counterparty_account == "DE89370400440532013000"
    assert bookings[0].remittance == "Gutschrift RE 4711"


def test_a_table_goes_on_on_the_next_page_with_what_was_carried() -> None:
    first = (TITLES, OPENING, SALE, ("", "Übertrag auf Blatt 2", "1.200,00 H"))
    second = (TITLES, ("", "Übertrag von Blatt 1", "1.200,00 H"), RENT, CLOSING)
    statement, bookings, odd = read_paper(paper(first, second))
    assert statement.closing is not None
    assert [each.amount for each in bookings] == [20_000, -5_000]
    assert [each.box.page for each in bookings if each.box] == [1, 2]
    assert odd == []


def test_a_balance_on_the_way_that_does_not_hold_is_told_with_its_place() -> None:
    first = (TITLES, OPENING, SALE, ("", "Übertrag", "1.300,00 H"))
    _, _, odd = read_paper(paper(first, (RENT, CLOSING)))
    assert [each.code for each in odd] == ["running_balance"]
    assert "Page 1" in odd[0].detail.en
    assert "1200.00 EUR where 1300.00" in odd[0].detail.en


def test_an_own_transfer_is_a_booking_though_it_is_called_like_what_is_carried() -> None:
    transfer = ("04.12.2025", "ÜBERTRAG", "150,00 S")
    _, bookings, _ = read_paper(paper((TITLES, OPENING, SALE, RENT, transfer, CLOSING)))
    assert [each.amount for each in bookings] == [20_000, -5_000, -15_000]


def test_a_list_with_the_newest_first_is_turned_round() -> None:
    _, bookings, _ = read_paper(paper((TITLES, RENT, SALE)))
    assert [each.booked_on.day for each in bookings] == [2, 3]


def test_the_box_is_around_the_booking_as_the_page_shows_it() -> None:
    _, bookings, _ = read_paper(paper(ROWS))
    box = bookings[0].box
    assert box is not None
    baseline = 842 - (800 - 3 * 14 - 3 * 14)  # below three lines of head, the titles, the opening
    assert box.page == 1
    assert box.left == pytest.approx(60, abs=1.5)
    assert box.right == pytest.approx(540, abs=1.5)
    assert box.top < baseline < box.bottom
    assert box.bottom - box.top < 14


@pytest.mark.parametrize("pages", [1, 3])
def test_words_are_told_though_the_file_draws_letter_by_letter(pages: int) -> None:
    rents = [RENT] * (3 * pages)
    closing = ("", "Neuer Saldo", f"{1_200 - 150 * pages},00 H")
    written = [(TITLES, *rents[at * 3 : at * 3 + 3]) for at in range(pages)]
    written[0] = (TITLES, OPENING, SALE, *rents[:3])
    written[-1] = (*written[-1], closing)
    statements = []
    for lettered in (False, True):
        statement, bookings, odd = read_paper(paper(*written, lettered=lettered))
        whole = Bytes(0, 0)
        statements.append(
            (statement, [each._replace(box=None, evidence=whole) for each in bookings])
        )
        assert odd == []
    assert statements[0] == statements[1]
    assert len(statements[0][1]) == 1 + 3 * pages


def test_a_page_that_is_to_be_turned_is_measured_as_it_is_shown() -> None:
    _, upright, _ = read_paper(paper(ROWS))
    _, turned, _ = read_paper(paper(ROWS, turned=True))
    for before, after in zip(upright, turned, strict=True):
        assert before.box is not None
        assert after.box is not None
        assert after.box.left == pytest.approx(before.box.left, abs=0.5)
        assert after.box.right == pytest.approx(before.box.right, abs=0.5)
        assert after.box.top == pytest.approx(before.box.top + (595 - 560) - (842 - 800), abs=0.5)


def test_an_encrypted_file_says_so() -> None:
    with pytest.raises(Unreadable, match="encrypted with a password") as refusal:
        read_paper(paper(ROWS, encrypt="secret"))
    assert refusal.value.code == "encrypted"


PAGELESS = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[9 0 R]/Count 1>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)
"""A file that says it has a page, and has not."""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (PAGELESS, "broken_pdf"),
        (b"%PDF-1.7\nno more than this", "broken_pdf"),
        (paper((("", "Sehr geehrte Damen und Herren", ""),)), "no_table"),
    ],
)
def test_a_pdf_that_is_no_statement_is_refused_for_a_true_reason(content: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_paper(content)
    assert refusal.value.code == code


def test_days_without_any_year_are_refused() -> None:
    rows = (TITLES, OPENING, ("02.12.", "Gutschrift", "150,00 H"), CLOSING)
    with pytest.raises(Unreadable) as refusal:
        read_paper(paper(rows, head=HEAD[:2]))
    assert refusal.value.code == "no_year"


def test_more_pages_than_are_read_are_refused_before_they_are() -> None:
    with pypdfium2.PdfDocument.new() as file:
        for _ in range(MOST_PAGES + 1):
            file.new_page(10, 10)
        file.save(out := BytesIO())
    with pytest.raises(Unreadable, match="1001 pages"):
        list(pdf.read(BytesIO(out.getvalue())))
