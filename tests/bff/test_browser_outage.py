"""A server that cannot be reached: it is said, nothing is lost, and all goes on by itself."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Route, expect

from tests.bff.browsing import served, window
from tests.builders import House, company, statements

pytestmark = pytest.mark.browser
STALE = "No connection to the server."


@pytest.mark.parametrize("how", ["offline", "503"])
async def test_what_may_be_out_of_date_is_told_until_the_server_is_back(
    house: House, browser: Browser, how: str
) -> None:
    uta = await house.person()
    await (await house.partner()).submit()

    async def away(route: Route) -> None:
        await (route.abort() if how == "offline" else route.fulfill(status=503, body="away"))

    async with (
        served(house.settings) as address,
        window(browser, address, "en-GB") as browser_window,
    ):
        page = browser_window.page
        await browser_window.sign_in(uta)
        await page.get_by_role("row", name="Muster Werkzeugbau GmbH").click()
        await expect(page.get_by_role("heading", name="Muster Werkzeugbau")).to_be_visible()
        await page.route("**/bff/**", away)
        await expect(page.get_by_role("status")).to_contain_text(STALE)
        await expect(page.get_by_role("heading", name="Muster Werkzeugbau")).to_be_visible()
        await page.get_by_role("link", name="Back to the inbox").click()
        await page.goto(f"{address}/usage")
        await expect(page.get_by_text("That did not work")).to_be_visible()
        await page.unroute("**/bff/**")
        await page.get_by_role("button", name="Try again").click()
        await page.get_by_role("link", name="Inbox").first.click()
        await expect(page.get_by_role("row", name="Muster Werkzeugbau GmbH")).to_be_visible()
        await expect(page.get_by_text(STALE)).to_have_count(0)


async def test_what_became_of_a_file_is_still_said_after_another_tab_was_looked_at(
    house: House, tmp_path: Path, browser: Browser
) -> None:
    uta, _ = await house.person(), await (await house.partner()).submit()
    file = tmp_path / "Kontoauszug.xml"
    file.write_bytes(statements(company(months=3))[0])

    async def full(route: Route) -> None:
        await route.fulfill(status=503, json={"error": {"code": "away", "message": "Away."}})

    async with (
        served(house.settings) as address,
        window(browser, address, "en-GB") as browser_window,
    ):
        page = browser_window.page
        await browser_window.sign_in(uta)
        await page.get_by_role("row", name="Muster Werkzeugbau GmbH").click()
        await page.get_by_role("tab", name="Documents").click()
        await page.route("**/documents?filename=**", full)
        await page.locator("input[type=file]").set_input_files(file)
        await expect(page.get_by_text("Kontoauszug.xml was not taken")).to_be_visible()
        await page.get_by_role("tab", name="History").click()
        await page.get_by_role("tab", name="Documents").click()
        await expect(page.get_by_text("Kontoauszug.xml was not taken")).to_be_visible()
        await page.unroute("**/documents?filename=**")
        await page.locator("input[type=file]").set_input_files(file)
        await expect(page.get_by_role("row", name="Kontoauszug.xml")).to_be_visible()
        await page.locator("input[type=file]").set_input_files(file)
        known = "Kontoauszug.xml is among the documents already; nothing was added."
        await expect(page.get_by_text(known)).to_be_visible()


async def test_what_a_click_did_not_bring_about_is_said(
    house: House, tmp_path: Path, browser: Browser
) -> None:
    uta, case_id = await house.person(), await house.case(await house.partner(), company(months=3))
    empty, gone = tmp_path / "leer.pdf", tmp_path / "verschoben.pdf"
    empty.write_bytes(b"")
    gone.write_bytes(b"%PDF-1.7 to be moved")

    async def away(route: Route) -> None:
        await route.abort()

    async def moved(route: Route) -> None:
        gone.unlink()
        await route.abort()

    async with (
        served(house.settings) as address,
        window(browser, address, "en-GB") as browser_window,
    ):
        page, alerts = browser_window.page, browser_window.page.get_by_role("alert")
        await browser_window.sign_in(uta)
        await page.goto(f"{address}/cases/{case_id}?tab=documents")
        chooser = page.locator("input[type=file]")
        await page.route("**/documents?filename=verschoben**", moved)
        await chooser.set_input_files([empty, gone])
        await expect(alerts.filter(has_text="leer.pdf")).to_contain_text("The file is empty.")
        await expect(alerts.filter(has_text="verschoben.pdf")).to_contain_text("choose it again")
        await expect(chooser).to_have_value("")  # else choosing the same file again does nothing
        await page.route("**/bff/**", away)
        await page.get_by_role("button", name="Download").first.click()
        await expect(alerts.filter(has_text="was not saved")).to_contain_text("cannot be reached")
        await page.get_by_role("button", name=uta.name).click()
        await page.get_by_role("menuitem", name="Sign out").click()
        await expect(alerts.filter(has_text="You are still signed in")).to_be_visible()
        await page.unroute("**/bff/**")
        await page.get_by_role("button", name=uta.name).click()
        await page.get_by_role("menuitem", name="Sign out").click()
        await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
