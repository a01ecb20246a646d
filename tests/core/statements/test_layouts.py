"""However a bank lays out its statement, the same is read from it; a browser typesets them all."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from core import statements
from core.ids import new_id
from tests.browser import locate

FOLDER = Path(__file__).parent / "layouts"
STYLE = """<meta charset="utf-8"><style>
body { font: 9pt sans-serif; margin: 0 }
h1 { font-size: 14pt }
address { margin: 12mm 0; font-style: normal }
table { border-collapse: collapse; width: 100% }
td, th { padding: 2px 4px; vertical-align: top; text-align: left; font-weight: normal }
th { border-bottom: 1px solid }
.r { text-align: right; white-space: nowrap }
@page { size: A4; margin: 18mm 15mm }
</style>"""
ADDRESS = "<address>Muster Werkzeugbau GmbH<br>Am Hafen 12<br>20457 Musterstadt</address>"
ACCOUNT = "DE02120300000000202051"
BOOKINGS = [
    (date(2025, 12, 1), -310_00, "Stadtwerke Musterstadt AG"),
    (date(2025, 12, 2), 4_500_00, "Nordwind Handels GmbH"),
    (date(2025, 12, 5), -12_90, None),
]
VALUED = [date(2025, 12, 1), date(2025, 12, 2), date(2025, 11, 30)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that prints."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=locate(), args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.mark.parametrize("name", sorted(file.stem for file in FOLDER.glob("*.html")))
def test_a_layout_is_read_whatever_it_looks_like(browser: Browser, name: str) -> None:
    page = browser.new_page()
    page.set_content(STYLE + (FOLDER / f"{name}.html").read_text().replace("{address}", ADDRESS))
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    read = statements.understand(BytesIO(printed), new_id())
    (statement,) = read.statements
    assert statement.said.account.number == ACCOUNT
    assert statement.said.account.holder in ("Muster Werkzeugbau GmbH", None)
    assert statement.said.opening is not None
    assert statement.said.closing is not None
    assert statement.said.opening.amount == 12_345_67
    assert statement.said.closing.amount == 16_522_77
    rows = [each.said for each in read.transactions]
    assert [(row.booked_on, row.amount, row.counterparty) for row in rows] == BOOKINGS
    if any(row.valued_on for row in rows):
        assert [row.valued_on for row in rows] == VALUED
    assert "Abschlag Strom" in rows[0].remittance
    assert "RE 2025-118" in rows[1].remittance
    assert all(row.box is not None and row.box.page == 1 for row in rows)
    assert not read.findings
