"""A load of HTTP requests over kept connections, and how long each answer took.

It parses no more of an answer than its status and its length, so that one core can load a server
on another and still leave room for PostgreSQL.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass

CONNECTIONS = 32
WARM_SECONDS = 0.2
_HEAD_END = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length: "


class Unexpected(Exception):
    """A server answered with another status than the one that is measured."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What is asked: endless requests as they go over the wire, and the status they must get."""

    requests: Iterator[bytes]
    status: bytes


class Client(asyncio.Protocol):
    """One connection that sends the next request as soon as the answer before is whole."""

    def __init__(self, kind: Kind, latencies: list[float]) -> None:
        self._kind = kind
        self._latencies = latencies
        self._got = b""
        self._sent = 0.0
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.stopping = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        """Note a whole answer and ask again; wait on where it is not whole yet."""
        got = self._got = self._got + data if self._got else data
        if (size := answer_size(got)) is None or len(got) < size:
            return
        self._latencies.append(time.perf_counter() - self._sent)
        self._got = b""
        if got[9:12] != self._kind.status:
            self._end(Unexpected(got.decode(errors="replace")))
        elif self.stopping:
            self._end(None)
        else:
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """The server must not close."""
        self._end(exc or Unexpected("the server closed a connection"))

    def _ask(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(next(self._kind.requests))

    def _end(self, problem: Exception | None) -> None:
        if self.ended.done():
            return
        if problem is None:
            self.ended.set_result(None)
        else:
            self.ended.set_exception(problem)
        self._transport.close()


def answer_size(got: bytes) -> int | None:
    """How many bytes the answer has with its head; None while its head is not whole."""
    head = got.find(_HEAD_END)
    if head < 0:
        return None
    start = got.find(_LENGTH, 0, head)
    if start < 0:
        raise Unexpected(got[:head].decode(errors="replace"))
    start += len(_LENGTH)
    return head + len(_HEAD_END) + int(got[start : got.index(b"\r", start)])


class Load:
    """All connections to one server while they last."""

    def __init__(self, port: int, kind: Kind) -> None:
        self._port = port
        self._kind = kind
        self._clients: list[Client] = []
        self._latencies: list[float] = []

    async def __aenter__(self) -> "Load":
        for _ in range(CONNECTIONS):
            _, client = await asyncio.get_running_loop().create_connection(
                lambda: Client(self._kind, self._latencies), "127.0.0.1", self._port
            )
            self._clients.append(client)
        await asyncio.sleep(WARM_SECONDS)
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in self._clients:
            client.stopping = True
        await asyncio.gather(*(client.ended for client in self._clients))

    async def measure(self, seconds: float) -> list[float]:
        """The latencies, in seconds, of the answers that came in this time."""
        self._latencies.clear()
        await asyncio.sleep(seconds)
        return self._latencies.copy()
