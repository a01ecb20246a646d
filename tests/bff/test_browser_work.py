"""What makes a working day pleasant: uploads that show, keys that move, nothing typed is lost."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Route, expect

from tests.bff.browsing import served, window
from tests.builders import House, company, statements

pytestmark = pytest.mark.browser


def same(saved: Path, sent: Path) -> bool:
    """Whether the browser saved exactly what was sent."""
    return saved.read_bytes() == sent.read_bytes()


async def test_an_upload_shows_and_its_answers_arrive_by_themselves(
    house: House, tmp_path: Path, browser: Browser
) -> None:
    uta, case_id = await house.person(), await (await house.partner()).submit()
    file = tmp_path / "Kontoauszug.xml"
    file.write_bytes(statements(company(months=3))[0])
    async with (
        served(house.settings) as address,
        window(browser, address, "en-GB") as browser_window,
    ):
        page = browser_window.page
        await browser_window.sign_in(uta)
        await page.get_by_role("row", name="Muster Werkzeugbau GmbH").click()
        await expect(page.get_by_text("No answers yet")).to_be_visible()
        await page.get_by_role("tab", name="Documents").click()
        await page.locator("input[type=file]").set_input_files(file)
        row = page.get_by_role("row", name="Kontoauszug.xml")
        await expect(row).to_contain_text("Waiting")
        await house.work()
        await expect(row.get_by_text("Read", exact=True)).to_be_visible()
        async with page.expect_download() as saving:
            await row.get_by_role("button", name="Download Kontoauszug.xml").click()
        assert same(await (await saving.value).path(), file)
        await page.get_by_role("tab", name="Answers").click()
        await expect(page.get_by_text("Are the statements complete?")).to_be_visible()
        assert page.url == f"{address}/cases/{case_id}"
        assert browser_window.errors == []


async def test_the_inbox_is_worked_by_keyboard(house: House, browser: Browser) -> None:
    partner, uta = await house.partner(), await house.person()
    for name in ("Alpha GmbH", "Beta GmbH", "Gamma GmbH"):
        await partner.submit(applicant={"legal_name": name, "country": "DE"})
    async with (
        served(house.settings) as address,
        window(browser, address, "en-GB") as browser_window,
    ):
        page = browser_window.page
        await browser_window.sign_in(uta)
        await expect(page.get_by_role("row")).to_have_count(4)
        await page.keyboard.press("/")
        await page.keyboard.type("a GmbH")
        await expect(page).to_have_url(f"{address}/?q=a+GmbH")
        await page.keyboard.press("Escape")
        await page.get_by_role("heading", name="Inbox").click()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Beta GmbH")).to_be_visible()


async def test_a_new_contract_reloads_once_and_keeps_what_is_half_typed(
    house: House, browser: Browser
) -> None:
    uta = await house.person()
    await house.case(await house.partner(), company(months=3))
    loads = 0

    async def replaced(route: Route) -> None:
        await route.fulfill(status=409, json={"reload": True})

    async with (
        served(house.settings) as address,
        window(browser, address, "en-GB") as browser_window,
    ):
        page = browser_window.page
        await browser_window.sign_in(uta)
        await page.get_by_role("row", name="DEMO-1").click()
        await page.get_by_role("button", name="Decide").click()
        await page.get_by_role("button", name="Continue").click()
        await expect(page.get_by_role("alert")).to_have_text("Choose an outcome.")
        await page.get_by_text("Approve", exact=True).click()
        await page.get_by_label("Note", exact=True).fill("Half a sentence")

        def count() -> None:
            nonlocal loads
            loads += 1

        page.on("load", lambda _: count())
        await page.route("**/bff/cases/*/decision", replaced)
        await page.get_by_label("Known customer").check()
        await page.get_by_role("button", name="Continue").click()
        await page.get_by_role("button", name="Approve now").click()
        await expect(page.get_by_role("button", name="Approve now")).to_be_hidden()
        await page.get_by_role("button", name="Decide").click()
        await expect(page.get_by_label("Note", exact=True)).to_have_value("Half a sentence")
        await expect(page.get_by_label("Known customer")).to_be_checked()
        await page.get_by_role("button", name="Continue").click()
        await page.get_by_role("button", name="Approve now").click()
        await expect(page.get_by_role("alert")).to_contain_text("new version")
        assert loads == 1


async def test_the_language_stays_with_the_person(house: House, browser: Browser) -> None:
    uta = await house.person()
    async with served(house.settings) as address:
        async with window(browser, address, "en-GB") as browser_window:
            await browser_window.sign_in(uta)
            await expect(browser_window.page.get_by_role("heading", name="Inbox")).to_be_visible()
            async with browser_window.page.expect_response("**/bff/session"):
                await browser_window.page.get_by_title("German").click()
            await expect(browser_window.page.get_by_role("heading", name="Eingang")).to_be_visible()
        async with window(browser, address, "en-GB") as elsewhere:
            await elsewhere.sign_in(uta)
            await expect(elsewhere.page.get_by_role("heading", name="Eingang")).to_be_visible()
        async with window(browser, address, "de-DE") as chosen:
            await chosen.page.goto(address)
            await chosen.page.get_by_title("Englisch").click()
            await chosen.fill(uta)
            await expect(chosen.page.get_by_role("heading", name="Inbox")).to_be_visible()


async def test_a_wrong_password_is_told_and_an_unknown_case_as_well(
    house: House, browser: Browser
) -> None:
    uta = await house.person()
    async with (
        served(house.settings) as address,
        window(browser, address, "en-GB") as browser_window,
    ):
        page = browser_window.page
        await page.goto(f"{address}/cases/01a20bcf-68b4-77c5-bab0-03016ef9e8c7")
        await page.get_by_label("Email").fill(uta.email)
        await page.get_by_label("Password", exact=True).fill("guess")
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_role("alert")).to_have_text("Email and password do not match.")
        await browser_window.sign_in(uta)
        await expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
        await page.goto(f"{address}/cases/01a20bcf-68b4-77c5-bab0-03016ef9e8c7")
        await expect(page.get_by_role("alert")).to_contain_text("no such page or case")


async def test_a_session_that_ends_asks_to_sign_in_and_loses_nothing(
    house: House, browser: Browser
) -> None:
    uta = await house.person()
    await house.case(await house.partner(), company(months=3))
    async with (
        served(house.settings) as address,
        window(browser, address, "en-GB") as browser_window,
    ):
        page = browser_window.page
        await browser_window.sign_in(uta)
        await page.get_by_role("row", name="DEMO-1").click()
        await page.get_by_role("button", name="Decide").click()
        await page.get_by_label("Note", exact=True).fill("Half a sentence")
        await page.keyboard.press("Escape")
        await page.context.clear_cookies()
        await page.get_by_role("button", name="How much revenue comes in a month?").click()
        await expect(page.get_by_label("Password", exact=True)).to_be_visible()
        await browser_window.fill(uta)
        await page.get_by_role("dialog").get_by_role("button", name="Close").click()
        await page.get_by_role("button", name="Decide").click()
        await expect(page.get_by_label("Note", exact=True)).to_have_value("Half a sentence")


async def test_test_cases_are_looked_at_on_purpose_and_marked(
    house: House, browser: Browser
) -> None:
    uta, real = await house.person(), await house.partner("Makler Nord")
    await real.submit(applicant={"legal_name": "Echt GmbH", "country": "DE"})
    made_up = await house.partner("Neuling", test=True)
    await made_up.submit(applicant={"legal_name": "Probe GmbH", "country": "DE"})
    async with (
        served(house.settings) as address,
        window(browser, address, "en-GB") as browser_window,
    ):
        page = browser_window.page
        await browser_window.sign_in(uta)
        await expect(page.get_by_role("row", name="Echt GmbH")).to_be_visible()
        await expect(page.get_by_role("row", name="Probe GmbH")).not_to_be_visible()
        await page.get_by_role("switch", name="Sandbox").click()
        await expect(page.get_by_role("row", name="Echt GmbH")).not_to_be_visible()
        await expect(page.get_by_role("alert")).to_contain_text("None is real")
        await page.get_by_role("link", name="Probe GmbH").click()
        await expect(page.get_by_text("Sandbox", exact=True)).to_be_visible()
        await page.get_by_role("link", name="Back to the inbox").click()
        await expect(page.get_by_role("row", name="Probe GmbH")).to_be_visible()
        assert browser_window.errors == []
