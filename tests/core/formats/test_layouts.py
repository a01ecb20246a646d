"""However a bank lays out its statement, the same is read from it; a browser typesets them all."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page

from core import statements
from core.formats import parsers
from core.ids import new_id
from tests.core.formats.typesetting import grouped, printed, printer
from tests.fonts import NARROW, USUAL, WIDE

FOLDER = Path(__file__).parent / "layouts"
ADDRESS = "<address>Muster Werkzeugbau GmbH<br>Am Hafen 12<br>20457 Musterstadt</address>"
ACCOUNT = "DE02120300000000202051"
BOOKINGS = [
    (date(2025, 12, 1), -310_00, "Stadtwerke Musterstadt AG"),
    (date(2025, 12, 2), 4_500_00, "Nordwind Handels GmbH"),
    (date(2025, 12, 5), -12_90, None),
]
NO_CURRENCY = ("balances_beside_titles", "text_in_columns")  # so that only the IBAN tells it
VALUED = [date(2025, 12, 1), date(2025, 12, 2), date(2025, 11, 30)]


fonts = pytest.mark.parametrize("font", [NARROW, USUAL, WIDE])


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page of a browser that prints."""
    with printer() as each:
        yield each


@fonts
@pytest.mark.parametrize("name", sorted(file.stem for file in FOLDER.glob("*.html")))
def test_a_layout_is_read_whatever_it_looks_like(page: Page, name: str, font: str) -> None:
    content = printed(
        page, (FOLDER / f"{name}.html").read_text().replace("{address}", ADDRESS), font
    )
    read = statements.assemble(parsers.read(BytesIO(content)), new_id())
    (statement,) = read.statements
    assert statement.statement.account.number == ACCOUNT
    assert statement.statement.account.holder in ("Muster Werkzeugbau GmbH", None)
    assert statement.statement.opening is not None
    assert statement.statement.closing is not None
    assert statement.statement.opening.amount == 12_345_67
    assert statement.statement.closing.amount == 16_522_77
    rows = [each.transaction for each in read.transactions]
    assert [(row.booked_on, row.amount, row.counterparty) for row in rows] == BOOKINGS
    if any(row.valued_on for row in rows):
        assert [row.valued_on for row in rows] == VALUED
    assert "Abschlag Strom" in rows[0].remittance
    assert "RE 2025-118" in rows[1].remittance
    assert all(row.box is not None and row.box.page == 1 for row in rows)
    assert [each.code for each in read.findings] == ["currency_by_country"] * (name in NO_CURRENCY)


@fonts
@pytest.mark.parametrize(
    ("name", "account", "currency", "days"),
    [
        ("british", "GB82WEST12345698765432", "GBP", (1, 2, 5)),
        ("american", "000012345678", "USD", (1, 15, 29)),
        ("swiss", "CH9300762011623852957", "CHF", (1, 2, 5)),
    ],
)
def test_a_statement_from_abroad_is_read(
    page: Page, font: str, name: str, account: str, currency: str, days: tuple[int, ...]
) -> None:
    content = printed(page, (FOLDER / "abroad" / f"{name}.html").read_text(), font)
    read = statements.assemble(parsers.read(BytesIO(content)), new_id())
    (statement,) = read.statements
    bank_account = statement.statement.account
    assert (bank_account.number, bank_account.currency, bank_account.holder) == (
        account,
        currency,
        "Sample Tools Ltd",
    )
    assert statement.difference == 0
    rows = [(each.transaction.booked_on, each.transaction.amount) for each in read.transactions]
    amounts = [amount for _, amount, _ in BOOKINGS]
    assert rows == [(date(2025, 12, day), each) for day, each in zip(days, amounts, strict=True)]
    assert not read.findings


@fonts
@pytest.mark.parametrize("count", [17, 120])
def test_a_table_is_read_to_its_last_page_however_little_is_on_it(
    page: Page, font: str, count: int
) -> None:
    amounts = [(-1) ** at * (at * 7_919 % 100_000 + 1) for at in range(count)]
    rows, balance = [f"<tr><td>01.12.2025<td>Saldovortrag<td><td class=r>{euros(0)}"], 0
    for amount in amounts:
        balance += amount
        text = "Gutschrift<br>Nordwind Handels GmbH<br>RE 2025"
        cells = f"<td class=r>{euros(amount)}<td class=r>{euros(balance)}"
        rows.append(f"<tr style='break-inside: avoid'><td>02.12.2025<td>{text}{cells}")
    rows.append(f"<tr><td>31.12.2025<td>Endsaldo<td><td class=r>{euros(balance)}")
    head = "<thead><tr><th>Buchung<th>Text<th class=r>Betrag EUR<th class=r>Saldo EUR</thead>"
    content = printed(page, f"<p>IBAN {ACCOUNT}</p><table>{head}{''.join(rows)}</table>", font)
    read = statements.assemble(parsers.read(BytesIO(content)), new_id())
    assert [each.transaction.amount for each in read.transactions] == amounts
    assert [each.difference for each in read.statements] == [0]
    assert not read.findings


def euros(cents: int) -> str:
    """An amount as Germans print it."""
    return f"{'-' if cents < 0 else ''}{grouped(cents)}"
