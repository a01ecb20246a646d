"""The web app's own files, and how long a browser may keep them."""

import re
from pathlib import Path

import pytest

from bff import contract
from bff.app import ADDRESSES
from bff.static import DIST, UNBUILT, build_of
from tests.bff.conftest import Screen, built, screen
from tests.builders import House


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
