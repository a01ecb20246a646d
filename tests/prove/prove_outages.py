"""Parts, PostgreSQL, files and Valkey that end, hang, fill up or go away, under load.

Partners do as partners do: where no answer comes, or 503, they ask the same again under the same
key. Then nothing is lost, nothing is there twice, and all of it goes on without anybody's hand.
"""

import asyncio
import itertools
import os
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.release.rehearsal.partners import application, bearer, made_up_files
from tests import tables
from tests.deploy.ops.test_up import healthy, log
from tests.prove.outages import OUTAGES, Machine, Outage, machine

TITLE = "Outages under load"
ONLY = os.environ.get("BELEG_PROVE_OUTAGE", "")
PARTNERS = 4
RECOVERED_SECONDS = 120.0
AGAIN_SECONDS = 0.5
ANSWER_SECONDS = 10.0


@dataclass
class Load:
    """What partners and a person ask, what they are answered, and what was acknowledged."""

    where: dict[str, Any]
    files: tuple[bytes, ...]
    answers: Counter[str] = field(default_factory=Counter)
    acknowledged: dict[str, str] = field(default_factory=dict)
    """By reference, the application that has a document."""

    @property
    def key(self) -> dict[str, str]:
        """The partner's key."""
        return bearer(self.where["demo"]["api_key"])

    async def partner(self, number: int) -> None:
        """Hand in one case after the other."""
        async with self._http("api") as http:
            for turn in itertools.count():
                reference = f"{number}-{turn}-{time.time_ns()}"
                sent = application(external_reference=reference)
                made = await self._until(http, "/v2/applications", f"a-{reference}", json=sent)
                place = f"/v2/applications/{made['id']}/documents"
                file = ("kontoauszug.xml", self.files[turn % len(self.files)], "application/xml")
                await self._until(http, place, f"d-{reference}", files={"file": file})
                self.acknowledged[reference] = made["id"]
                await asyncio.sleep(0.2)

    async def person(self) -> None:
        """Look at the inbox again and again."""
        async with self._http("web") as http:
            http.headers["x-beleg"] = "1"
            demo = self.where["demo"]
            signed_in = False
            while True:
                credentials = {"email": demo["user"], "password": demo["password"]}
                try:
                    if not signed_in:
                        answer = await http.post("/bff/session", json=credentials)
                        signed_in = answer.status_code == 200
                        cookies = (f"{each.name}={each.value}" for each in answer.cookies.jar)
                        http.headers["cookie"] = "; ".join(cookies)  # though this is not https
                    else:
                        answer = await http.get("/bff/inbox")
                    self.answers[str(answer.status_code)] += 1
                except httpx.TransportError:
                    self.answers["none"] += 1
                await asyncio.sleep(AGAIN_SECONDS)

    async def _until(
        self, http: httpx.AsyncClient, path: str, key: str, **what: Any
    ) -> dict[str, Any]:
        while True:
            try:
                headers = self.key | {"idempotency-key": key}
                answer = await http.post(path, headers=headers, **what)
            except httpx.TransportError:
                self.answers["none"] += 1
            else:
                self.answers[str(answer.status_code)] += 1
                if answer.is_success:
                    found: dict[str, Any] = answer.json()
                    return found
            await asyncio.sleep(AGAIN_SECONDS)

    def _http(self, face: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.where[face], timeout=ANSWER_SECONDS, trust_env=False)

    async def problems(self, began: int) -> list[str]:
        """What is lost, there twice, or unread, of what was acknowledged since."""
        async with self._http("api") as http:
            found = Counter[str]()
            place: str | None = "/v2/applications?limit=100"
            while place:
                page = (await http.get(place, headers=self.key)).raise_for_status().json()
                found.update(each["external_reference"] for each in page["data"])
                place = page["next"] and f"/v2/applications?limit=100&after={page['next']}"
            asked = list(self.acknowledged.items())[began:]
            said = [f"{name} is there {found[name]} times" for name, _ in asked if found[name] != 1]
            said += [f"{name} is there twice" for name, n in found.items() if name and n > 1]
            for reference, number in asked:
                said += await self._unread(http, reference, number)
        return said

    async def _unread(self, http: httpx.AsyncClient, reference: str, number: str) -> list[str]:
        deadline, place = time.monotonic() + RECOVERED_SECONDS, f"/v2/applications/{number}"
        while True:
            answer = await http.get(f"{place}/documents", headers=self.key)
            documents = answer.raise_for_status().json()["data"]
            states = [each["status"] for each in documents]
            waiting = {"received", "reading"} & set(states)
            if not waiting or time.monotonic() > deadline:
                return [] if states == ["read"] else [f"{reference}: {states}"]
            await asyncio.sleep(AGAIN_SECONDS)


@asynccontextmanager
async def flowing(load: Load) -> AsyncIterator[None]:
    """Everybody asks, for as long as the block lasts."""
    works = [load.person(), *(load.partner(number) for number in range(PARTNERS))]
    running = [asyncio.create_task(each) for each in works]
    try:
        yield
    finally:
        for each in running:
            each.cancel()
        await asyncio.gather(*running, return_exceptions=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can let a file system fill up")
async def test_whatever_goes_away_and_comes_back_nothing_is_lost_and_nobody_has_to_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong: list[str] = []
    tables.add_row(TITLE, "", "acknowledged", "answers", "recovered after", "lost, twice, unread")
    with machine(tmp_path / "data", monkeypatch) as running:
        load = Load(running.where, made_up_files())
        for outage in OUTAGES:
            if ONLY in outage.name:
                wrong += await tried(outage, running, load)
        for part in ("api", "bff", "worker"):
            if "Traceback (most recent" in log(running.data, part).read_text():
                wrong.append(f"{part} has left a raw traceback")
    assert wrong == []


async def tried(outage: Outage, running: Machine, load: Load) -> list[str]:
    """Let it happen under load; what was not as it should be."""
    load.answers.clear()
    began = len(load.acknowledged)
    async with flowing(load):
        await asyncio.sleep(3)
        async with outage.during(running):
            await asyncio.sleep(outage.seconds)
        over = time.monotonic()
        recovered = await _recovered(running, load)
        await asyncio.sleep(3)
    problems = await load.problems(began)
    errors = {each for each in load.answers if each[0] == "5" and each != "503"}
    wrong = [f"{outage.name}: {each}" for each in (*problems, *sorted(errors))]
    if not recovered:
        wrong.append(f"{outage.name}: not recovered")
    answers = ", ".join(f"{name}: {n}" for name, n in sorted(load.answers.items()))
    acknowledged = len(load.acknowledged) - began
    seconds = f"{recovered - over:.1f} s" if recovered else "never"
    tables.add_row(TITLE, outage.name, acknowledged, answers, seconds, len(problems))
    print(outage.name, acknowledged, answers, seconds, problems[:3])
    return wrong


async def _recovered(running: Machine, load: Load) -> float:
    """When all parts were ready and a case was taken in again; 0 where that never was."""
    deadline = time.monotonic() + RECOVERED_SECONDS
    while time.monotonic() < deadline:
        if await asyncio.to_thread(healthy, running.where):
            before = len(load.acknowledged)
            while time.monotonic() < deadline:
                if len(load.acknowledged) > before:
                    return time.monotonic()
                await asyncio.sleep(0.1)
        await asyncio.sleep(0.2)
    return 0.0
