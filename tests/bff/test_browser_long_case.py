"""A case of more documents than are shown at once, in a real browser."""

from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Browser, Route, expect

from tests.bff.browsing import served, window
from tests.bff.test_long_case import long_case
from tests.builders import House, company, statements

pytestmark = pytest.mark.browser
RENAME = "UPDATE document SET filename = $3 WHERE application_id = $1 AND filename = $2"


async def test_what_was_asked_for_beyond_the_first_keeps_up_with_the_case(
    house: House, browser: Browser, tmp_path: Path
) -> None:
    case_id, uta, file = await long_case(house), await house.person(), tmp_path / "again.xml"
    file.write_bytes(statements(company(3, months=3))[0])

    async def away(route: Route) -> None:
        await route.abort()

    async with served(house.settings) as address, window(browser, address, "en-GB") as view:
        page = view.page
        await view.sign_in(uta)
        await page.goto(f"{address}/cases/{case_id}?tab=documents")
        await expect(page.get_by_text("The first 500 of")).to_be_visible()
        await page.route("**/documents?after=*", away)
        await page.get_by_role("button", name="Show more").click()
        await expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
        await page.unroute("**/documents?after=*")
        await page.get_by_role("button", name="Show more").click()
        await expect(page.get_by_text("The first 1000 of")).to_be_visible()
        last = await page.get_by_text("more-", exact=False).last.text_content()
        async with house.db.pool.lease() as connection:
            await connection.execute(RENAME, UUID(case_id), last, "renamed.xml")
        await page.locator("input[type=file]").set_input_files(file)  # which is there
        await expect(page.get_by_text("renamed.xml")).to_be_visible()
