"""Real APIs behind a real Envoy: what is killed or told to stop loses nothing that was promised."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from pathlib import Path

import httpx

from core.query import Query
from deploy.release.model import Addresses, Routing, Slot
from tests.builders import House, Part, application, part
from tests.core.test_crashes import WAITS, holding, number
from tests.edges import Edge, envoy
from tests.published import check

MADE = Query("SELECT count(*) AS n FROM application", (), {})
CALLERS = 6
Ask = Callable[[httpx.AsyncClient, int], Awaitable[httpx.Response]]


@asynccontextmanager
async def before_apis(
    house: House,
    database: str,
    folder: Path,
    processes: int,
    *words: str,
    hops: int = 0,
    parts: int = 1,
) -> AsyncIterator[tuple[Edge, list[Part]]]:
    """The edge before so many APIs, all in blue."""
    async with AsyncExitStack() as stack:
        each = [
            part("api", database, house.folder, words=words, BELEG_TRUSTED_HOPS=str(parts))
            for _ in range(processes)
        ]
        apis = [await stack.enter_async_context(one) for one in each]
        blue = Addresses(
            tuple(api.url.removeprefix("http://") for api in apis),
            health=tuple(api.internal.removeprefix("http://") for api in apis),
        )
        # The web app is nobody's business here.
        edge = await stack.enter_async_context(
            envoy(folder, Routing(Slot.BLUE), {Slot.BLUE: blue}, trusted_hops=hops)
        )
        yield edge, apis


class Load:
    """So many callers at a time, until they are told to stop; what they were answered."""

    def __init__(self, edge: Edge, key: str, *asks: Ask) -> None:
        self.statuses: list[int] = []
        self._asks, self._edge, self._stopped = asks, edge, False
        self._numbers = count()
        self._headers = {"Authorization": f"Bearer {key}"}

    async def __aenter__(self) -> "Load":
        self._tasks = [asyncio.create_task(self._call()) for _ in range(CALLERS)]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stopped = True
        await asyncio.gather(*self._tasks)

    async def more(self, number: int) -> None:
        """Return once so many more were answered."""
        wanted = len(self.statuses) + number
        async with asyncio.timeout(240):
            while len(self.statuses) < wanted:
                await asyncio.sleep(0.01)

    async def _call(self) -> None:
        async with httpx.AsyncClient(
            base_url=self._edge.api, headers=self._headers, timeout=120
        ) as http:
            while not self._stopped:
                number = next(self._numbers)
                answer = await self._asks[number % len(self._asks)](http, number)
                self.statuses.append(answer.status_code)


async def read(http: httpx.AsyncClient, _number: int) -> httpx.Response:
    return await http.get("/v2/applications?limit=1")


async def write(http: httpx.AsyncClient, _number: int) -> httpx.Response:
    return await http.post("/v2/applications", json=application())


async def write_once(http: httpx.AsyncClient, number: int) -> httpx.Response:
    key = {"Idempotency-Key": f"once-{number}"}
    return await http.post("/v2/applications", json=application(), headers=key)


async def made(house: House) -> int:
    row = await house.db.one(MADE)
    assert row
    return int(row["n"])


async def test_an_api_that_is_killed_loses_nothing_that_may_be_asked_again(
    house: House, database: str, tmp_path: Path
) -> None:
    partner = await house.partner(per_minute=100_000)
    async with before_apis(house, database, tmp_path, 2) as (edge, (first, _second)):
        async with Load(edge, partner.key, write_once, read) as load:
            await load.more(60)
            async with holding(database, "LOCK TABLE application IN SHARE MODE"):
                async with asyncio.timeout(60):  # every caller waits for a write to be done
                    while await number(house, WAITS) < CALLERS:
                        await asyncio.sleep(0.01)
                await first.kill()
            await load.more(120)
        posts = load.statuses.count(201)
        assert set(load.statuses) == {200, 201}
        assert await made(house) == posts
        counters = (await edge.file_edge.counters())["api-blue"]
        assert counters.failed > 0  # what the edge has saved is on record


async def test_an_api_that_is_told_to_stop_is_asked_no_more_and_loses_nothing(
    house: House, database: str, tmp_path: Path
) -> None:
    partner = await house.partner(per_minute=100_000)
    async with before_apis(house, database, tmp_path, 2, "--drain", "6") as (
        edge,
        (first, _second),
    ):
        async with Load(edge, partner.key, write, read) as load:
            await load.more(60)
            first.process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(first.process.wait(), 60)
            await load.more(60)
        assert set(load.statuses) == {200, 201}
        assert await made(house) == load.statuses.count(201)
        elsewhere = await house.partner("Makler Fern", networks=("203.0.113.0/24",))
        said = {"Authorization": f"Bearer {elsewhere.key}", "X-Forwarded-For": "203.0.113.9"}
        async with httpx.AsyncClient(base_url=edge.api, headers=said) as http:
            refused = await http.get("/v2/applications")
        assert refused.json()["type"] == "/problems/address-refused"


async def test_a_key_of_a_network_is_taken_only_from_there_whatever_a_caller_says(
    house: House, database: str, tmp_path: Path
) -> None:
    """A proxy stands before the edge: the APIs trust both, and nobody else."""
    partner = await house.partner(networks=("203.0.113.0/24",))
    async with (
        before_apis(house, database, tmp_path, 1, hops=1, parts=2) as (edge, _),
        httpx.AsyncClient(base_url=edge.api, event_hooks={"response": [check]}) as http,
    ):
        http.headers["Authorization"] = f"Bearer {partner.key}"
        for said, status in (
            ("203.0.113.9", 200),
            ("203.0.113.9, 198.51.100.7", 403),
            ("198.51.100.7, 203.0.113.9", 200),
            ("203.0.113.9, nobody", 403),
        ):
            for version in ("v1", "v2"):
                http.headers["X-Forwarded-For"] = said
                answer = await http.get(f"/{version}/applications")
                assert answer.status_code == status, said
        await refused_while_it_writes(edge, partner.key)
        await refused_before_it_writes(edge, partner.key)


async def refused_while_it_writes(edge: Edge, key: str) -> None:
    """A body that is too large is refused, and whoever goes on writing sees it."""
    reader, writer = await connection(edge, key, "Content-Length: 50000000")
    writer.write(b"x" * 3_000_000)
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"request-id" in answer
    writer.close()


async def refused_before_it_writes(edge: Edge, key: str) -> None:
    """Who waits to be asked for the body is refused at once, and not asked."""
    reader, writer = await connection(edge, key, "Content-Length: 50000000\r\nExpect: 100-continue")
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
    assert answer.startswith(b"HTTP/1.1 413")
    writer.close()


async def connection(
    edge: Edge, key: str, headers: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection on which a request has begun."""
    reader, writer = await asyncio.open_connection("127.0.0.1", edge.settings.api_port)
    head = (
        f"POST /v2/applications HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nX-Forwarded-For: 203.0.113.9\r\n{headers}\r\n\r\n"
    )
    writer.write(head.encode())
    return reader, writer
