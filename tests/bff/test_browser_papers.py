"""What a paper that is no statement says, and where it says so, in a real browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, expect

from core import users
from deploy.demo.bill import make_bill
from deploy.demo.bill_xml import cii
from deploy.demo.papers import register_extract, zugferd
from tests.bff.browsing import served, window
from tests.builders import House, company

pytestmark = pytest.mark.browser
FIRM = company(1, months=1)
BILL = make_bill(FIRM)


@asynccontextmanager
async def documents_of(
    house: House, browser: Browser, case_id: str, locale: str
) -> AsyncIterator[Page]:
    """The page of a case's documents, as somebody of that language sees it; without an error."""
    uta = await house.person()
    await house.db.write(lambda tx: users.set_locale(tx, uta, locale[:2]))
    async with (
        served(house.settings) as address,
        window(browser, address, locale) as browser_window,
    ):
        await browser_window.sign_in(uta, locale[:2])
        await expect(browser_window.page.get_by_role("row", name=FIRM.cast.name)).to_be_visible()
        await browser_window.page.goto(f"{address}/cases/{case_id}?tab=documents")
        yield browser_window.page
        assert browser_window.errors == []


@pytest.mark.parametrize(
    ("locale", "kind", "gross", "place"),
    [
        ("en-GB", "Invoice", "Gross amount", "The place in the file"),
        ("de-DE", "Rechnung", "Bruttobetrag", "Die Stelle in der Datei"),
    ],
)
async def test_a_fact_leads_to_the_place_that_says_it(
    house: House, browser: Browser, locale: str, kind: str, gross: str, place: str
) -> None:
    partner = await house.partner()
    case_id = await partner.submit(**FIRM.application())
    for content in (zugferd(BILL), cii(BILL), register_extract(FIRM)):
        await partner.upload(case_id, content, f"{len(content)}.bin")
    await house.work()
    async with documents_of(house, browser, case_id, locale) as page:
        rows = page.locator("tbody tr").filter(has_text=BILL.number)
        await expect(rows).to_have_count(2)
        await expect(rows.first).to_contain_text(kind)
        await expect(page.locator("tbody tr").nth(2)).to_contain_text("Handelsregister B")
        for row, marked_text in ((rows.first, None), (rows.nth(1), "GrandTotalAmount")):
            await row.get_by_role("button", name=BILL.number).click()
            drawer = page.get_by_role("dialog")
            await drawer.get_by_role("button", name=gross).click()
            mark = drawer.get_by_role("region", name=place).locator("mark")
            await expect(mark).to_be_visible()
            if marked_text:
                await expect(mark).to_contain_text(marked_text)
            await page.keyboard.press("Escape")
            await expect(drawer).to_be_hidden()


@pytest.mark.parametrize(
    ("locale", "title", "reason"),
    [
        ("en-GB", "Format not known", "This file is not a bank statement in a format that is read"),
        ("de-DE", "Format nicht bekannt", "Diese Datei ist kein Kontoauszug in einem Format"),
    ],
)
async def test_why_a_file_is_refused_is_told_in_the_language_of_who_looks(
    house: House, browser: Browser, locale: str, title: str, reason: str
) -> None:
    partner = await house.partner()
    case_id = await partner.submit(**FIRM.application())
    await partner.upload(case_id, b"Dear Sir or Madam", "letter.txt")
    await house.work()
    async with documents_of(house, browser, case_id, locale) as page:
        row = page.locator("tbody tr").filter(has_text="letter.txt")
        await expect(row).to_contain_text(reason)
        await expect(row).to_contain_text(title)
