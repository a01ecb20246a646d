"""Partners that read and write at a steady rate, and remember all that was acknowledged to them."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.builders import application
from tests.contracts.exchange import STATEMENT

CLIENTS = 8
EVERY_SECONDS = 0.25
"""How often each of them sends something, unless it still waits for an answer."""
LENDERS: tuple[list[str] | None, ...] = (
    *(None, [], ["Hausbank Musterstadt"], ['Bank, "die" {erste}', "zweite"], ["NULL", "Ä\\ß"]),
)


@dataclass
class Phase:
    """What a stretch of time came to."""

    name: str
    began: float
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def percentile(self, percent: float) -> float:
        """The latency in milliseconds that this share of the answers did not exceed."""
        ordered = sorted(self.latencies) or [0.0]
        return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


@dataclass
class Case:
    """An application as its partner knows it."""

    id: str
    lenders: list[str] | None
    busy: bool = False
    documents: int = 0


class SteadyTraffic:
    """Requests over both versions, each to whichever build is there; each answer is looked at."""

    def __init__(self, key: str, ports: Callable[[], list[int]]) -> None:
        self.phases: list[Phase] = []
        self.cases: dict[str, Case] = {}
        self.old_cases: list[str] = []
        self.acknowledged = 0
        self._ports = ports
        self._random = random.Random(15)
        self.headers = {"Authorization": f"Bearer {key}"}
        self._http: dict[int, httpx.AsyncClient] = {}
        self._under_way: dict[int, int] = defaultdict(int)

    def phase(self, name: str) -> Phase:
        """From now on, answers count for this."""
        now = time.perf_counter()
        if self.phases:
            self.phases[-1].seconds = now - self.phases[-1].began
        self.phases.append(Phase(name, now))
        return self.phases[-1]

    async def run(self) -> None:
        """Let all clients send, for ever."""
        await asyncio.gather(*(self._client(number) for number in range(CLIENTS)))

    async def _client(self, number: int) -> None:
        due = time.perf_counter() + EVERY_SECONDS * number / CLIENTS
        while True:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            due = max(due + EVERY_SECONDS, time.perf_counter())
            port = self._random.choice(self._ports())
            self._under_way[port] += 1
            try:
                await self._one(port)
            finally:
                self._under_way[port] -= 1

    async def close(self) -> None:
        """Let go of all connections."""
        for http in self._http.values():
            await http.aclose()

    async def drained(self, port: int) -> None:
        """Wait until nothing is under way to a build."""
        while self._under_way[port]:
            await asyncio.sleep(0.01)

    async def _one(self, port: int) -> None:
        phase = self.phases[-1]
        kinds, weights = zip(*KINDS, strict=True)
        do = self._random.choices(kinds, weights)[0]
        try:
            await do(self, self._to(port))
        except (AssertionError, httpx.HTTPError) as problem:
            phase.failures.append(f"{do.__name__}: {type(problem).__name__} {problem}"[:400])

    def _to(self, port: int) -> httpx.AsyncClient:
        if port not in self._http:
            self._http[port] = httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{port}",
                headers=self.headers,
                timeout=30,
                event_hooks={"request": [_begin], "response": [self._note]},
            )
        return self._http[port]

    async def _note(self, answer: httpx.Response) -> None:
        began: float = answer.request.extensions["began"]
        self.phases[-1].latencies.append(time.perf_counter() - began)

    def _idle(self) -> Case | None:
        found = [each for each in self.cases.values() if not each.busy]
        return self._random.choice(found[-200:]) if found else None

    async def submit(self, http: httpx.AsyncClient) -> None:
        """Hand in an application over version 2."""
        lenders = self._random.choice(LENDERS)
        declared = {"declared": {"existing_lenders": lenders}}
        answer = await http.post("/v2/applications", json=application(**declared))
        assert answer.status_code == 201, answer.text
        found = answer.json()
        assert found["declared"]["existing_lenders"] == lenders
        self.acknowledged += 1
        self.cases[found["id"]] = Case(found["id"], lenders)

    async def submit_as_before(self, http: httpx.AsyncClient) -> None:
        """Hand in an application over version 1."""
        sent = {"company_name": "Alt GmbH", "type": "LOAN", "amount_eur": 5.5, "duration": 12}
        answer = await http.post("/v1/applications", json=sent)
        assert answer.status_code == 201, answer.text
        self.acknowledged += 1
        self.old_cases.append(answer.json()["id"])

    async def change(self, http: httpx.AsyncClient) -> None:
        """Declare other lenders."""
        if (case := self._idle()) is None or case.documents:
            return await self.submit(http)
        case.busy, lenders = True, self._random.choice(LENDERS)
        place = f"/v2/applications/{case.id}"
        sent = {"declared": {"existing_lenders": lenders}}
        headers = {"content-type": "application/merge-patch+json"}
        headers["if-match"] = (await http.get(place)).headers["etag"]
        answer = await http.patch(place, json=sent, headers=headers)
        assert answer.status_code == 200, answer.text
        self.acknowledged += 1
        case.lenders, case.busy = lenders, False
        return None

    async def read(self, http: httpx.AsyncClient) -> None:
        """Read a case: it is as it was last acknowledged, by whichever build."""
        if (case := self._idle()) is None:
            return await self.submit(http)
        case.busy = True
        await require_kept(http, case)
        case.busy = False
        return None

    async def read_as_before(self, http: httpx.AsyncClient) -> None:
        """Read a case over version 1."""
        if (case := self._idle()) is None:
            return await self.submit_as_before(http)
        answer = await http.get(f"/v1/applications/{case.id}")
        assert answer.status_code == 200, answer.text
        return None

    async def page(self, http: httpx.AsyncClient) -> None:
        """The newest cases."""
        answer = await http.get("/v2/applications?limit=20")
        assert answer.status_code == 200, answer.text

    async def upload(self, http: httpx.AsyncClient) -> None:
        """Hand in a statement; a worker of whichever build reads it."""
        if (case := self._idle()) is None or case.documents:
            return await self.submit(http)
        case.busy = True
        files = {"file": ("mai.xml", STATEMENT.encode(), "application/xml")}
        answer = await http.post(f"/v2/applications/{case.id}/documents", files=files)
        assert answer.status_code == 202, answer.text
        self.acknowledged += 1
        case.documents, case.busy = 1, False
        return None

    async def transactions(self, http: httpx.AsyncClient) -> None:
        """What a worker has read so far."""
        found = [each for each in self.cases.values() if each.documents]
        if not found:
            return await self.upload(http)
        place = f"/v2/applications/{self._random.choice(found).id}"
        answer = await http.get(f"{place}/transactions")
        assert answer.status_code == 200, answer.text
        return None


async def _begin(request: httpx.Request) -> None:
    request.extensions["began"] = time.perf_counter()


KINDS: tuple[tuple[Any, int], ...] = (
    (SteadyTraffic.submit, 20),
    (SteadyTraffic.submit_as_before, 5),
    (SteadyTraffic.change, 12),
    (SteadyTraffic.read, 25),
    (SteadyTraffic.read_as_before, 10),
    (SteadyTraffic.page, 10),
    (SteadyTraffic.upload, 3),
    (SteadyTraffic.transactions, 15),
)


async def require_kept(http: httpx.AsyncClient, case: Case) -> None:
    """Assert that a case is as its partner was told that it is."""
    answer = await http.get(f"/v2/applications/{case.id}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["declared"]["existing_lenders"] == case.lenders
