"""While somebody attacks, everybody else is served: how long they wait, and what it takes.

Another partner and a person at the web app ask at a steady rate, first alone, then beside each
attack. All of it is answered, and soon; where attackers have a machine of their own, the 99th of a
hundred should wait three times what it waited alone at most, which the table tells.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.clients import Scope
from deploy.ops.postgres import DATABASE, SUPERUSER, Embedded
from deploy.release.rehearsal.partners import application, bearer, made_up_files
from tests import tables
from tests.deploy.ops.test_up import healthy
from tests.prove.attackers import ATTACKS
from tests.prove.outages import Machine, machine

TITLE = "Others under an attack"
ONLY = os.environ.get("BELEG_PROVE_ATTACK", "")
SECONDS = float(os.environ.get("BELEG_PROVE_SECONDS", "20"))
EVERY_SECONDS = 0.05
BETWEEN_FILES_SECONDS = 1.0
MOST_SECONDS = 0.5
MOST_MIB = 100  # that a face may take more than before; the worker holds the cases that it reads
PARTS = ("api", "bff", "worker")


@dataclass
class Neighbours:
    """Another partner and a person: how long each thing that they ask takes, in seconds."""

    where: dict[str, Any]
    key: str
    cookie: str = ""
    case: str = ""
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)

    async def settle_in(self) -> None:
        """Hand in a case, and sign in."""
        async with self._http("api") as http:
            made = await http.post("/v2/applications", json=application())
            self.case = made.raise_for_status().json()["id"]
        demo = self.where["demo"]
        async with self._http("web") as http:
            credentials = {"email": demo["user"], "password": demo["password"]}
            answer = (await http.post("/bff/session", json=credentials)).raise_for_status()
            self.cookie = "; ".join(f"{e.name}={e.value}" for e in answer.cookies.jar)

    async def ask(self, seconds: float) -> None:
        """Ask at a steady rate for so long, whether what was asked before is answered or not."""
        self.seconds.clear()
        self.wrong.clear()
        end, due = time.perf_counter() + seconds, time.perf_counter()
        async with self._http("api") as api, self._http("web") as web, asyncio.TaskGroup() as group:
            group.create_task(self._hand_in_again_and_again(api, end))
            while (now := time.perf_counter()) < end:
                await asyncio.sleep(max(0.0, due - now))
                due += EVERY_SECONDS
                group.create_task(self._one("read", api, "GET", f"/v2/applications/{self.case}"))
                group.create_task(
                    self._one("create", api, "POST", "/v2/applications", json=application())
                )
                group.create_task(self._one("inbox", web, "GET", "/bff/inbox"))

    async def _one(
        self, name: str, http: httpx.AsyncClient, method: str, path: str, **what: Any
    ) -> httpx.Response | None:
        began = time.perf_counter()
        try:
            answer = await http.request(method, path, **what)
        except httpx.TransportError as error:
            self.wrong.append(f"{name}: {type(error).__name__}")
            return None
        self.seconds[name].append(time.perf_counter() - began)
        if not answer.is_success:
            self.wrong.append(f"{name}: {answer.status_code}")
        return answer

    async def _hand_in_again_and_again(self, http: httpx.AsyncClient, end: float) -> None:
        while time.perf_counter() < end:
            await self._hand_in(http)
            await asyncio.sleep(BETWEEN_FILES_SECONDS)

    async def _hand_in(self, http: httpx.AsyncClient) -> None:
        """A small file from when it is sent until it is read."""
        made = await http.post("/v2/applications", json=application())
        place = f"/v2/applications/{made.json()['id']}/documents"
        began = time.perf_counter()
        file = ("kontoauszug.xml", made_up_files()[0], "application/xml")
        await http.post(place, files={"file": file})
        while time.perf_counter() - began < 60:
            [document] = (await http.get(place)).json()["data"]
            if document["status"] == "read":
                break
            await asyncio.sleep(0.1)
        self.seconds["file read"].append(time.perf_counter() - began)

    def p99(self) -> dict[str, float]:
        """What the 99th of a hundred has waited, by what was asked."""
        return {
            name: sorted(waited)[int(len(waited) * 0.99)] for name, waited in self.seconds.items()
        }

    def _http(self, face: str) -> httpx.AsyncClient:
        headers = bearer(self.key) if face == "api" else {"x-beleg": "1", "cookie": self.cookie}
        limits = httpx.Limits(max_connections=500)
        return httpx.AsyncClient(
            base_url=self.where[face], headers=headers, timeout=60, trust_env=False, limits=limits
        )


def made_key(running: Machine, name: str) -> str:
    """The key of another partner."""
    server = Embedded(running.data / "postgresql")
    server.port = running.database_port
    words = ("client", "create", name, "--json", "--per-minute", "1000000", "--per-day", "10000000")
    more = [word for scope in Scope for word in ("--scope", scope.value)]
    address = server.address(SUPERUSER, DATABASE)
    done = subprocess.run(
        (sys.executable, "-m", "deploy.ops.cli", *words, *more),
        env={**os.environ, "BELEG_DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=True,
    )
    key: str = json.loads(done.stdout)["api_key"]
    return key


@contextmanager
def attacked(name: str, where: dict[str, Any]) -> Iterator[None]:
    """The attack, for as long as the block lasts."""
    words = (sys.executable, "-m", "tests.prove.attackers", name)
    with subprocess.Popen(words, stdin=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(where))
        process.stdin.close()
        try:
            yield
            assert process.poll() is None, f"{name} has ended"
        finally:
            process.kill()


def memory(running: Machine) -> dict[str, int]:
    """What each part and what it started has in memory, in MiB."""
    return {part: sum(map(_resident, _all_of(running.pid(part)))) for part in PARTS}


def _all_of(pid: int) -> Iterator[int]:
    yield pid
    for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from _all_of(int(each))


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) // 1024


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount file systems for its files")
async def test_everybody_else_is_served_while_somebody_attacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("read", "create", "inbox", "file read")
    tables.add_row(TITLE, "", *(f"{each} p99, ms" for each in names), *PARTS, "not answered")
    wrong: list[str] = []
    with machine(tmp_path / "data", monkeypatch) as running:
        where = running.where
        neighbours = Neighbours(where, made_key(running, "Makler Ost"))
        attacker = {"api": where["api"], "web": where["web"], "key": made_key(running, "Mallory")}
        await neighbours.settle_in()
        await neighbours.ask(5)
        await neighbours.ask(SECONDS)
        alone = neighbours.p99()
        before = memory(running)
        tables.add_row(TITLE, "alone", *(f"{alone[each] * 1000:.1f}" for each in names), *[""] * 4)
        for name in ATTACKS:
            if ONLY in name:
                with attacked(name, attacker):
                    await asyncio.sleep(3)
                    await neighbours.ask(SECONDS)
                    after = memory(running)
                p99 = neighbours.p99()
                more = {part: after[part] - before[part] for part in PARTS}
                waited = [f"{p99.get(each, 0) * 1000:.1f}" for each in names]
                added = [f"{more[part]:+} MiB" for part in PARTS]
                tables.add_row(TITLE, name, *waited, *added, len(neighbours.wrong))
                print(name, *waited, *added, neighbours.wrong[:3], flush=True)
                wrong += [f"{name}: {each}" for each in neighbours.wrong[:3]]
                wrong += [
                    f"{name}: {each} {p99[each]:.3f} s"
                    for each in names[:3]
                    if p99[each] > MOST_SECONDS
                ]
                wrong += [f"{name}: {part}" for part in PARTS[:2] if more[part] > MOST_MIB]
                await _over(running)
    assert wrong == []


async def _over(running: Machine) -> None:
    """Wait until what the attack has left is done."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not healthy(running.where):
        await asyncio.sleep(0.5)
    await asyncio.sleep(5)
