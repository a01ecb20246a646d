"""A receiver of webhooks on this machine, as a partner runs one."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson

from tests.published import check_delivery


@dataclass(frozen=True)
class ReceivedRequest:
    """One request as it came: its first line, headers by lower-case name, and body."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def payload(self) -> Any:
        """The body as JSON."""
        return orjson.loads(self.body)


@dataclass
class Receiver:
    """Takes what is sent to it and answers as it is told to; the status may be made of the body."""

    port: int = 0
    scheme: str = "http"
    status: int = 204
    requests: list[ReceivedRequest] = field(default_factory=list)
    answer: Callable[[ReceivedRequest], int] | None = None
    more: bytes = b""
    pause: asyncio.Event | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """Where it listens; the query is nobody else's business."""
        return f"{self.scheme}://127.0.0.1:{self.port}/hook?token=hush"

    async def until(self, number: int, seconds: float = 60) -> list[ReceivedRequest]:
        """Everything heard, once it is so many, and each as it was published."""
        async with asyncio.timeout(seconds):
            while len(self.requests) < number:
                self.arrived.clear()
                await self.arrived.wait()
        for each in self.requests:
            if version := each.headers.get("beleg-version"):
                check_delivery(version, each.body)
        return self.requests

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        try:
            line, *rest = (await reader.readuntil(b"\r\n\r\n")).decode().rstrip().split("\r\n")
            pairs = (each.partition(": ") for each in rest)
            headers = {name.lower(): value for name, _, value in pairs}
            body = await reader.readexactly(int(headers["content-length"]))
            request = ReceivedRequest(line, headers, body)
            self.requests.append(request)
            self.arrived.set()
            if self.pause is not None:
                await self.pause.wait()
            status = self.answer(request) if self.answer else self.status
            writer.write(b"HTTP/1.1 %d Said\r\n%s\r\n" % (status, self.more))
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def receiving(
    receiver: Receiver | None = None, context: ssl.SSLContext | None = None
) -> AsyncIterator[Receiver]:
    """A receiver that listens for as long as the block lasts; one that did before, where it did."""
    receiver = receiver or Receiver()
    server = await asyncio.start_server(
        receiver.serve, "127.0.0.1", receiver.port, ssl=context, reuse_address=True
    )
    receiver.port = server.sockets[0].getsockname()[1]
    receiver.scheme = "https" if context else "http"
    try:
        yield receiver
    finally:
        server.close()
