"""An underwriter sees a booking marked on the very page it was printed on."""

import pytest
from playwright.async_api import Browser, expect

from deploy.demo.pdf import pdf
from deploy.demo.sheets import LEDGER
from tests.bff.browsing import served, window
from tests.builders import House, company

pytestmark = pytest.mark.browser


async def test_a_booking_is_marked_on_its_page_and_the_mark_follows_the_selection(
    house: House, browser: Browser
) -> None:
    made = company()
    case_id = await house.case(
        await house.partner(), made, [pdf(made, each, LEDGER) for each in made.accounts]
    )
    uta = await house.person()
    async with (
        served(house.settings) as address,
        window(browser, address, "en-GB") as browser_window,
    ):
        page = browser_window.page
        await browser_window.sign_in(uta)
        await expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
        await page.goto(f"{address}/cases/{case_id}")
        await page.get_by_role("button", name="Did own payments bounce?").click()
        place = page.get_by_role("dialog").get_by_role("region", name="The place in the file")
        await expect(place.get_by_role("img")).to_be_visible()
        await expect(place).to_contain_text("Page ")
        await expect(place.get_by_role("img")).to_have_js_property("complete", True)
        sheet, mark = await place.get_by_role("img").bounding_box(), place.locator("mark")
        first, style = await mark.bounding_box(), await mark.get_attribute("style")
        assert sheet is not None
        assert first is not None
        assert sheet["x"] < first["x"]
        assert first["x"] + first["width"] < sheet["x"] + sheet["width"]
        assert 0.02 < first["height"] / first["width"] < 0.3
        await page.get_by_role("dialog").locator("tbody tr").nth(2).click()
        await expect(mark).not_to_have_attribute("style", str(style))
        assert browser_window.errors == []
