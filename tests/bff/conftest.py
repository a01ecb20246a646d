"""The web app's backend on an instance of its own, and the people who sign in to it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from bff.app import build
from bff.requests import REVISION_HEADER
from core.users import Person, Role
from tests.builders import PASSWORD, House, with_lifespan

HEADERS = {"X-Beleg": "1"}


@dataclass
class Screen:
    """What a browser does for one person: it keeps the cookie and sends the header."""

    http: httpx.AsyncClient

    async def sign_in(self, person: Person) -> None:
        """Sign in with the password that all test people have."""
        credentials = {"email": person.email, "password": PASSWORD}
        answer = await self.http.post("/bff/session", json=credentials)
        assert answer.status_code == 200, answer.text

    async def get(self, path: str, status: int = 200) -> Any:
        """The JSON at a path."""
        answer = await self.http.get(path)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def shown(self, case_id: str) -> dict[str, str]:
        """What an action on a case names: the revision that is shown now."""
        status = await self.get(f"/bff/cases/{case_id}/status")
        return {REVISION_HEADER: status["revision"]}


@asynccontextmanager
async def screen(house: House, dist: Path) -> AsyncIterator[Screen]:
    """A browser at a backend that serves what has been built into `dist`."""
    async with (
        with_lifespan(build(house.settings, dist)) as served,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(served, raise_app_exceptions=False),
            base_url="http://web.test",
            headers=HEADERS,
        ) as http,
    ):
        yield Screen(http)


def built(dist: Path, spoken: str) -> Path:
    """A web app as Vite leaves it."""
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("<!doctype html>")
    (dist / "favicon.svg").write_text("<svg/>")
    (dist / "assets" / "index-abc.js").write_text("start()")
    (dist / "build.json").write_text(json.dumps({"build": "b1", "contract": spoken}))
    return dist


@pytest.fixture
async def stranger(house: House, tmp_path: Path) -> AsyncIterator[Screen]:
    """A browser at which nobody has signed in."""
    async with screen(house, tmp_path / "dist") as browser:
        yield browser


@pytest.fixture
async def uta(house: House, stranger: Screen) -> Screen:
    """The browser of an underwriter."""
    await stranger.sign_in(await house.person())
    return stranger


@pytest.fixture
async def vera(house: House, tmp_path: Path) -> AsyncIterator[Screen]:
    """The browser of somebody who may only look."""
    person = await house.person("vera@lender.test", Role.VIEWER)
    async with screen(house, tmp_path / "dist") as browser:
        await browser.sign_in(person)
        yield browser
