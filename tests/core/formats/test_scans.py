"""Scans are read by RapidOCR; what it misreads is flagged by the balances, never guessed."""

from collections import Counter
from functools import cache
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageFilter

from core import statements
from core.documents import Finding
from core.errors import Unreadable
from core.formats import parsers, pdf
from core.formats.common.images import ORIENTATION
from core.formats.pdf import recognition
from core.formats.pdf.reader import scans
from core.ids import new_id
from core.isolation import ParserPool
from core.statements import Statement, Transaction
from core.statements.model import Item
from deploy.demo import Company, make_company
from deploy.demo.pdf import pdf as render
from deploy.demo.scan import pictures, scan
from deploy.demo.sheets import LAYOUTS, LEDGER, Layout
from tests.builders import PARSER_POOL
from tests.core.formats.papers import ROWS, paper
from tests.core.formats.scanned import LEADING, in_pdf, of_kind, picture
from tests.every import EVERY

DOUBTFUL = (*ROWS[:2], ("02.12.2025", "Gutschrift", "280,00 H"), *ROWS[3:])
SELDOM = pytest.mark.skipif(not EVERY, reason="takes seconds a page: read in `make prove`")
"""What is read only where all papers are."""


def month_of(company: Company, layout: Layout) -> tuple[bytes, list[int], int]:
    """The last month of the second account as a scan, its amounts, and its opening balance."""
    account, month = company.accounts[1], company.last_month
    content = scan(render(company, account, layout, month, month), seed=company.seed)
    bookings = [each for each in company.ledger.of(account) if each.booked_on >= month]
    amounts = [each.amount for each in bookings if not each.pending]
    return content, amounts, company.ledger.balance(account, month)


@pytest.mark.long
def test_of_scanned_amounts_hardly_any_is_wrong_and_each_wrong_one_is_flagged() -> None:
    wrong, total = 0, 0
    for seed, layout in enumerate(LAYOUTS if EVERY else LAYOUTS[:1], 1):
        content, amounts, opening = month_of(make_company(seed), layout)
        read = statements.assemble(parsers.read(BytesIO(content)), new_id())
        got = Counter(each.transaction.amount for each in read.transactions)
        missed = sum((Counter(amounts) - got).values())
        wrong, total = wrong + missed, total + len(amounts)
        (statement,) = read.statements
        codes = {each.code for each in read.findings}
        if missed:
            assert statement.difference != 0
            assert codes & {"running_balance", "not_held_to_balances"}
        else:
            assert statement.statement.opening is not None
            assert statement.statement.opening.amount == opening
            assert statement.difference == 0
        assert "scanned" in codes
    print(f"{total - wrong} of {total} amounts right")
    assert wrong <= 0.005 * total


@cache
def doubtful() -> tuple[bytes, list[Item]]:
    """A scan of a paper with an amount that no balance proves, and what is read of it."""
    content = scan(paper(DOUBTFUL))
    return content, list(pdf.read(BytesIO(content)))


def test_a_scan_is_read_in_the_parser_pool_as_outside_and_its_boxes_lie_on_the_ink() -> None:
    content, outside = doubtful()
    assert in_parser_pool(PARSER_POOL, content) == outside
    (statement,) = [each for each in outside if isinstance(each, Statement)]
    bookings = [each for each in outside if isinstance(each, Transaction)]
    assert statement.account.number == "DE02120300000000202051"
    assert [each.amount for each in bookings] == [28_000, -5_000]
    printed = [each for each in pdf.read(BytesIO(paper(DOUBTFUL))) if isinstance(each, Transaction)]
    for scanned, exact in zip(bookings, printed, strict=True):
        assert scanned.box is not None
        assert exact.box is not None
        assert scanned.box.left == pytest.approx(exact.box.left, abs=6)
        assert scanned.box.top == pytest.approx(exact.box.top, abs=6)
        assert scanned.box.right == pytest.approx(exact.box.right, abs=6)


@SELDOM
def test_a_photo_in_uneven_light_is_read_like_a_scan() -> None:
    company = make_company(2)
    account, month = company.accounts[1], company.last_month
    printed = render(company, account, LEDGER, month, month)
    first, *others = map(shaded, pictures(printed))
    first.save(out := BytesIO(), "TIFF", dpi=(200, 200), save_all=True, append_images=others)
    (statement,) = statements.assemble(parsers.read(BytesIO(out.getvalue())), new_id()).statements
    assert (statement.difference, statement.flipped) == (0, False)
    bookings = [each for each in company.ledger.of(account) if each.booked_on >= month]
    assert statement.transaction_count == len([each for each in bookings if not each.pending])


def shaded(page: Image.Image) -> Image.Image:
    """The page as it looks by a lamp in one corner, a hand's shadow over half of it."""
    corner = Image.linear_gradient("L").rotate(90).point(lambda dark: 255 - dark // 2)
    shadow = Image.new("L", page.size, 255)
    shadow.paste(128, (0, 0, page.width // 2, page.height))
    light = ImageChops.multiply(
        corner.resize(page.size), shadow.filter(ImageFilter.GaussianBlur(30))
    )
    return ImageChops.multiply(page.convert("L"), light)


CUTS = (370, 353)
"""Where its pages are cut off, between two bookings: what is below takes as long again."""


def cut_off(page: Image.Image, points: int) -> Image.Image:
    """The upper part of a page of A4."""
    return page.crop((0, 0, page.width, round(page.height * points / 841.9)))


@pytest.mark.parametrize(
    ("kind", "pages"),
    [*(pytest.param(each, 1, marks=SELDOM) for each in ("PNG", "JPEG")), ("TIFF", 2)],
)
def test_a_page_that_comes_as_a_picture_is_read_like_one_in_a_pdf(kind: str, pages: int) -> None:
    company = make_company(1)
    account, month = company.accounts[1], company.last_month
    printed = render(company, account, LEDGER, month, month)
    first, *others = map(cut_off, pictures(printed, pages=pages), CUTS)
    more = {"save_all": True, "append_images": others} if others else {}
    first.save(out := BytesIO(), kind, dpi=(200, 200), **more)
    items = in_parser_pool(PARSER_POOL, out.getvalue())
    bookings = [each for each in items if isinstance(each, Transaction) and each.box]
    exact = [
        each
        for each in pdf.read(BytesIO(printed))
        if isinstance(each, Transaction) and each.box and each.box.page <= pages
        if each.box.bottom < CUTS[each.box.page - 1]
    ]
    assert len(exact) > pages or pages == 1
    assert [(each.booked_on, each.amount) for each in bookings] == [
        (each.booked_on, each.amount) for each in exact
    ]
    for booking, drawn in zip(bookings, exact, strict=True):
        assert booking.box == pytest.approx(drawn.box, abs=6)
    assert items[-1] == Finding("scanned", scans(pages, pages))


def test_a_photo_held_sideways_at_no_measure_is_read_and_its_wrong_digit_flagged() -> None:
    (page,) = pictures(paper(DOUBTFUL), dpi=250)
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    held = page.convert("RGB").transpose(Image.Transpose.ROTATE_90)
    held.save(out := BytesIO(), "JPEG", exif=exif)
    items = in_parser_pool(PARSER_POOL, out.getvalue())
    bookings = [each for each in items if isinstance(each, Transaction)]
    assert [each.amount for each in bookings] == [28_000, -5_000]
    assert "running_balance" in {each.code for each in items if isinstance(each, Finding)}
    printed = [each for each in pdf.read(BytesIO(paper(DOUBTFUL))) if isinstance(each, Transaction)]
    for booking, exact in zip(bookings, printed, strict=True):
        assert booking.box is not None
        assert exact.box is not None
        assert booking.box[1:4] == pytest.approx(exact.box[1:4], abs=6)


def in_parser_pool(parser_pool: ParserPool, content: bytes) -> list[object]:
    """What the confined reader says of a file."""
    from tempfile import TemporaryFile

    with TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        return list(parser_pool.read(file))


@pytest.mark.parametrize(
    "kind",
    [
        *("phone photo", "fax 204 x 98"),
        *(pytest.param(each, marks=SELDOM) for each in ("askew 5 degrees", "upside down")),
    ],
)
def test_a_page_is_read_however_it_lies_and_without_a_second_reader(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    content, told = of_kind(kind, 7, LEADING)
    read = statements.assemble(parsers.read(BytesIO(content)), new_id())
    bookings = [(each.transaction.booked_on, each.transaction.amount) for each in read.transactions]
    assert bookings == list(told.bookings)
    assert [each.difference for each in read.statements] == [0]
    assert "doubtful_amount" not in {each.code for each in read.findings}


def test_boxes_of_a_page_upside_down_lie_on_the_ink() -> None:
    exact = [each for each in pdf.read(BytesIO(paper(ROWS))) if isinstance(each, Transaction)]
    page = picture(paper(ROWS))
    turned = in_pdf(page.transpose(Image.Transpose.ROTATE_180))
    found = [each for each in pdf.read(BytesIO(turned)) if isinstance(each, Transaction)]
    assert [each.amount for each in found] == [20_000, -5_000]
    for booking, drawn in zip(found, exact, strict=True):
        assert booking.box is not None
        assert drawn.box is not None
        _, left, top, right, bottom = drawn.box
        turned_box = (595.3 - right, 841.9 - bottom, 595.3 - left, 841.9 - top)
        assert booking.box[1:] == pytest.approx(turned_box, abs=3)


def test_an_amount_that_no_balance_proves_is_doubted_by_its_place() -> None:
    _, items = doubtful()
    assert [each.amount for each in items if isinstance(each, Transaction)] == [28_000, -5_000]
    assert "running_balance" in {each.code for each in items if isinstance(each, Finding)}
    (doubt,) = [
        each for each in items if isinstance(each, Finding) and each.code == "doubtful_amount"
    ]
    assert doubt.detail.en.startswith("Page 1:")
    assert "280,00" in doubt.detail.en


def test_without_its_reader_a_scan_says_that_scans_are_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recognition, "is_here", lambda: False)
    with pytest.raises(Unreadable, match="scans are not read here") as refusal:
        list(pdf.read(BytesIO(scan(paper(ROWS)))))
    assert refusal.value.code == "scans_not_read"


def test_a_ledger_says_where_its_running_balance_does_not_hold() -> None:
    company = make_company(1, months=1)
    content = scan(render(company, company.accounts[1], LEDGER), pages=1)
    codes = {each.code for each in pdf.read(BytesIO(content)) if isinstance(each, Finding)}
    assert "not_held_to_balances" in codes
