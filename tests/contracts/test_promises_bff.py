"""What the web app's own endpoints promise, a test a promise."""

import re
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser
from starlette.routing import Route

from bff.app import PAGES, build
from core.settings import Settings
from tests.bff.browsing import served, window
from tests.builders import House, with_lifespan

ROUTES = [
    (method, route.path)
    for page in PAGES
    for route in page.ROUTES
    if isinstance(route, Route)
    for method in sorted((route.methods or set()) - {"HEAD"})
]
SIGN_IN = ("POST", "/bff/session")
NOBODY = "00000000-0000-4000-8000-000000000000"


def filled(path: str) -> str:
    """A path with an id, or a number, in each of its places."""
    return re.sub(r"{\w+:int}", "1", re.sub(r"{\w+:uuid}", NOBODY, path))


async def test_every_call_needs_the_header_and_a_session(house: House, tmp_path: Path) -> None:
    """Without `X-Beleg: 1` 403, without a session 401, never a redirect; each names the build."""
    async with (
        with_lifespan(build(house.settings, tmp_path)) as app,
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://web.test") as http,
    ):
        assert len(ROUTES) > 8
        for method, path in ROUTES:
            for headers, status in (({}, 403), ({"X-Beleg": "1"}, 401)):
                answer = await http.request(method, filled(path), headers=headers)
                expected = status if (method, path) != SIGN_IN or status == 403 else 422
                assert answer.status_code == expected, (method, path)
                assert "location" not in answer.headers
                assert answer.headers["beleg-build"]


async def test_another_contracts_build_is_told_to_reload_on_every_call(
    house: House, tmp_path: Path
) -> None:
    """A call from a build with another contract gets 409 `{"reload": true}`."""
    async with (
        with_lifespan(build(house.settings, tmp_path)) as app,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://web.test",
            headers={"X-Beleg": "1", "Beleg-Build": "old-0123"},
        ) as http,
    ):
        for method, path in ROUTES:
            answer = await http.request(method, filled(path))
            assert (answer.status_code, answer.json()) == (409, {"reload": True})


@pytest.mark.browser
async def test_a_browser_keeps_the_cookie_on_loopback(house: House, browser: Browser) -> None:
    """`__Host-beleg` with Secure is kept by Chromium on plain http on loopback."""
    settings = house.settings
    secure = Settings(
        env=settings.env, database_url=settings.database_url, blob_url=settings.blob_url
    )
    uta = await house.person()
    async with (
        served(secure) as address,
        window(browser, address, "en-GB") as browser_window,
    ):
        await browser_window.sign_in(uta)
        await browser_window.page.get_by_role("heading", name="Inbox").wait_for()
        await browser_window.page.reload()
        await browser_window.page.get_by_role("heading", name="Inbox").wait_for()
        cookies = {each["name"]: each for each in await browser_window.page.context.cookies()}
    assert cookies.keys() == {"__Host-beleg", "beleg-person"}
    cookie = cookies["__Host-beleg"]
    assert (cookie["name"], cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (
        "__Host-beleg",
        True,
        True,
        "Lax",
    )
    assert (cookie["path"], cookie["domain"]) == ("/", "127.0.0.1")
