"""Two builds of the web app at one address: the tab that was open before the release goes on."""

import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect
from prometheus_client import Counter
from starlette.types import ASGIApp, Receive, Scope, Send

from bff.app import build
from bff.static import DIST
from core import telemetry
from core.errors import Unavailable
from core.settings import Settings
from core.users import Person
from tests.bff.browsing import Window, over_http, window
from tests.builders import House, company, with_lifespan
from tests.migrations.accident import eventually

pytestmark = pytest.mark.browser
BUILT = json.loads((DIST / "build.json").read_text()) if DIST.exists() else {}
CONTRACT = BUILT.get("contract", "")


class Release:
    """One address, at which one build's web app after the other is served."""

    def __init__(self, settings: Settings, stack: AsyncExitStack) -> None:
        self._settings = settings
        self._stack = stack
        self._serving: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._serving is not None
        await self._serving(scope, receive, send)

    async def serve(self, dist: Path) -> None:
        """Let this build answer from now on, once it is ready."""
        backend = build(self._settings.model_copy(update={"build": dist.name}), dist)
        serving = await self._stack.enter_async_context(with_lifespan(backend))

        async def is_ready() -> bool:
            with suppress(Unavailable):
                await backend.ready()
                return True
            return False

        await eventually(is_ready, 60)
        self._serving = serving


@asynccontextmanager
async def release(settings: Settings, first: Path) -> AsyncIterator[tuple[Release, str]]:
    """An address at which this build is served, until another is."""
    async with AsyncExitStack() as stack:
        served = Release(settings, stack)
        await served.serve(first)
        address = await stack.enter_async_context(over_http(served, "off"))
        yield served, address


def another(folder: Path, name: str, change: Callable[[Path], None] | None = None) -> Path:
    """The web app as another build: all files of it are called otherwise."""
    dist = folder / name
    shutil.copytree(DIST, dist)
    own = f"{BUILT['build']}-{CONTRACT}"
    names = {each.name: f"{each.stem}{name}{each.suffix}" for each in (dist / "assets").iterdir()}
    for each in (dist / "index.html", *(dist / "assets").glob("*.*s*")):
        if each.suffix in (".html", ".js", ".css"):
            text = each.read_text().replace(own, f"{name}-{CONTRACT}")
            for old, new in names.items():
                text = text.replace(old, new)
            each.write_text(text)
    for old, new in names.items():
        (dist / "assets" / old).rename(dist / "assets" / new)
    if change:
        change(dist)
    (dist / "build.json").write_text(json.dumps({"build": name, "contract": CONTRACT}))
    return dist


def forget_published(house: House) -> None:
    """Let it be as if the old build had put its files nowhere."""
    shutil.rmtree(house.folder / "blobs" / "web")


async def half_decided(at: Window, uta: Person) -> Page:
    """A case on which a decision is half typed."""
    page = at.page
    await at.sign_in(uta)
    await page.get_by_role("row", name="DEMO-1").click()
    await page.get_by_role("button", name="Decide").click()
    await page.get_by_label("Note", exact=True).fill("Half a sentence")
    await page.keyboard.press("Escape")
    await expect(page.get_by_label("Note", exact=True)).to_be_hidden()
    return page


def counting(page: Page) -> list[str]:
    """What the page loads from now on."""
    loads: list[str] = []
    page.on("load", lambda _: loads.append(page.url))
    return loads


async def note_is_kept(page: Page) -> None:
    """What was half typed is there."""
    await page.get_by_role("button", name="Decide").click()
    await expect(page.get_by_label("Note", exact=True)).to_have_value("Half a sentence")


CHART = ".recharts-surface"


async def test_an_open_tab_finds_the_files_of_its_own_build_after_the_release(
    house: House, browser: Browser, tmp_path: Path
) -> None:
    uta = await house.person()
    await house.case(await house.partner(), company(months=3))
    async with (
        release(house.settings, another(tmp_path, "a")) as (served, address),
        window(browser, address, "en-GB") as tab,
    ):
        page = await half_decided(tab, uta)
        await served.serve(DIST)
        loads = counting(page)
        await page.get_by_role("tab", name="Figures").click()
        await expect(page.locator(CHART).first).to_be_visible()
        assert loads == []
        assert tab.errors == []
        await note_is_kept(page)


async def test_a_file_that_is_gone_loads_the_new_app_once_with_what_was_typed(
    house: House, browser: Browser, tmp_path: Path
) -> None:
    uta = await house.person()
    await house.case(await house.partner(), company(months=3))
    async with (
        release(house.settings, another(tmp_path, "a")) as (served, address),
        window(browser, address, "en-GB") as tab,
    ):
        page = await half_decided(tab, uta)
        forget_published(house)
        await served.serve(DIST)
        loads = counting(page)
        await page.get_by_role("tab", name="Figures").click()
        await expect(page.locator(CHART).first).to_be_visible()
        assert loads == [f"{page.url.partition('?')[0]}?tab=figures"]
        await note_is_kept(page)


async def test_a_file_that_no_build_has_does_not_reload_for_ever(
    house: House, browser: Browser, tmp_path: Path
) -> None:
    def without_chart(dist: Path) -> None:
        next((dist / "assets").glob("months-*")).unlink()

    uta = await house.person()
    await house.case(await house.partner(), company(months=3))
    async with (
        release(house.settings, another(tmp_path, "c", without_chart)) as (_, address),
        window(browser, address, "en-GB") as tab,
    ):
        page = await half_decided(tab, uta)
        loads, before = counting(page), count(telemetry.BROWSER_ERRORS, "c")
        await page.get_by_role("tab", name="Figures").click()
        await expect(page.get_by_role("alert")).to_contain_text("This page failed.")
        assert len(loads) == 1

        async def is_counted() -> bool:
            return count(telemetry.BROWSER_ERRORS, "c") == before + 1

        await eventually(is_counted, 60)
        await page.get_by_text("Inbox", exact=True).click()
        await expect(page.get_by_role("heading", name="Inbox")).to_be_visible()


def count(counter: Counter, name: str) -> float:
    """What was counted for a build of this name."""
    return float(counter.labels(f"{name}-{CONTRACT}")._value.get())


async def test_a_bundle_that_throws_says_so_and_is_counted(
    house: House, browser: Browser, tmp_path: Path
) -> None:
    def throwing(dist: Path) -> None:
        (bundle,) = (dist / "assets").glob("index-*.js")
        bundle.write_text('throw new Error("Muster GmbH");' + bundle.read_text())

    async with (
        release(house.settings, another(tmp_path, "d", throwing)) as (_, address),
        window(browser, address, "de-DE") as tab,
    ):
        before = [count(each, "d") for each in (telemetry.BROWSER_PAGES, telemetry.BROWSER_ERRORS)]
        async with tab.page.expect_request("**/browser-errors") as sending:
            await tab.page.goto(f"{address}/cases/01a20bcf-68b4-77c5-bab0-03016ef9e8c7")
        sent = await sending.value
        assert sent.post_data_json == {
            "build": f"d-{CONTRACT}",
            "kind": "error",
            "page": "/cases/{id}",
        }
        message = tab.page.get_by_role("alert")
        await expect(message).to_contain_text("cannot be shown")
        await expect(message).to_contain_text("kann nicht angezeigt werden")

        async def are_counted() -> bool:
            now = [count(each, "d") for each in (telemetry.BROWSER_PAGES, telemetry.BROWSER_ERRORS)]
            return now == [each + 1 for each in before]

        await eventually(are_counted, 60)
        async with tab.page.expect_event("load"):
            await message.get_by_role("button", name="Neu laden").click()


async def test_a_file_that_a_release_cut_off_is_named_and_what_was_typed_leaves_with_the_person(
    house: House, browser: Browser, tmp_path: Path
) -> None:
    async def replaced(route: Route) -> None:
        await route.fulfill(status=409, json={"reload": True})

    uta, vera = await house.person(), await house.person("vera@lender.test")
    await house.case(await house.partner(), company(months=3))
    file = tmp_path / "Kontoauszug.xml"
    file.write_text("<a/>")
    async with (
        release(house.settings, DIST) as (_, address),
        window(browser, address, "en-GB") as tab,
    ):
        page = await half_decided(tab, uta)
        await page.get_by_role("tab", name="Documents").click()
        await page.route("**/bff/cases/*/documents?*", replaced)
        async with page.expect_event("load"):
            await page.locator("input[type=file]").set_input_files(file)
        await expect(page.get_by_text("Kontoauszug.xml was not sent")).to_be_visible()
        async with page.expect_event("load"):
            await page.get_by_role("button", name="Uta Winter").click()
            await page.get_by_role("menuitem", name="Sign out").click()
        await expect(page.get_by_label("Password", exact=True)).to_be_visible()
        kept = await page.evaluate("JSON.stringify(sessionStorage)")
        assert "Half a sentence" not in kept
        assert "Kontoauszug" not in kept
        await tab.fill(vera)
        await page.get_by_role("row", name="DEMO-1").click()
        await page.get_by_role("button", name="Decide").click()
        await expect(page.get_by_label("Note", exact=True)).to_have_value("")
