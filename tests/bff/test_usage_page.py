"""The page of usage: who calls which operation of which version, by day and by app build."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, expect

from core import users
from core.query import Query
from tests.bff.browsing import served, window
from tests.bff.conftest import Screen
from tests.builders import House, Partner

AGE = Query("UPDATE usage SET day = day - $1::int", ("days",), {})
APP = {"App-Version": "ios/3.2.1"}


async def called(house: House) -> tuple[Partner, Partner]:
    """Two partners: one called v1 four days ago and v2 since, the other only v2."""
    north, south = await house.partner("Makler Nord"), await house.partner("Makler Süd")
    for _ in range(3):
        await north.get("/v1/applications")
    await house.flush_usage()
    await house.db.write(lambda tx: tx.run(AGE, days=4))
    await north.http.get("/v2/applications?colour=red", headers=APP)
    for _ in range(2):
        await south.submit()
    await house.flush_usage()
    return north, south


def shown_rows(usage: Any) -> list[tuple[Any, ...]]:
    """The rows as a person reads them."""
    names = ("partner", "version", "operation", "build", "calls")
    return [tuple(row[name] for name in names) for row in usage["rows"]]


BUILD = f"httpx/{httpx.__version__}"
OLD = ("Makler Nord", "v1", "listApplications", BUILD, 3)
NEW = ("Makler Süd", "v2", "submitApplication", BUILD, 2)
IN_THE_APP = ("Makler Nord", "v2", "listApplications", "ios/3.2.1", 1)

ODD = {
    "partner": "Makler Nord",
    "sandbox": False,
    "version": "v2",
    "operation": "listApplications",
    "irregularity": "unknown_parameter",
    "calls": 1,
}


async def test_it_says_who_called_what_and_when(house: House, uta: Screen) -> None:
    north, _ = await called(house)
    today = datetime.now(UTC).date()
    usage = await uta.get("/bff/usage?days=7")
    assert usage["versions"] == ["v1", "v2"]
    assert [(each["name"], each["calls"]) for each in usage["partners"]] == [
        ("Makler Nord", {"v1": 3, "v2": 1}),
        ("Makler Süd", {"v2": 2}),
    ]
    assert [(day["day"], day["calls"]) for day in usage["days"]] == [
        (str(today - timedelta(days=back)), {4: {"v1": 3}, 0: {"v2": 3}}.get(back, {}))
        for back in range(6, -1, -1)
    ]
    assert shown_rows(usage) == [OLD, NEW, IN_THE_APP]
    (odd,) = usage["irregular"]
    assert tuple(odd[name] for name in ODD) == tuple(ODD.values())
    assert (await uta.get("/bff/usage?version=v1"))["irregular"] == []
    for narrowed, rows in (
        (f"partner={north.client_id}", [OLD, IN_THE_APP]),
        ("version=v2", [NEW, IN_THE_APP]),
        (f"day={today}", [NEW, IN_THE_APP]),
        (f"day={today}&partner={north.client_id}", [IN_THE_APP]),
        (f"day={today - timedelta(days=1)}", []),
    ):
        assert shown_rows(await uta.get(f"/bff/usage?{narrowed}")) == rows, narrowed
    for nonsense in ("days=8", "partner=x", "day=yesterday"):
        await uta.get(f"/bff/usage?{nonsense}", 422)


async def test_it_is_for_those_who_deal_with_partners(house: House, vera: Screen) -> None:
    await vera.get("/bff/usage", 403)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "locale", "link", "period", "by_version", "operations", "versions", "odd"),
    [
        (
            *("en", "en-GB", "API usage", "7 days", "Partners by version", "Operations"),
            *("Version", "Unknown query parameter"),
        ),
        (
            *("de", "de-DE", "API-Nutzung", "7 Tage", "Partner je Version", "Operationen"),
            *("Version", "Unbekannter Query-Parameter"),
        ),
    ],
)
async def test_it_is_read_and_narrowed_in_the_browser(
    house: House,
    language: str,
    locale: str,
    link: str,
    period: str,
    by_version: str,
    operations: str,
    versions: str,
    odd: str,
    browser: Browser,
) -> None:
    await called(house)
    uta = await house.person()
    await house.db.write(lambda tx: users.set_locale(tx, uta, language))
    async with (
        served(house.settings) as address,
        window(browser, address, locale) as browser_window,
    ):
        page = browser_window.page
        await browser_window.sign_in(uta, language)
        await page.get_by_role("link", name=link).click()
        await expect(page.get_by_role("heading", name=link)).to_be_visible()
        await expect(page.get_by_role("img").locator(".recharts-bar-rectangle path")).to_have_count(
            2
        )
        partners = page.get_by_role("region", name=by_version)
        await expect(partners.get_by_role("row", name="Makler Süd")).to_contain_text("–")
        rows = page.get_by_role("region", name=operations).locator("tbody tr")
        await expect(rows).to_have_count(3)
        await expect(rows.first).to_contain_text("listApplications")
        await expect(page.get_by_role("row", name=odd)).to_contain_text("Makler Nord")
        await page.get_by_text(period, exact=True).click()
        await page.get_by_label(versions, exact=True).select_option("v2")
        await expect(rows).to_have_count(2)
        assert page.url == f"{address}/usage?days=7&version=v2"
        await expect(rows.filter(has_text="ios/3.2.1")).to_contain_text("Makler Nord")
        assert browser_window.errors == []
