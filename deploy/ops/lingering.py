"""What becomes of a body that nobody reads, since the request was refused before it had come.

A connection that is closed while its caller still writes is reset, and the refusal lost with it. So
the rest is read and dropped for a while, as nginx does it (`lingering_close`): until the caller is
done, has sent nothing for IDLE_SECONDS, or MOST_SECONDS have passed. Nothing of it is kept.
"""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deploy.ops.gathering import GatheringProtocol, GatheringTransport

IDLE_SECONDS, MOST_SECONDS = 2.0, 30.0
SMALL = 1024 * 1024  # bytes that are sooner read and dropped than a connection is made anew


class LingeringTransport(GatheringTransport):
    """A transport that, told to close while a body still comes, first lets that come."""

    def __init__(self, transport: asyncio.Transport, protocol: "LingeringProtocol") -> None:
        super().__init__(transport, protocol.loop)
        self._protocol = protocol
        self.lingers = False

    def is_closing(self) -> bool:
        """Whether nothing is said any more, and so no further request is begun."""
        return self.lingers or self._transport.is_closing()

    def write(self, data: bytes) -> None:
        """Write at the end of this turn, unless the last word was said."""
        if not self.lingers:
            super().write(data)

    def close(self) -> None:
        """Close once everything is written and the caller has had time to read it."""
        if self.lingers or self._transport.is_closing() or not self._protocol.body_is_unread():
            super().close()
            return
        self.lingers = True
        self._flush()
        self._protocol.flow.resume_reading()
        if self._transport.can_write_eof():
            self._transport.write_eof()
        self._transport.set_protocol(Dropping(self._transport, self._protocol))

    def close_now(self) -> None:
        """Close once everything is written."""
        super().close()


class LingeringProtocol(GatheringProtocol):
    """HTTP/1.1 as the server speaks it, and no refusal is lost to whoever goes on writing."""

    def connection_made(self, transport: Any) -> None:
        """Speak over this connection from now on."""
        self._dropping: asyncio.TimerHandle | None = None
        self._broken = False
        self._outgoing = LingeringTransport(transport, self)
        self.begin(self._outgoing)

    def body_is_unread(self) -> bool:
        """Whether more may come of what has been answered already."""
        return self._broken or (self.cycle is not None and self.cycle.more_body)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, of which nobody knows where it ends."""
        self._broken = True
        super().send_400_response(msg)

    def on_response_complete(self) -> None:
        """Go on to the next request, after what is left of this one."""
        super().on_response_complete()
        cycle = self.cycle
        if cycle.response_complete and cycle.more_body and not self._outgoing.is_closing():
            self._unset_keepalive_if_required()
            self._dropping = self.loop.call_later(MOST_SECONDS, self._outgoing.close_now)

    def on_message_complete(self) -> None:
        """Note that the body has come to its end, also where the answer came first."""
        super().on_message_complete()
        self.cycle.more_body = False
        if self._dropping is not None:
            self._dropping.cancel()
            self._dropping = None
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        if self._dropping is not None:
            self._dropping.cancel()
        super().connection_lost(exc)


class Dropping(asyncio.Protocol):
    """Takes what still comes over a connection that is to be closed, and keeps none of it."""

    def __init__(self, transport: asyncio.Transport, protocol: LingeringProtocol) -> None:
        self._transport = transport
        self._protocol = protocol
        self._loop = protocol.loop
        self._heard = self._loop.time()
        self._idle = self._loop.call_later(IDLE_SECONDS, self._look)
        self._end = self._loop.call_later(MOST_SECONDS, transport.close)

    def data_received(self, _data: bytes) -> None:
        """Note that the caller is not done yet."""
        self._heard = self._loop.time()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the connection back to whoever counts them."""
        self._idle.cancel()
        self._end.cancel()
        self._protocol.connection_lost(exc)

    def _look(self) -> None:
        left = self._heard + IDLE_SECONDS - self._loop.time()
        if left <= 0:
            self._transport.close()
        else:
            self._idle = self._loop.call_later(left, self._look)


class UnreadBodies:
    """Tells callers that they need not send what is refused unread, where that is much.

    So it does those who wait to be asked (`Expect: 100-continue`): nothing tells whether they will
    send after a refusal, so the connection cannot be used again.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            return self._app(scope, receive, send)
        left, waits = _announced(scope["headers"])
        if left <= SMALL and not waits:
            return self._app(scope, receive, send)
        return self._serve(scope, receive, send, left, waits)

    async def _serve(
        self, scope: Scope, receive: Receive, send: Send, left: int, waits: bool
    ) -> None:
        async def receive_counted() -> Message:
            nonlocal left, waits
            waits = False
            message = await receive()
            left -= len(message.get("body", b""))
            return message

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start" and (waits or left > SMALL):
                message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
            await send(message)

        await self._app(scope, receive_counted, send_told)


def _announced(headers: Iterable[tuple[bytes, bytes]]) -> tuple[int, bool]:
    """How many bytes are to come, as far as that was said, and whether they wait to be asked."""
    size, waits = 0, False
    for name, value in headers:
        if name == b"content-length" and value.isdigit():
            size = int(value[:19])
        elif name == b"expect":
            waits = value.lower() == b"100-continue"
    return size, waits
