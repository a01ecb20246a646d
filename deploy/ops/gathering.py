"""How responses reach the socket: head and body in one system call.

The server hands them on one after the other, and each would be a call of its own, which takes as
long as all that we do for a request.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

AT_ONCE = 64 * 1024  # bytes that do not wait for more


class GatheringTransport:
    """A transport that writes what it was given in one turn of the loop together."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._waiting: list[bytes] = []
        self._size = 0
        self.written = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Write at the end of this turn, or now if there is much."""
        if not self._waiting:
            self._loop.call_soon(self._flush)
        self._waiting.append(data)
        self._size += len(data)
        if self._size > AT_ONCE:
            self._flush()

    def close(self) -> None:
        """Close once everything is written."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._waiting:
            self.written += self._size
            waiting, self._waiting, self._size = self._waiting, [], 0
            self._transport.write(waiting[0] if len(waiting) == 1 else b"".join(waiting))


class GatheringProtocol(HttpToolsProtocol):
    """HTTP/1.1 as the server speaks it, over a transport that gathers."""

    def connection_made(self, transport: Any) -> None:
        """Speak over this connection from now on."""
        self.begin(GatheringTransport(transport, self.loop))

    def begin(self, transport: GatheringTransport) -> None:
        """Speak over a transport that gathers."""
        super().connection_made(transport)  # type: ignore[arg-type]
