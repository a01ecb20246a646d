"""Nobody decides what they were not shown: a case that moves on says what changed."""

from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.async_api import Browser, Page, Route, expect

from core import users
from tests.bff.browsing import Window, served, window
from tests.builders import House, Partner, company

pytestmark = pytest.mark.browser

NOTE = "Half a sentence"
RAISED = {"amount": {"value": "99000000.00", "currency": "EUR"}, "term_months": 120}


class Spoken(NamedTuple):
    """What the page says in a language."""

    locale: str
    decide: str
    approve: str
    known: str
    note: str
    onward: str
    confirm: str
    title: str
    amount: str
    term: str
    accept: str


SPOKEN = {
    "en": Spoken(
        *("en-GB", "Decide", "Approve", "Known customer", "Note", "Continue", "Approve now"),
        "This case has changed since you opened it. Nothing has been decided.",
        "Amount: €180,000.00 → €99,000,000.00",
        "Term: 60 months → 120 months",
        "I have seen the changes",
    ),
    "de": Spoken(
        *("de-DE", "Entscheiden", "Genehmigen", "Bekannter Kunde", "Notiz", "Weiter"),
        "Jetzt genehmigen",
        "Dieser Fall hat sich geändert, seit Sie ihn geöffnet haben. Es wurde nichts entschieden.",
        "Betrag: 180.000,00 € → 99.000.000,00 €",
        "Laufzeit: 60 Monate → 120 Monate",
        "Änderungen gesehen",
    ),
}


async def case_of_180_000(house: House) -> tuple[Partner, str]:
    """A case that waits for its decision."""
    partner = await house.partner()
    case_id = await house.case(partner, company(months=3), [b"<a/>"])
    smaller = {"amount": {"value": "180000.00", "currency": "EUR"}, "term_months": 60}
    assert (await partner.change(case_id, **smaller)).status_code == 200
    await house.work()
    return partner, case_id


async def about_to_approve(tab: Window, case_id: str, said: Spoken) -> Page:
    """The page one click before an approval."""
    page = tab.page
    await page.goto(f"{tab.address}/cases/{case_id}")
    await page.get_by_role("button", name=said.decide).click()
    await page.get_by_text(said.approve, exact=True).click()
    await page.get_by_label(said.known).check()
    await page.get_by_label(said.note, exact=True).fill(NOTE)
    await page.get_by_role("button", name=said.onward).click()
    await expect(page.get_by_role("dialog")).to_contain_text("180")
    return page


@pytest.mark.parametrize("language", SPOKEN)
async def test_a_click_does_not_approve_what_was_raised_meanwhile(
    house: House, browser: Browser, language: str
) -> None:
    uta, said = await house.person(), SPOKEN[language]
    await house.db.write(lambda tx: users.set_locale(tx, uta, language))
    partner, case_id = await case_of_180_000(house)
    async with (
        served(house.settings) as address,
        window(browser, address, said.locale) as tab,
    ):
        await tab.sign_in(uta, language)
        await expect(tab.page.get_by_role("table")).to_be_visible()
        page = await about_to_approve(tab, case_id, said)
        await page.route("**/bff/cases/*/status", lambda route: route.abort())  # it cannot know
        assert (await partner.change(case_id, **RAISED)).status_code == 200
        await house.work()
        async with page.expect_response("**/bff/cases/*/decision") as answered:
            await page.get_by_role("button", name=said.confirm).click()
        assert (await answered.value).status == 409
        told = page.get_by_role("dialog").get_by_role("alert")
        await expect(told).to_contain_text(said.title)
        await expect(told).to_contain_text(said.amount)
        await expect(told).to_contain_text(said.term)
        await expect(page.get_by_role("button", name=said.confirm)).to_be_disabled()
        assert (await partner.get(f"/v2/applications/{case_id}"))["status"] == "needs_documents"
        await told.get_by_role("button", name=said.accept).click()
        await expect(page.get_by_role("dialog")).to_contain_text(NOTE)
        await expect(page.get_by_role("dialog")).to_contain_text("99")
        await page.get_by_role("button", name=said.confirm).click()
        await expect(page.get_by_role("dialog")).to_be_hidden()
    decided = await partner.get(f"/v2/applications/{case_id}")
    assert (decided["status"], decided["amount"]["value"]) == ("approved", "99000000.00")


async def test_a_page_that_follows_along_asks_before_it_decides_what_it_now_shows(
    house: House, browser: Browser
) -> None:
    uta, said = await house.person(), SPOKEN["en"]
    partner, case_id = await case_of_180_000(house)
    async with served(house.settings) as address, window(browser, address, "en-GB") as tab:
        await tab.sign_in(uta)
        await expect(tab.page.get_by_role("table")).to_be_visible()
        page = await about_to_approve(tab, case_id, said)
        assert (await partner.change(case_id, **RAISED)).status_code == 200
        await house.work()
        told = page.get_by_role("dialog").get_by_role("alert")
        await expect(told).to_contain_text(said.amount)  # by itself, nothing was clicked
        await expect(page.get_by_role("button", name=said.confirm)).to_be_disabled()
        await page.keyboard.press("Escape")
        notice = page.get_by_role("status").filter(has_text="The application has changed")
        await expect(notice).to_contain_text(said.amount)
        await notice.get_by_role("button", name="Noted").click()
        await expect(notice).to_be_hidden()
        assert tab.errors == []


async def test_a_page_of_an_older_build_is_loaded_anew_and_what_was_typed_is_kept(
    house: House, browser: Browser
) -> None:
    async def as_before(route: Route) -> None:
        headers = {**route.request.headers}
        headers.pop("case-revision", None)
        await route.continue_(headers=headers)

    uta, said = await house.person(), SPOKEN["en"]
    partner, case_id = await case_of_180_000(house)
    async with served(house.settings) as address, window(browser, address, "en-GB") as tab:
        await tab.sign_in(uta)
        await expect(tab.page.get_by_role("table")).to_be_visible()
        page = await about_to_approve(tab, case_id, said)
        await page.route("**/bff/cases/*/decision", as_before)
        async with page.expect_event("load"):
            await page.get_by_role("button", name=said.confirm).click()
        await page.get_by_role("button", name=said.decide).click()
        await expect(page.get_by_label(said.note, exact=True)).to_have_value(NOTE)
    assert (await partner.get(f"/v2/applications/{case_id}"))["status"] == "needs_documents"


async def test_a_file_for_a_case_that_was_changed_is_kept_until_it_is_sent_again(
    house: House, browser: Browser, tmp_path: Path
) -> None:
    uta = await house.person()
    partner, case_id = await case_of_180_000(house)
    file = tmp_path / "Kontoauszug.xml"
    file.write_text("<b/>")
    async with served(house.settings) as address, window(browser, address, "en-GB") as tab:
        await tab.sign_in(uta)
        page = tab.page
        await expect(page.get_by_role("table")).to_be_visible()
        await page.goto(f"{address}/cases/{case_id}?tab=documents")
        await expect(page.locator("input[type=file]")).to_have_count(1)
        await page.route("**/bff/cases/*/status", lambda route: route.abort())
        assert (await partner.change(case_id, **RAISED)).status_code == 200
        await house.work()
        await page.locator("input[type=file]").set_input_files(file)
        refused = page.get_by_role("alert").filter(has_text="the file was not sent")
        await expect(refused).to_be_visible()
        await expect(
            page.get_by_role("status").filter(has_text="Amount: €180,000.00")
        ).to_be_visible()
        await refused.get_by_role("button", name="Send it all the same").click()
        await expect(page.get_by_role("row", name="Kontoauszug.xml")).to_be_visible()
