"""A small load generator: so many connections, each sending its next request once it is answered.

It reads of an answer what it must: the status, and where it ends. That takes about 15 µs, so that
the generator and PostgreSQL on one core can keep a server on another busy.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

CONNECTIONS = 32
_LENGTH = b"content-length: "


class Wrong(Exception):
    """An answer that is not what the request asked for."""


@dataclass(frozen=True, slots=True)
class Run:
    """What so many seconds of load came to: each answer's latency in seconds, in order of size."""

    seconds: float
    latencies: list[float]

    def percentile(self, percent: float) -> float:
        """The latency, in seconds, that this share of the answers did not exceed."""
        return self.latencies[
            min(len(self.latencies) - 1, int(len(self.latencies) * percent / 100))
        ]


class Connection(asyncio.Protocol):
    """One connection, kept alive: at most one request is under way."""

    def __init__(self, crowd: "Crowd") -> None:
        self._crowd = crowd
        self._transport: asyncio.WriteTransport
        self._answer = b""
        self._length = 0
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write to."""
        self._transport = cast(asyncio.WriteTransport, transport)

    def send(self, request: bytes) -> None:
        """Send the next request."""
        self._answer, self._length, self._sent = b"", 0, time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Take in a part of the answer; once it is whole, go on."""
        self._answer += data
        if not self._length and (head := self._answer.find(b"\r\n\r\n")) >= 0:
            self._length = head + 4 + content_length(self._answer[:head])
        if self._length and len(self._answer) >= self._length:
            self._crowd.answered(self, self._answer, time.perf_counter() - self._sent)

    def connection_lost(self, exc: Exception | None) -> None:
        """A server that hangs up in the middle fails the run."""
        self._crowd.lost()

    def close(self) -> None:
        """Hang up."""
        self._transport.close()


class Crowd:
    """The connections to one server."""

    def __init__(self) -> None:
        self._connections: list[Connection] = []
        self._done: asyncio.Future[None] | None = None

    async def open(self, port: int, connections: int) -> None:
        """Connect."""
        loop = asyncio.get_running_loop()
        for _ in range(connections):
            _, made = await loop.create_connection(lambda: Connection(self), "127.0.0.1", port)
            self._connections.append(made)

    def close(self) -> None:
        """Hang up."""
        for each in self._connections:
            each.close()

    async def run(self, requests: Iterator[bytes], status: int, seconds: float) -> Run:
        """Send requests for so long; raises Wrong for an answer of another status."""
        self._requests, self._expected = requests, b"HTTP/1.1 %d" % status
        self._latencies: list[float] = []
        self._busy = len(self._connections)
        self._done = asyncio.get_running_loop().create_future()
        started = time.perf_counter()
        self._until = started + seconds
        for each in self._connections:
            each.send(next(requests))
        await self._done
        took = time.perf_counter() - started
        self._done = None
        return Run(took, sorted(self._latencies))

    def answered(self, connection: Connection, answer: bytes, seconds: float) -> None:
        """Count an answer, and let its connection go on until the time is up."""
        if not answer.startswith(self._expected):
            self._fail(answer[:500].decode(errors="replace"))
            return
        self._latencies.append(seconds)
        if time.perf_counter() < self._until:
            connection.send(next(self._requests))
            return
        self._busy -= 1
        if not self._busy and self._done and not self._done.done():
            self._done.set_result(None)

    def lost(self) -> None:
        """Fail the run that is under way, if any."""
        self._fail("the server hung up")

    def _fail(self, why: str) -> None:
        if self._done and not self._done.done():
            self._done.set_exception(Wrong(why))


@asynccontextmanager
async def crowd(port: int, connections: int = CONNECTIONS) -> AsyncIterator[Crowd]:
    """Connections to a server on this machine for as long as the block lasts."""
    gathered = Crowd()
    try:
        await gathered.open(port, connections)
        yield gathered
    finally:
        gathered.close()


def content_length(head: bytes) -> int:
    """How many bytes the body has; raises Wrong where the head does not say."""
    start = head.lower().find(_LENGTH)
    if start < 0:
        raise Wrong(head.decode(errors="replace"))
    return int(head[start + len(_LENGTH) :].split(b"\r\n", 1)[0])
