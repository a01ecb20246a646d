"""An underwriter lets another holder's account in, in a real browser."""

import pytest
from playwright.async_api import Browser, Route, expect

from tests.bff.browsing import served, window
from tests.builders import House, company, statements

pytestmark = pytest.mark.browser


async def test_an_account_is_let_in_with_a_reason_and_the_answers_follow(
    house: House, browser: Browser
) -> None:
    partner, uta, stranger = await house.partner(), await house.person(), company(seed=19, months=3)
    own = company(months=3)
    case_id = await house.case(partner, own, [*statements(own), *statements(stranger)])
    async with served(house.settings) as address, window(browser, address, "en-GB") as view:
        page = view.page
        await view.sign_in(uta)
        await page.goto(f"{address}/cases/{case_id}")
        await expect(page.get_by_text("Provisional").first).to_be_visible()
        await page.get_by_role("tab", name="Statements").click()
        account = page.get_by_role("region", name=stranger.accounts[0].iban)
        await expect(account.get_by_text("Not counted in figures and answers")).to_be_visible()
        await account.get_by_role("button", name="Let in").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_role("button", name="Close")).to_be_visible()
        await dialog.get_by_role("button", name="Let in").click()
        await expect(dialog.get_by_text("Say why.")).to_be_visible()
        await dialog.get_by_label("Reason").fill("Cash pooling of the group.")
        await dialog.get_by_role("button", name="Let in").click()
        await expect(dialog).to_be_hidden()
        await house.work()
        await expect(account.get_by_text("Counted, though held by another")).to_be_visible()
        await expect(account.get_by_text("Cash pooling of the group.")).to_be_visible()
        await page.get_by_role("tab", name="History").click()
        await expect(page.get_by_text("let in the account")).to_be_visible()
    assert view.errors == []


async def test_it_is_said_where_what_was_ruled_could_not_be_taken_back(
    house: House, browser: Browser
) -> None:
    partner, uta, stranger = await house.partner(), await house.person(), company(seed=19, months=3)
    case_id = await house.case(partner, company(months=3), statements(stranger)[:1])

    async def moved_on(route: Route) -> None:
        error = {"code": "case_changed", "message": "It has changed."}
        await route.fulfill(status=409, json={"error": error})

    async with served(house.settings) as address, window(browser, address, "en-GB") as view:
        page = view.page
        await view.sign_in(uta)
        await page.goto(f"{address}/cases/{case_id}?tab=statements")
        await page.get_by_role("button", name="Leave out").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Reason").fill("Of a neighbour.")
        await dialog.get_by_role("button", name="Leave out").click()
        await expect(dialog).to_be_hidden()
        await page.route("**/bff/cases/*/accounts", moved_on)
        await page.get_by_role("button", name="Take back").click()
        await expect(page.get_by_role("alert")).to_contain_text("please look again")
