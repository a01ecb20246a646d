"""Which role gets which answer on which route of the web app's backend: the whole table."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import expect
from starlette.routing import Mount, Route

from bff import contract
from bff.app import routes
from bff.requests import REVISION_HEADER
from core import documents
from core.pages import FIRST_ACCOUNT, OLDEST, cursor
from core.users import PERMISSIONS, Role
from deploy.demo.pdf import pdf
from deploy.demo.sheets import COOPERATIVE
from tests.bff.browsing import chromium, served, window
from tests.bff.conftest import Screen, built, screen
from tests.builders import House, company

COLUMNS = (None, Role.VIEWER, Role.UNDERWRITER)
"""Whose answers the table holds; nobody is signed in for the first."""

CASE = "/bff/cases/{id:uuid}"
FILE = CASE + "/documents/{document:uuid}"
ANSWERS = {
    ("GET", "/"): (200, 200, 200),
    ("GET", "/cases/{id}"): (200, 200, 200),
    ("GET", "/usage"): (200, 200, 200),
    ("GET", "/favicon.svg"): (200, 200, 200),
    ("GET", "/{path:path}"): (404, 404, 404),
    ("POST", "/browser-errors"): (422, 422, 422),
    ("POST", "/bff/session"): (422, 422, 422),
    ("GET", "/bff/session"): (401, 200, 200),
    ("PATCH", "/bff/session"): (401, 204, 204),
    ("GET", "/bff/inbox"): (401, 200, 200),
    ("GET", CASE): (401, 200, 200),
    ("GET", CASE + "/documents"): (401, 200, 200),
    ("GET", CASE + "/statements"): (401, 200, 200),
    ("GET", CASE + "/status"): (401, 200, 200),
    ("GET", CASE + "/transactions"): (401, 200, 200),
    ("GET", FILE + "/content"): (401, 200, 200),
    ("GET", FILE + "/evidence"): (401, 200, 200),
    ("GET", FILE + "/pages/{number:int}"): (401, 200, 200),
    ("GET", CASE + "/report"): (401, 200, 200),
    ("GET", "/bff/usage"): (401, 403, 200),
    ("POST", CASE + "/documents"): (401, 403, 200),
    ("POST", CASE + "/accounts"): (401, 403, 404),
    ("POST", CASE + "/decision"): (401, 403, 204),
    ("DELETE", "/bff/session"): (401, 204, 204),
}
"""What each of COLUMNS is answered, in an order in which no call spoils the next."""

QUERIES: Mapping[tuple[str, str], Mapping[str, str | int]] = {
    ("GET", CASE + "/documents"): {"after": cursor(OLDEST)},
    ("GET", CASE + "/statements"): {"after": cursor(FIRST_ACCOUNT)},
    ("GET", CASE + "/transactions"): {"evidence_of": "monthly_revenue"},
    ("GET", FILE + "/evidence"): {"start": 0, "end": 1},
    ("POST", CASE + "/documents"): {"filename": "again.pdf"},
}
BODIES: Mapping[tuple[str, str], Any] = {
    ("PATCH", "/bff/session"): {"locale": "de"},
    ("POST", CASE + "/accounts"): {"account": "DE00", "counted": True, "reason": "It is ours."},
    ("POST", CASE + "/decision"): {"outcome": "approved", "reasons": ["known_customer"]},
}


@pytest.mark.unit
def test_every_route_and_every_role_is_in_the_table(tmp_path: Path) -> None:
    everything = routes(built(tmp_path / "web", contract.fingerprint()))
    calls = {
        (method, route.path)
        for route in everything
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }
    others = [route for route in everything if not isinstance(route, Route)]
    assert calls == ANSWERS.keys()
    assert [route.path for route in others if isinstance(route, Mount)] == ["/assets"]
    assert len(others) == 1
    assert set(COLUMNS) == {None, *Role}
    assert PERMISSIONS.keys() == set(Role)


async def test_each_role_gets_its_answer_on_each_route(house: House, tmp_path: Path) -> None:
    dist = built(tmp_path / "web", contract.fingerprint())
    made = company(months=3)
    files = [pdf(made, each, COOPERATIVE) for each in made.accounts]
    case_id = await house.case(await house.partner(), made, files)
    (document, *_) = await house.db.snapshot(
        lambda tx: documents.list_for_application(tx, UUID(case_id))
    )
    places = {"id": case_id, "document": str(document.id), "number": "1", "path": "none"}
    for column, role in enumerate(COLUMNS):
        async with screen(house, dist) as browser:
            if role is not None:
                await browser.sign_in(await house.person(f"{role}@lender.test", role))
            found = {call: await _status(browser, call, places, files[0]) for call in ANSWERS}
        assert found == {call: answers[column] for call, answers in ANSWERS.items()}, role


async def test_who_may_not_is_told_so_before_anything_is_read(house: House, vera: Screen) -> None:
    case_id = await (await house.partner()).submit()
    for path in ("decision", "documents"):
        answer = await vera.http.post(f"/bff/cases/{case_id}/{path}", content=b"{")
        assert answer.status_code == 403
        assert answer.json()["error"] == {
            "code": "forbidden",
            "message": "Your role does not allow this.",
        }


@pytest.mark.browser
async def test_the_web_app_leads_people_where_they_may_go(house: House) -> None:
    viewer = await house.person("vera@lender.test", Role.VIEWER)
    underwriter = await house.person()
    case_id = await house.case(await house.partner(), company(months=3))
    async with chromium() as browser, served(house.settings) as address:
        for person, count in ((underwriter, 1), (viewer, 0)):
            async with window(browser, address, "en-GB") as browser_window:
                page = browser_window.page
                await browser_window.sign_in(person)
                await expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
                await expect(page.get_by_role("navigation", name="Pages")).to_have_count(count)
                await expect(page.get_by_role("link", name="API usage")).to_have_count(count)
                await page.goto(f"{address}/cases/{case_id}?tab=documents")
                await expect(page.get_by_role("tab", name="Documents")).to_be_visible()
                await expect(page.get_by_role("button", name="Decide")).to_have_count(count)
                await expect(page.locator("input[type=file]")).to_have_count(count)
                assert browser_window.errors == []


async def _status(
    browser: Screen, call: tuple[str, str], places: Mapping[str, str], file: bytes
) -> int:
    method, path = call
    known = await browser.http.get(f"/bff/cases/{places['id']}/status")
    answer = await browser.http.request(
        method,
        re.sub(r"{(\w+)(:\w+)?}", lambda place: places[place[1]], path),
        params=QUERIES.get(call),
        json=BODIES.get(call),
        content=file if path.endswith("/documents") else None,
        headers={REVISION_HEADER: known.json().get("revision", "")},
    )
    return answer.status_code
