"""The web app for those who do not see it, or see it on a small screen."""

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bff.static import DIST
from deploy.demo.pdf import pdf
from deploy.demo.sheets import LEDGER
from tests.bff.browsing import served, window
from tests.builders import House, company

pytestmark = pytest.mark.browser
AXE = DIST.parent / "node_modules" / "axe-core" / "axe.min.js"
RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands, with the places."""
    await page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = await page.evaluate(RUN)
    return [f"{each['id']}: {[node['html'][:150] for node in each['nodes']]}" for each in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_has_names_and_contrast(
    house: House, browser: Browser, scheme: Any
) -> None:
    uta, partner = await house.person(), await house.partner()
    case_id = await house.case(partner, company())
    for number in range(60):  # more than a page of the inbox
        await partner.submit(applicant={"legal_name": f"Alpha {number} GmbH", "country": "DE"})
    lacking = await house.case(partner, company(months=3))  # newest: the inbox begins with it
    async with (
        served(house.settings) as address,
        window(browser, address, "en-GB") as browser_window,
    ):
        page = browser_window.page
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await page.goto(address)
        await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        found = await violations(page)
        await browser_window.fill(uta)
        await expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
        await expect(page.get_by_role("row", name="Alpha").first).to_be_visible()
        found += await violations(page)
        for tab in ("answers", "figures", "statements", "documents", "history"):
            await page.goto(f"{address}/cases/{case_id}?tab={tab}")
            await expect(page.get_by_role("tabpanel")).to_be_visible()
            found += await violations(page)
        await page.goto(f"{address}/cases/{lacking}")
        await expect(page.get_by_text("Needs documents")).to_be_visible()
        found += await violations(page)
        await page.goto(f"{address}/cases/{case_id}?figure=monthly_revenue")
        await expect(page.get_by_role("dialog").locator("tbody tr").first).to_be_visible()
        found += await violations(page)
        await page.goto(f"{address}/cases/{case_id}")
        await page.get_by_role("button", name="Decide").click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        found += await violations(page)
        await page.goto(f"{address}/usage")
        await expect(page.get_by_role("heading").first).to_be_visible()
        found += await violations(page)
    assert found == []


async def test_a_small_screen_shows_all_of_it_without_moving_sideways(
    house: House, browser: Browser
) -> None:
    uta, case_id = await house.person(), await house.case(await house.partner(), company())
    async with (
        served(house.settings) as address,
        window(browser, address, "en-GB") as browser_window,
    ):
        page = browser_window.page
        await page.set_viewport_size({"width": 360, "height": 740})
        await browser_window.sign_in(uta)
        await expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
        wider, unreached = {"inbox": await page.evaluate(WIDER)}, list[str]()
        for tab in ("answers", "figures", "statements", "documents", "history"):
            await page.goto(f"{address}/cases/{case_id}?tab={tab}")
            await expect(page.get_by_role("tabpanel")).to_be_visible()
            wider[tab] = await page.evaluate(WIDER)
            unreached += await violations(page)
        await page.goto(f"{address}/usage")
        await expect(page.get_by_role("heading").first).to_be_visible()
        wider["usage"] = await page.evaluate(WIDER)
        assert {name: by for name, by in wider.items() if by > 0} == {}
        assert unreached == []  # what is moved within its frame is moved by the keyboard too
        await page.goto(f"{address}/cases/{case_id}?figure=monthly_revenue")
        close = page.get_by_role("dialog").get_by_role("button", name="Close")
        await expect(close).to_be_in_viewport()
        await expect(page.get_by_role("region", name="The place in the file")).to_be_in_viewport()


async def test_on_a_laptop_the_booking_is_where_one_looks(house: House, browser: Browser) -> None:
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
        await page.set_viewport_size({"width": 1280, "height": 640})
        await browser_window.sign_in(uta)
        await expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
        await page.goto(f"{address}/cases/{case_id}?figure=monthly_revenue")
        rows = page.get_by_role("dialog").locator("tbody tr")
        mark = page.get_by_role("dialog").locator("mark")
        for number in (0, 7, 3):
            await rows.nth(number).click()
            await expect(mark).to_be_in_viewport(ratio=0.9)
