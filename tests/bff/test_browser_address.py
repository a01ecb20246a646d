"""Where one is in the web app stands in its address: it can be shared, and Back goes back."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.bff.browsing import served, window
from tests.builders import House, company

pytestmark = pytest.mark.browser


async def test_what_an_answer_rests_on_has_an_address_and_back_closes_it(
    house: House, browser: Browser
) -> None:
    uta, case_id = await house.person(), await house.case(await house.partner(), company())
    async with (
        served(house.settings) as address,
        window(browser, address, "en-GB") as browser_window,
    ):
        page = browser_window.page
        await browser_window.sign_in(uta)
        await expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
        await page.goto(f"{address}/cases/{case_id}")
        await page.get_by_role("button", name="Did own payments bounce?").click()
        drawer = page.get_by_role("dialog")
        await drawer.locator("tbody tr").nth(2).click()
        await expect(page).to_have_url(re.compile("answer=.*booking="))
        shared = page.url
        await page.go_back()
        await expect(drawer).to_be_hidden()
        await expect(page).to_have_url(f"{address}/cases/{case_id}")
        await page.goto(shared)
        third = drawer.locator("tbody tr").nth(2)
        await expect(third).to_have_attribute("aria-selected", "true")
        await drawer.get_by_role("button", name="Close").click()
        await expect(drawer).to_be_hidden()
        await expect(page).to_have_url(f"{address}/cases/{case_id}")
        assert browser_window.errors == []


async def test_an_answer_that_rests_on_statements_leads_to_where_these_stand(
    house: House, browser: Browser
) -> None:
    uta, case_id = await house.person(), await house.case(await house.partner(), company())
    async with (
        served(house.settings) as address,
        window(browser, address, "en-GB") as browser_window,
    ):
        page = browser_window.page
        await page.set_viewport_size({"width": 1280, "height": 420})
        await browser_window.sign_in(uta)
        await expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
        await page.goto(f"{address}/cases/{case_id}?tab=figures")
        await page.get_by_role("button", name="statement").last.click()
        await expect(page.locator("tr[data-marked]").first).to_be_in_viewport()


async def test_back_to_the_inbox_is_back_to_the_same_filter_and_page(
    house: House, browser: Browser
) -> None:
    partner, uta = await house.partner(), await house.person()
    for name in ("Alpha GmbH", "Beta GmbH"):
        await partner.submit(applicant={"legal_name": name, "country": "DE"})
    async with (
        served(house.settings) as address,
        window(browser, address, "en-GB") as browser_window,
    ):
        page = browser_window.page
        await browser_window.sign_in(uta)
        await page.get_by_role("button", name="Received").click()
        await page.get_by_label("Applicant or reference").fill("Beta")
        await expect(page.get_by_role("row")).to_have_count(2)
        await page.get_by_role("row", name="Beta GmbH").click()
        await page.get_by_role("tab", name="Documents").click()
        await page.get_by_role("link", name="Back to the inbox").click()
        await expect(page).to_have_url(f"{address}/?status=received&q=Beta")


async def test_what_is_no_page_says_so_in_the_web_app(house: House, browser: Browser) -> None:
    uta, case_id = await house.person(), await (await house.partner()).submit()
    async with (
        served(house.settings) as address,
        window(browser, address, "en-GB") as browser_window,
    ):
        page = browser_window.page
        await browser_window.sign_in(uta)
        await expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
        await page.goto(f"{address}/cases/{case_id}/?tab=documents")
        await expect(page).to_have_url(f"{address}/cases/{case_id}?tab=documents")
        await expect(page.get_by_text("No documents yet")).to_be_visible()
        answer = await page.goto(f"{address}/no/such/page")
        assert answer is not None
        assert answer.status == 404
        await expect(page.get_by_text("There is no such page or case.")).to_be_visible()
        await page.goto(f"{address}//elsewhere.example/")
        assert page.url == f"{address}/elsewhere.example"
