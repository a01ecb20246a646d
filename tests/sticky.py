"""A real Envoy, servers behind it that say in which slot they stand, and callers that are many."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from string import ascii_letters, digits

from deploy.release.edge import EdgeSettings
from deploy.release.model import Addresses, Condition, Routing, Slot
from tests.edges import Edge, envoy
from tests.ports import free_ports

SECONDS = 60.0
AT_ONCE = 8
SLOTS = (Slot.BLUE, Slot.GREEN, Slot.BASELINE)
ALL_TO_A = Routing(Slot.BLUE)

Headers = Mapping[str, str]


def keys(count: int, seed: int = 16) -> list[str]:
    """So many keys as partners have them; the same ones each time."""
    chance, letters = Random(seed), f"{ascii_letters}{digits}-_"
    return [f"beleg_live_{''.join(chance.choices(letters, k=43))}" for _ in range(count)]


def bearer(secret: str) -> Headers:
    """What shows a key or a token."""
    return {"authorization": f"Bearer {secret}"}


def by_weight(weight: float, *conditions: Condition) -> Routing:
    """So many percent go to B, as many others to the similar group."""
    return Routing(
        serving=Slot.BLUE,
        candidate=Slot.GREEN,
        weight=weight,
        baseline=Slot.BASELINE,
        conditions=conditions,
    )


@dataclass
class Fork:
    """An edge in front of builds A and B; who asks it learns who answered."""

    edge: Edge

    @property
    def settings(self) -> EdgeSettings:
        """Where the edge listens."""
        return self.edge.settings

    async def send(self, routing: Routing) -> None:
        """Send everybody where this says."""
        await self.edge.send(routing)

    async def partner(self, headers: Headers, path: str = "/v2/applications") -> str:
        """The slot that answers a partner."""
        return (await self.ask([headers], path))[0]

    async def person(self, headers: Headers, path: str = "/") -> str:
        """The slot that answers a browser."""
        return (await self.ask([headers], path, self.settings.web_port))[0]

    async def ask(
        self, callers: Sequence[Headers], path: str = "/v2/applications", port: int | None = None
    ) -> list[str]:
        """The slot that answers each of these callers, who share a few connections."""
        found = [""] * len(callers)
        turns = iter(enumerate(callers))
        where = port or self.settings.api_port
        async with asyncio.timeout(SECONDS), asyncio.TaskGroup() as group:
            for _ in range(min(AT_ONCE, len(callers))):
                group.create_task(_ask_on(where, path, turns, found))
        return found


async def _ask_on(
    port: int, path: str, turns: Iterable[tuple[int, Headers]], found: list[str]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for at, headers in turns:
            more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            writer.write(f"GET {path} HTTP/1.1\r\nhost: beleg.test\r\n{more}\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
            body = (await reader.readexactly(length)).decode()
            assert head.startswith("http/1.1 200"), head + body
            found[at] = body
    finally:
        writer.close()


class Said(asyncio.Protocol):
    """A connection on which every request is answered by the slot's name."""

    def __init__(self, slot: Slot) -> None:
        body = slot.encode()
        self._answer = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)
        self._begun = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer as many requests as have come whole."""
        *whole, self._begun = (self._begun + data).split(b"\r\n\r\n")
        self._transport.write(self._answer * len(whole))


@asynccontextmanager
async def standing(slot: Slot) -> AsyncIterator[str]:
    """A server that says nothing but its slot; where it listens."""
    (port,) = free_ports(1)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Said(slot), "127.0.0.1", port)
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.close()


@asynccontextmanager
async def forked(folder: Path, routing: Routing = ALL_TO_A) -> AsyncIterator[Fork]:
    """An edge before a server in each slot, for as long as the block lasts."""
    async with AsyncExitStack() as stack:
        addresses = {}
        for slot in SLOTS:
            place = await stack.enter_async_context(standing(slot))
            addresses[slot] = Addresses((place,), (place,), (place,))
        yield Fork(await stack.enter_async_context(envoy(folder, routing, addresses)))
