"""The documentation as it is served: cacheable, under a strict policy, and usable in a browser."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from public_api.app import VERSIONS, PublicApi
from public_api.docs.calls import HOST, call_of, curl, javascript, python
from public_api.openapi import published
from tests.bff.browsing import over_http, window
from tests.builders import House, application

PAGES = (
    "/docs",
    "/docs/v2",
    "/docs/v1",
    "/docs/v1-to-v2",
    "/docs/errors",
    "/docs/try",
    "/docs/webhooks",
    "/problems/not-found",
    "/changelog",
)


async def test_pages_are_for_everybody_and_cached(house: House) -> None:
    for address in PAGES:
        answer = await house.http.get(address)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "public, max-age=300"
        known = {"If-None-Match": f'W/{answer.headers["etag"]}, "other"'}
        again = await house.http.get(address, headers=known)
        assert (again.status_code, again.content) == (304, b"")
        head = await house.http.head(address)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(answer.content))


async def test_what_a_page_loads_is_kept_for_ever_under_its_own_name(house: House) -> None:
    html = (await house.http.get("/docs")).text
    address = html.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = await house.http.get(address)
    assert answer.headers["content-type"] == "text/css"
    assert "immutable" in answer.headers["cache-control"]


async def test_a_page_that_is_none_is_a_problem_like_any_other(house: House) -> None:
    for method, address in (("GET", "/docs/nothing"), ("GET", "/problems/x"), ("POST", "/docs")):
        answer = await house.http.request(method, address)
        assert answer.status_code == 404
        assert answer.json()["type"] == "/problems/not-found"
    browser = {"Accept": "text/html,application/xhtml+xml"}
    answer = await house.http.get("/docs/nothing", headers=browser)
    assert answer.status_code == 404
    assert "No such page" in answer.text


async def test_the_address_that_a_deprecated_answer_names_is_a_page(house: House) -> None:
    answer = await house.http.get("/v1/applications")
    link = answer.headers["link"].split(">")[0].removeprefix("<")
    assert (await house.http.get(link)).status_code == 200


@pytest.mark.parametrize("name", ["v1", "v2"])
async def test_the_examples_do_what_they_say(house: House, tmp_path: Path, name: str) -> None:
    partner = await house.partner()
    document = published(next(each for each in VERSIONS if each.name == name))
    path = f"/{name}/applications"
    wanted = [call_of(path, "POST", document["paths"][path]["post"])]
    own = await partner.submit()
    upload = f"{path}/{{id}}/documents"
    wanted.append(call_of(upload.replace("{id}", own), "POST", document["paths"][upload]["post"]))
    (tmp_path / "statement.xml").write_text("<statement/>")
    async with over_http(PublicApi(house.settings)) as address:
        for number, call in enumerate(wanted):
            for suffix, write in (("py", python), ("mjs", javascript), ("sh", curl)):
                runner = shutil.which({"py": sys.executable, "mjs": "node", "sh": "sh"}[suffix])
                if runner is None or (suffix == "sh" and shutil.which("curl") is None):
                    continue
                source = (
                    write(call).replace(HOST, address).replace("order-4711", f"{number}-{suffix}")
                )
                (tmp_path / f"call.{suffix}").write_text(source)
                done = await asyncio.create_subprocess_exec(
                    runner,
                    f"call.{suffix}",
                    cwd=tmp_path,
                    env={**os.environ, "BELEG_KEY": partner.key},
                    stdout=subprocess.PIPE,
                )
                out, _ = await done.communicate()
                assert done.returncode == 0, source
                assert b'"id":' in out or b'"document_id":' in out, source


@pytest.mark.browser
async def test_a_call_is_made_from_the_page_and_its_key_is_kept_nowhere(
    house: House, browser: Browser
) -> None:
    partner = await house.partner()
    async with (
        over_http(PublicApi(house.settings)) as address,
        window(browser, address, "en-GB") as at,
    ):
        page = at.page
        await page.goto(f"{address}/docs/try#v2.submitApplication")
        await page.get_by_label("Key", exact=True).fill(partner.key)
        body = page.get_by_label("Body")
        assert json.loads(await body.input_value())["product"] == "loan"
        await body.fill(json.dumps(application(external_reference="FROM-THE-PAGE")))
        await page.get_by_role("button", name="Send").click()
        await expect(page.locator("#status")).to_have_text("201 Created")
        await expect(page.locator("#body")).to_contain_text("FROM-THE-PAGE")
        await expect(page.locator("#headers")).to_contain_text("beleg-version: v2")
        await go(page, "v1.getApplication")  # goes on with the id that was answered
        await page.get_by_role("button", name="Send").click()
        await expect(page.locator("#body")).to_contain_text('"amount_eur": 250000.00')
        await go(page, "v2.handInDocument")
        files = [{"name": "a.txt", "mimeType": "text/plain", "buffer": b"no statement"}]
        await page.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]
        await page.get_by_role("button", name="Send").click()
        await expect(page.locator("#status")).to_have_text("202 Accepted")
        assert partner.key not in await page.content()
        storages = "JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])"
        assert partner.key not in await page.evaluate(storages)
        assert at.errors == []


async def go(page: Page, operation: str) -> None:
    await page.locator("#operation").select_option(operation)


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 768, 1600])
async def test_no_page_is_wider_than_its_window(house: House, browser: Browser, width: int) -> None:
    async with (
        over_http(PublicApi(house.settings)) as address,
        window(browser, address, "en-GB") as at,
    ):
        await at.page.set_viewport_size({"width": width, "height": 800})
        for each in PAGES:
            await at.page.goto(address + each)
            wide = await at.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, each
        assert at.errors == []


@pytest.mark.browser
async def test_a_phone_finds_its_way_by_the_menu(house: House, browser: Browser) -> None:
    async with (
        over_http(PublicApi(house.settings)) as address,
        window(browser, address, "en-GB") as at,
    ):
        page = at.page
        await page.set_viewport_size({"width": 360, "height": 800})
        await page.goto(f"{address}/docs")
        link = page.get_by_role("link", name="Errors", exact=True)
        await expect(link).not_to_be_visible()
        await page.get_by_role("link", name="Menu").click()
        await link.click()
        await expect(page.get_by_role("heading", name="Errors")).to_be_visible()
        await expect(link).not_to_be_visible()


@pytest.mark.browser
async def test_a_field_is_found_by_its_name_and_a_language_is_remembered(
    house: House, browser: Browser
) -> None:
    async with (
        over_http(PublicApi(house.settings)) as address,
        window(browser, address, "en-GB") as at,
    ):
        page = at.page
        await page.goto(f"{address}/docs")
        await page.keyboard.press("/")
        await page.get_by_label("Search for").fill("market_value")
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{address}/docs/v2#Property*")
        await page.goto(f"{address}/docs/v2#changeApplication")
        await expect(page.locator(".side a.here")).to_contain_text("changeApplication")
        chapter = page.locator("#listApplications")
        await chapter.get_by_role("button", name="Python").click()
        await expect(chapter.get_by_text("import httpx")).to_be_visible()
        await page.goto(f"{address}/docs/v1")
        await expect(page.locator("#getResult").get_by_text("import httpx")).to_be_visible()
        assert at.errors == []


@pytest.mark.browser
async def test_what_is_typed_and_entered_before_the_search_has_loaded_is_found_once_it_has(
    house: House, browser: Browser
) -> None:
    async with (
        over_http(PublicApi(house.settings)) as address,
        window(browser, address, "en-GB") as at,
    ):
        page, typed = at.page, at.page.get_by_label("Search for")
        note = page.locator(".search li").first
        asked = asyncio.Queue[Route]()
        await page.route("**/docs/index.json", asked.put)
        await page.goto(f"{address}/docs")
        await page.keyboard.press("/")
        await typed.fill("market")
        await expect(note).to_have_text("Loading…")
        await (await asked.get()).abort()
        await expect(note).to_contain_text("could not be loaded")
        await typed.fill("market_value")
        await expect(note).to_have_text("Loading…")
        await page.keyboard.press("Enter")
        await (await asked.get()).continue_()
        await page.wait_for_url(f"{address}/docs/v2#Property*")
        assert [each for each in at.errors if "ERR_FAILED" not in each] == []


@pytest.mark.browser
async def test_a_live_key_is_named_before_the_operations_have_loaded_and_nothing_is_sent_till_then(
    house: House, browser: Browser
) -> None:
    async with (
        over_http(PublicApi(house.settings)) as address,
        window(browser, address, "en-GB") as at,
    ):
        page, held = at.page, asyncio.Event()

        async def answer(route: Route) -> None:
            await held.wait()
            await route.continue_()

        await page.route("**/openapi.json", answer)
        await page.goto(f"{address}/docs/try")
        await page.get_by_label("Key", exact=True).fill("beleg_live_mine")
        await expect(page.get_by_text("This is a live key")).to_be_visible()
        await page.get_by_label("Key", exact=True).press("Enter")
        await expect(page.get_by_role("button", name="Send")).to_be_disabled()
        assert page.url == f"{address}/docs/try"
        held.set()
        await expect(page.get_by_role("button", name="Send")).to_be_enabled()
        await page.route("**/openapi.json", lambda route: route.abort())
        await page.reload()
        await expect(page.get_by_text("Load this page again")).to_be_visible()
        assert [each for each in at.errors if "ERR_FAILED" not in each] == []
