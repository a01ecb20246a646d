"""What a number rests on: the items of its evidence are how the list that it names begins."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from core.analysis import FORMULAS
from core.questions import QUESTIONS
from core.reports import SHOWN
from deploy.demo import Company, camt053
from tests.bff.conftest import screen
from tests.builders import (
    House,
    Partner,
    company,
    months_before,
    statements,
    statements_without,
)
from tests.contracts.exchange import STATEMENT

NAMES = {
    "report": ("figures", "id", [each.id for each in FORMULAS]),
    "answers": ("data", "question", [each.id for each in QUESTIONS]),
}
"""Where numbers stand in an answer, what names them, and all that there must be."""


def monthly(firm: Company) -> list[bytes]:
    """All statements of a company, each about one month."""
    months = [months_before(firm.last_month, back) for back in range(13)]
    return [camt053(firm, account, month, month) for account in firm.accounts for month in months]


CASES: dict[str, tuple[Company, Any]] = {
    "the demo company": (company(), statements),
    "statements a month": (company(2, months=13), monthly),
    "with a gap": (company(5, months=12), partial(statements_without, months_back=4)),
    "the recorded statement": (company(1, months=12), lambda _: [STATEMENT.encode()]),
    "a file that is none": (company(1, months=12), lambda _: [b"<a/>"]),
}


async def walked(partner: Partner, href: str) -> list[Any]:
    """All that a list has, page by page where it has pages."""
    rows, after = [], ""
    while True:
        page = await partner.get(f"{href}&limit=100{after}")
        rows += page["data"]
        if page.get("next") is None:
            return rows
        after = f"&after={page['next']}"


def cents(amounts: Sequence[dict[str, str]]) -> Decimal:
    """What amounts add up to."""
    return sum((Decimal(each["value"]) for each in amounts), Decimal(0))


@pytest.mark.parametrize("name", CASES)
async def test_items_are_the_first_twenty_of_href(house: House, name: str) -> None:
    """Of every figure and answer: items, count and sum are of what `href` lists, in its order."""
    partner = await house.partner()
    firm, files = CASES[name]
    application_id = await house.case(partner, firm, files(firm))
    for below, (key, called, names) in NAMES.items():
        shown = (await partner.get(f"/v2/applications/{application_id}/{below}"))[key]
        assert [each[called] for each in shown] == names
        for each in shown:
            evidence = each["evidence"]
            rows = await walked(partner, evidence["href"])
            assert evidence["items"] == rows[:SHOWN], each[called]
            assert evidence["count"] == len(rows)
            assert Decimal(evidence["sum"]["value"]) == cents([row["amount"] for row in rows])
            of_statements = evidence["statements"]
            listed = await walked(partner, of_statements["href"])
            assert of_statements["items"] == listed[:SHOWN], each[called]
            assert of_statements["count"] == len(listed)
    place = f"/v2/applications/{application_id}/statements"
    await partner.get(f"{place}?evidence_of=nothing", 404)
    # What the list took before it knew the name, it goes on taking.
    everything = await partner.get(place)
    for ignored in ("other=%01", "evidence_of=%00"):
        assert await partner.get(f"{place}?{ignored}") == everything


async def test_the_web_app_and_the_printed_report_rest_on_the_same(
    house: House, tmp_path: Path
) -> None:
    """Statements are told where the web app and the PDF tell them, and as many bookings."""
    partner, firm = await house.partner(), company(2, months=13)
    application_id = await house.case(partner, firm, monthly(firm))
    place = f"/v2/applications/{application_id}"
    figures = {each["id"]: each for each in (await partner.get(f"{place}/report"))["figures"]}
    async with screen(house, tmp_path / "dist") as browser:
        await browser.sign_in(await house.person())
        case = await browser.get(f"/bff/cases/{application_id}")
        for each in case["figures"]:
            basis, evidence = each["basis"], figures[each["name"]]["evidence"]
            assert basis["bookings"] == evidence["count"]
            assert basis["sum"] == evidence["sum"]
            ids = [one["id"] for one in evidence["statements"]["items"]]
            assert len(basis["statements"]) == evidence["statements"]["count"]
            assert set(ids) <= set(basis["statements"])
            path = f"/bff/cases/{application_id}/transactions?evidence_of={each['name']}&page=1"
            rows = (await browser.get(path))["rows"]
            assert [row["id"] for row in rows[:SHOWN]] == [row["id"] for row in evidence["items"]]
    printed = await partner.http.get(f"{place}/report", headers={"Accept": "application/pdf"})
    text = " ".join(
        page.get_textpage().get_text_bounded().replace("\r\n", " ")
        for page in pypdfium2.PdfDocument(printed.content)
    )
    for figure in figures.values():
        for item in figure["evidence"]["items"]:
            assert f"{item['evidence']['start']:,}" in text
        of_statements = figure["evidence"]["statements"]
        if of_statements["count"] > SHOWN:
            assert f"The first {SHOWN} of {of_statements['count']} statements." in text
        for statement in of_statements["items"]:
            assert statement["account"] in text
            assert f"{Decimal(statement['closing']['amount']['value']):,}" in text
