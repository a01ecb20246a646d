"""A real browser at a real server of the web app."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

import uvicorn
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect
from starlette.types import ASGIApp

from bff.app import build
from bff.static import DIST
from core.settings import Settings
from core.users import Person
from tests.browser import launch
from tests.builders import PASSWORD
from tests.ports import free_ports

expect.set_options(timeout=60_000)  # what is not there by then will not come: no test waits for it
SIGN_IN = {"en": ("Email", "Password", "Sign in"), "de": ("E-Mail", "Passwort", "Anmelden")}


@dataclass
class Window:
    """A browser window at the web app, and what went wrong in it."""

    page: Page
    address: str
    errors: list[str]

    async def sign_in(self, person: Person, language: str = "en") -> None:
        """Sign in on the page that a stranger gets."""
        await self.page.goto(self.address)
        await self.fill(person, language)
        await expect(self.page.get_by_label(SIGN_IN[language][1], exact=True)).to_be_hidden()

    async def fill(self, person: Person, language: str = "en") -> None:
        """Fill in the sign-in form that is shown already."""
        email, password, button = SIGN_IN[language]
        await self.page.get_by_label(email).fill(person.email)
        await self.page.get_by_label(password, exact=True).fill(PASSWORD)
        await self.page.get_by_role("button", name=button).click()


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[str]:
    """The address of the web app, served over HTTP as it has been built."""
    assert (DIST / "build.json").is_file(), "run `make web` first"
    async with over_http(build(settings)) as address:
        yield address


@asynccontextmanager
async def over_http(app: ASGIApp, lifespan: Literal["on", "off"] = "on") -> AsyncIterator[str]:
    """The address of an application, served over HTTP for as long as the block lasts."""
    (port,) = free_ports(1)
    config = uvicorn.Config(app, port=port, log_config=None, ws="none", lifespan=lifespan)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())  # leaves the signals to the tests
    while not server.started:
        assert not serving.done(), "it did not start"
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The machine's own browser, without a screen."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**launch())
        yield browser
        await browser.close()


@asynccontextmanager
async def window(browser: Browser, address: str, locale: str) -> AsyncIterator[Window]:
    """A fresh window; whatever the page throws or complains of on its console is kept."""
    context = await browser.new_context(
        locale=locale, timezone_id="Europe/Berlin", viewport={"width": 1440, "height": 900}
    )
    page, errors = await context.new_page(), list[str]()
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if _is_error(message) else None)
    yield Window(page, address, errors)
    await context.close()


def _is_error(message: ConsoleMessage) -> bool:
    """Being told to sign in is none, though the browser reports every 401 as one."""
    return message.type == "error" and "401" not in message.text
