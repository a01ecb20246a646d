"""The web app's own files, and how long a browser may keep them."""

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from bff import contract
from bff.app import ADDRESSES, build
from bff.static import DIST, UNBUILT, build_of
from core.errors import Unavailable
from core.settings import Settings
from tests.bff.conftest import Screen, built, screen
from tests.builders import House, with_lifespan
from tests.migrations.accident import eventually


@pytest.mark.unit
def test_a_web_app_of_another_contract_is_not_served(tmp_path: Path) -> None:
    assert build_of(tmp_path, "c1") == UNBUILT
    dist = built(tmp_path / "dist", "c1")
    assert build_of(dist, "c1") == "b1"
    with pytest.raises(RuntimeError, match="another contract"):
        build_of(dist, "c2")


@pytest.mark.unit
def test_each_page_of_the_web_app_can_be_opened_by_its_address() -> None:
    table = (DIST.parent / "src" / "pages" / "index.ts").read_text()
    paths = re.findall(r'path: "(/[^"]*)"', table)
    assert [re.sub(r":(\w+)", r"{\1}", path) for path in paths] == list(ADDRESSES)


async def test_pages_are_never_kept_and_hashed_files_for_ever(house: House, tmp_path: Path) -> None:
    async with screen(house, built(tmp_path / "web", contract.fingerprint())) as browser:
        for path in ("/", "/cases/01a20bcf-68b4-77c5-bab0-03016ef9e8c7"):
            page = await browser.http.get(path)
            assert page.text == "<!doctype html>"
            assert page.headers["Cache-Control"] == "no-store"
        script = await browser.http.get("/assets/index-abc.js")
        assert script.text == "start()"
        assert "immutable" in script.headers["Cache-Control"]
        assert page.headers["Beleg-Build"] == f"b1-{contract.fingerprint()}"


async def test_what_is_no_page_is_not_found(stranger: Screen) -> None:
    for path in ("/wp-login.php", "/bff/nothing", "/assets/none.js", "/assets/../build.json"):
        answer = await stranger.http.get(path)
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "not_found"


async def test_a_web_app_that_is_not_built_says_so(stranger: Screen) -> None:
    answer = await stranger.http.get("/")
    assert answer.status_code == 503
    assert "built" in answer.json()["error"]["message"]


async def test_a_file_of_another_builds_web_app_is_served_like_ones_own(
    house: House, tmp_path: Path
) -> None:
    old, new = built(tmp_path / "a", contract.fingerprint()), tmp_path / "b"
    (old / "assets" / "page-old.js").write_text("old()")
    (old / "assets" / "notes-old.txt").write_text("not what a web app consists of")
    built(new, contract.fingerprint())
    as_a, as_b = (house.settings.model_copy(update={"build": each}) for each in "ab")
    async with published(as_a, old), published(as_b, new) as browser:
        file = await browser.get("/assets/page-old.js")
        assert file.text == "old()"
        assert file.headers["Content-Type"].startswith("text/javascript")
        assert "immutable" in file.headers["Cache-Control"]
        assert file.headers["X-Content-Type-Options"] == "nosniff"
        head = await browser.head("/assets/page-old.js")
        assert (head.status_code, head.content) == (200, b"")
        for name in ("notes-old.txt", "page-older.js"):
            missing = await browser.get(f"/assets/{name}")
            assert missing.status_code == 404
            assert "immutable" not in missing.headers.get("Cache-Control", "")


async def test_a_store_that_takes_no_files_keeps_nobody_from_the_web_app(
    house: House, tmp_path: Path
) -> None:
    blobs = tmp_path / "blobs"
    async with published(house.settings, built(tmp_path / "a", contract.fingerprint())):
        pass
    shutil.rmtree(blobs / "web")
    (blobs / "web").write_text("in the way, as a disk that cannot be written to is")
    other = house.settings.model_copy(update={"build": "other"})
    async with published(other, built(tmp_path / "b", contract.fingerprint())) as browser:
        assert (await browser.get("/")).text == "<!doctype html>"
        assert (await browser.get("/assets/index-abc.js")).text == "start()"
        assert (await browser.get("/assets/index-other.js")).status_code in (404, 503)


@asynccontextmanager
async def published(settings: Settings, dist: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at a web app that says that it is ready."""
    backend = build(settings, dist)
    async with (
        with_lifespan(backend) as served,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(served, raise_app_exceptions=False),
            base_url="http://web.test",
        ) as http,
    ):

        async def is_ready() -> bool:
            with suppress(Unavailable):
                await backend.ready()
                return True
            return False

        await eventually(is_ready, 60)
        yield http


async def test_a_browser_that_opens_what_is_no_page_gets_the_web_app_which_says_so(
    house: House, tmp_path: Path
) -> None:
    shown = {"Accept": "text/html,*/*;q=0.8"}
    async with screen(house, built(tmp_path / "web", contract.fingerprint())) as browser:
        page = await browser.http.get("/no/such/page", headers=shown)
        assert (page.status_code, page.text) == (404, "<!doctype html>")
        for path, there in (
            ("/usage/?day=1", "/usage?day=1"),
            ("//evil.example/", "/evil.example"),
        ):
            answer = await browser.http.get(f"http://web.test{path}", headers=shown)
            assert (answer.status_code, answer.headers["Location"]) == (308, there)
        missing = await browser.http.get("/bff/nothing", headers=shown)
        assert missing.json()["error"]["code"] == "not_found"


async def test_what_is_sent_is_compressed(house: House, tmp_path: Path) -> None:
    dist = built(tmp_path / "web", contract.fingerprint())
    (dist / "assets" / "large-abc.js").write_text("start();" * 1000)
    async with screen(house, dist) as browser:
        answer = await browser.http.get("/assets/large-abc.js", headers={"Accept-Encoding": "br"})
        assert answer.headers["Content-Encoding"] == "br"
        assert int(answer.headers.get("Content-Length", 0)) < 1000
        plain = await browser.http.get(
            "/assets/large-abc.js", headers={"Accept-Encoding": "identity"}
        )
        assert plain.text == "start();" * 1000
