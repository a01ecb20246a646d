"""An underwriter's way through a case, in both languages, in a real browser."""

from playwright.async_api import Page, expect
import pytest

from tests.bff.browsing import chromium, served, window
from tests.builders import House, company

pytestmark = pytest.mark.browser


async def test_shots(house: House) -> None:
    import os
    firm = company()
    partner = await house.partner()
    await house.case(partner, firm)
    for n in range(2, 5):
        await house.case(partner, company(n, 14))
    await partner.submit()
    uta = await house.person()
    async with chromium() as browser, served(house.settings) as address:
        async with window(browser, address, "en-GB") as w:
            g = w.page
            async def shot(name: str) -> None:
                await g.wait_for_timeout(500)
                await g.screenshot(path=f"/tmp/r_{name}.png")
            await w.sign_in(uta)
            await g.get_by_role("heading", name="Inbox").wait_for()
            await shot("inbox")
            await g.get_by_role("row", name="DEMO-1").click()
            await g.get_by_role("tab", name="Answers").wait_for()
            await shot("answers")
            await g.get_by_role("button", name="own payments").click()
            await shot("drawer")
            await g.keyboard.press("Escape")
            await g.wait_for_timeout(300)
            for t in ("Figures", "Statements", "Documents", "History"):
                await g.get_by_role("tab", name=t).click()
                await shot(t)
            await g.get_by_title("German").click()
            await g.get_by_role("tab", name="Antworten").click()
            await g.set_viewport_size({"width": 1440, "height": 1700})
            await shot("de")
            print(w.errors)
