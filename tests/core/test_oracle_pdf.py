"""What is on paper is read as from CAMT: every row, every amount, and where it stands."""

from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest

from core import statements
from core.formats import parsers
from core.formats.pdf.marks import Marked
from core.formats.pdf.page_reader import PageReader
from core.formats.pdf.text import words
from core.ids import new_id
from core.statements import ParsedDocument
from deploy.demo import Account, Company, make_company
from deploy.demo.pdf import pdf
from deploy.demo.sheets import DIRECT, ENGLISH, LAYOUTS, Layout
from tests.core.test_oracle import company_of
from tests.every import EVERY, some

MONTHS = 24 if EVERY else 6
layouts = pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: str(layout.name))


def understood(content: bytes) -> ParsedDocument:
    """What the product reads in a file."""
    return statements.assemble(parsers.read(BytesIO(content)), new_id())


def on_paper(company: Company, account: Account) -> list[tuple[object, ...]]:
    """The bookings that a statement on paper shows."""
    booked = [each for each in company.ledger.of(account) if not each.pending]
    return [(each.booked_on, each.amount) for each in booked]


@pytest.mark.parametrize("layout", some(LAYOUTS, 1), ids=lambda layout: str(layout.name))
def test_every_row_of_all_months_is_read_in_every_layout(layout: Layout) -> None:
    company = make_company(1, months=MONTHS)
    for account in company.accounts:
        read = understood(pdf(company, account, layout))
        rows = [(each.transaction.booked_on, each.transaction.amount) for each in read.transactions]
        assert rows == on_paper(company, account)
        assert [each.difference for each in read.statements] == [0] * MONTHS
        assert {each.statement.account.number for each in read.statements} == {account.iban}
        assert read.findings == ()


def test_where_days_of_value_stand_below_pages_are_not_read_over_and_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    company = company_of(3)
    account, last = company.accounts[0], company.last_month
    content = pdf(company, account, DIRECT, last - timedelta(days=92), last)
    read, pages = PageReader.read, list[Sequence[Marked]]()

    def counted(reader: PageReader, page: Sequence[Marked]) -> None:
        pages.append(page)
        read(reader, page)

    monkeypatch.setattr(PageReader, "read", counted)
    assert len(understood(content).statements) == 4
    assert len(pages) < 2 * max(page[0].line.page for page in pages)


@layouts
def test_the_box_of_a_booking_holds_its_amount(layout: Layout) -> None:
    company = company_of(3)
    account, month = company.accounts[0], company.last_month
    content = pdf(company, account, layout, month, month)
    read = understood(content)
    with pypdfium2.PdfDocument(content) as file:
        pages = [list(words(page, page.get_textpage())) for page in file]
    for row in read.transactions:
        box = row.transaction.box
        assert box is not None
        inside = [
            word.text
            for word in pages[box.page - 1]
            if box.left - 0.1 <= word.left
            and word.right <= box.right + 0.1
            and box.top - 0.1 <= word.top
            and word.bottom <= box.bottom + 0.1
        ]
        euros, cents = divmod(abs(row.transaction.amount), 100)
        english = f"{euros:,}.{cents:02d}"
        german = english.translate(str.maketrans(",.", ".,"))
        printed = english if layout is ENGLISH else german
        assert any(word.strip("+-") == printed for word in inside), row
