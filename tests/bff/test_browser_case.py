"""An underwriter's way through a case in a real browser, in both languages."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
from playwright.async_api import Browser, expect

from core import decisions, users
from tests.bff.browsing import served, window
from tests.builders import House, company

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Words:
    """What the underwriter reads, in one language."""

    language: str
    locale: str
    inbox: str
    bounced: str
    place: str
    close: str
    report: str
    decide: str
    decline: str
    reason: str
    note: str
    go_on: str
    confirm: str
    declined: str
    amount: str


ENGLISH = Words(
    language="en",
    locale="en-GB",
    inbox="Inbox",
    bounced="Did own payments bounce?",
    place="The place in the file",
    close="Close",
    report="Report",
    decide="Decide",
    decline="Decline",
    reason="Payments were returned",
    note="Note",
    go_on="Continue",
    confirm="Decline now",
    declined="Declined",
    amount="€430,000.00",
)
GERMAN = Words(
    language="de",
    locale="de-DE",
    inbox="Eingang",
    bounced="Sind eigene Zahlungen geplatzt?",
    place="Die Stelle in der Datei",
    close="Schließen",
    report="Bericht",
    decide="Entscheiden",
    decline="Ablehnen",
    reason="Rücklastschriften",
    note="Notiz",
    go_on="Weiter",
    confirm="Jetzt ablehnen",
    declined="Abgelehnt",
    amount="430.000,00\u00a0€",
)


def text_of(file: Path) -> str:
    """What the first page of a PDF file says."""
    text: str = pypdfium2.PdfDocument(file)[0].get_textpage().get_text_bounded()
    return text


@pytest.mark.parametrize("words", [ENGLISH, GERMAN], ids=lambda words: words.language)
async def test_from_the_inbox_to_the_line_and_to_a_decision(
    house: House, words: Words, browser: Browser
) -> None:
    applicant: Any = company().application()["applicant"]
    uta = await house.person()
    await house.db.write(lambda tx: users.set_locale(tx, uta, words.language))
    case_id = await house.case(await house.partner(), company())
    async with (
        served(house.settings) as address,
        window(browser, address, words.locale) as browser_window,
    ):
        page = browser_window.page
        await browser_window.sign_in(uta, words.language)

        await expect(page.get_by_role("heading", name=words.inbox)).to_be_visible()
        row = page.get_by_role("row", name=applicant["legal_name"])
        await expect(row).to_contain_text(words.amount)
        await row.get_by_role("link").click()

        await page.get_by_role("button", name=words.bounced).click()
        drawer = page.get_by_role("dialog")
        first = drawer.locator("tbody tr").first
        await expect(first).to_have_attribute("aria-selected", "true")
        place = drawer.get_by_role("region", name=words.place)
        booked = await place.locator("mark").inner_text()
        assert booked.startswith("<Ntry>")
        await first.focus()
        await page.keyboard.press("ArrowDown")
        await expect(drawer.locator("tbody tr").nth(1)).to_have_attribute("aria-selected", "true")
        await expect(place.locator("mark")).not_to_have_text(booked)
        await drawer.get_by_role("button", name=words.close).click()
        await expect(drawer).to_be_hidden()

        async with page.expect_download() as saving:
            await page.get_by_role("button", name=words.report).click()
        saved = await saving.value
        assert saved.suggested_filename == f"{words.report} {applicant['legal_name']}.pdf"
        assert words.report in text_of(await saved.path())

        await page.get_by_role("button", name=words.decide).click()
        form = page.get_by_role("dialog")
        await form.get_by_text(words.decline, exact=True).click()
        await form.get_by_label(words.reason).check()
        await form.get_by_label(words.note, exact=True).fill("Zweimal in einem Monat.")
        await form.get_by_role("button", name=words.go_on).click()
        await form.get_by_role("button", name=words.confirm).click()

        await expect(form).to_be_hidden()
        await expect(page.get_by_role("complementary")).to_contain_text("Zweimal in einem Monat.")
        await expect(page.get_by_role("heading", name=words.declined)).to_be_visible()
        await expect(page.get_by_role("button", name=words.decide)).to_have_count(0)
        assert browser_window.errors == []
    decision = await decisions.find_for_application(house.db, UUID(case_id))
    assert decision is not None
    assert decision.outcome is decisions.DecisionOutcome.DECLINED
