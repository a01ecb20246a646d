"""What a connection may cost before it is answered: bytes, headers, time, and its place.

All of it holds before anybody knows who calls. What is far above honest use is refused or hung up
on; a body may take as long as it likes while at least so many bytes of it come.
"""

import asyncio
from typing import Any

import structlog
import uvicorn
from uvicorn.server import ServerState

from deploy.ops.lingering import LingeringProtocol
from deploy.ops.unread import Unread, Words, plain, response
from deploy.ops.wire_limits import WireLimits

LOOK_SECONDS = 1.0
"""How often connections are looked at that may have waited too long."""
WINDOW_SECONDS = 60
"""The time in which the least rate of a body, or of whoever reads an answer, has to be reached."""
SLICE = 16 * 1024
"""Bytes that are parsed at once, so that few requests wait behind each other in memory."""
FRAMING = 16
"""Bytes that may frame each byte of a body: whoever sends it byte by byte needs six."""
ROOM = 50
"""Where there is no room, one connection in so many is hung up on at a time."""
LATE_SECONDS = 2.0
"""After this a body may make room for others, where there is no other."""
log = structlog.get_logger()


class BoundedConfig(uvicorn.Config):
    """How a server is set up that bounds its connections."""

    def __init__(
        self, app: Any, *, limits: WireLimits, words: Words = plain, **options: Any
    ) -> None:
        super().__init__(app, http=BoundedProtocol, **options)
        self.limits = limits
        self.words = words


class LookingServer(uvicorn.Server):
    """A server that looks at its connections every second."""

    async def on_tick(self, counter: int) -> bool:
        """Look, ten ticks being a second."""
        if counter % 10 == 0:
            now = asyncio.get_running_loop().time()
            for each in list(self.server_state.connections):
                if isinstance(each, BoundedProtocol):
                    _look(each, now)
        return await super().on_tick(counter)


def _look(protocol: "BoundedProtocol", now: float) -> None:
    """Look at one; a fault of ours there ends that connection, and no other."""
    try:
        protocol.look(now)
    except Exception:
        log.exception("connection_failed")
        protocol.end()


class LeastRate:
    """Whether enough came in each window of the seconds in which it was waited for."""

    __slots__ = ("_bytes", "_seconds")

    def __init__(self) -> None:
        self._bytes = 0
        self._seconds = 0.0

    def begin(self, so_far: int = 0) -> None:
        """Begin a window, when so many bytes had passed."""
        self._bytes, self._seconds = so_far, 0.0

    def is_kept(self, so_far: int, per_second: int) -> bool:
        """Count a look; whether what has passed by now is enough."""
        self._seconds += LOOK_SECONDS
        if self._seconds < WINDOW_SECONDS:
            return True
        enough = so_far - self._bytes >= per_second * WINDOW_SECONDS
        self.begin(so_far)
        return enough


class BoundedProtocol(LingeringProtocol):
    """HTTP/1.1 as the server speaks it, to whomever, within limits."""

    config: BoundedConfig

    def __init__(
        self, config: BoundedConfig, server_state: ServerState, *more: Any, **named: Any
    ) -> None:
        super().__init__(config, server_state, *more, **named)
        self._limits = config.limits
        self._head = 0  # bytes of a head that is not whole yet
        self._in_body = False
        self._body = 0  # bytes of the body that have come
        self._framing = 0  # bytes that came beside them
        self._bare = 0  # bytes that came since, with none of the body among them
        self._held = b""  # what came behind requests that are not answered yet
        self._since = self.loop.time()  # when it began to be waited for a head
        self._asked = False
        self._incoming, self._outgoing_pace = LeastRate(), LeastRate()

    def connection_made(self, transport: Any) -> None:
        """Speak over this connection from now on, if there is room for it."""
        super().connection_made(transport)
        if len(self.connections) > self._limits.connections and not self._make_room():
            self.refuse(Unread.FULL)

    def data_received(self, data: bytes) -> None:
        """Parse what came, or keep it until what came before is answered."""
        if self.pipeline:
            self._hold(data)
            return
        if not (self._head or self._in_body):
            self._since = self.loop.time()
        self._parse(data)

    def _parse(self, data: bytes) -> None:
        at, size = 0, len(data)
        while at < size:
            most = SLICE if self._in_body else min(SLICE, self._limits.head_bytes - self._head)
            part = data if at == 0 and size <= most else data[at : at + most]
            at += len(part)
            if self._in_body:
                self._framing += len(part)
                self._bare += len(part)
            else:
                self._head += len(part)
            super().data_received(part)
            if self._outgoing.is_closing():
                return
            if self._is_too_much():
                self.refuse(Unread.HEAD)
                return
            if self.pipeline and at < size:
                self._hold(data[at:])
                return

    def _is_too_much(self) -> bool:
        if self._in_body:
            most = self._limits.head_bytes
            return self._bare > most or self._framing > most + FRAMING * self._body
        return self._head > 0 and (
            self._head >= self._limits.head_bytes
            or (self.headers is not None and len(self.headers) > self._limits.headers)
        )

    def _hold(self, data: bytes) -> None:
        self._held += data
        self.flow.pause_reading()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; those behind a body (trailers) are nobody's, and would join the others."""
        if not self._in_body:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin the request, if it has no more headers than are taken."""
        if len(self.headers) > self._limits.headers:
            raise ValueError("too many headers")
        self._in_body, self._asked = True, True
        self._body = self._framing = self._bare = 0
        self._incoming.begin()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        self._body += len(body)
        self._framing -= len(body)
        self._bare = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait for the next head."""
        self._in_body, self._head = False, 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on to the next request, which may have come already."""
        super().on_response_complete()
        self._since = self.loop.time()
        if self._held and not self.pipeline and not self._outgoing.is_closing():
            held, self._held = self._held, b""
            self._parse(held)
        if self.pipeline or self._held:
            self.flow.pause_reading()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        self.refuse(Unread.HEAD)

    def look(self, now: float) -> None:
        """Refuse, or hang up on, whoever has been waited for too long."""
        least = self._limits.body_bytes_per_second
        if not self._is_read_from(least):
            self.end()
        elif self._is_waiting:
            begun = self._head > 0
            if (begun or not self._asked) and now - self._since > self._limits.head_seconds:
                self.refuse(Unread.HEAD) if begun else self.end()
        elif self._awaits_body and not self._incoming.is_kept(self._body, least):
            self.refuse(Unread.SLOW)

    def _is_read_from(self, least: int) -> bool:
        """Whether the other end takes what it is sent."""
        written, left = self._outgoing.written, self._outgoing.get_write_buffer_size()
        if left == 0:
            self._outgoing_pace.begin(written)
            return True
        return self._outgoing_pace.is_kept(written - left, least)

    @property
    def _is_waiting(self) -> bool:
        """Whether no request is under way, and none half answered."""
        under_way = self.cycle is not None and not self.cycle.response_complete
        return not (under_way or self._in_body or self._outgoing.lingers)

    @property
    def _awaits_body(self) -> bool:
        """Whether a request is under way whose body is waited for."""
        cycle = self.cycle
        return (
            cycle is not None
            and cycle.more_body
            and not (cycle.response_started or self._outgoing.lingers)
            and not cycle.waiting_for_100_continue
            and not self.flow.read_paused
        )

    def _make_room(self) -> bool:
        """Hang up on those of whom nothing is known yet, or who have been idle for longest.

        Where all are asking something, on those whose bodies have come slowest.
        """
        all_others = [
            each
            for each in self.connections
            if isinstance(each, BoundedProtocol) and each is not self
        ]
        others = [each for each in all_others if each._is_waiting or each._outgoing.lingers]
        others.sort(key=lambda each: (each._asked and not each._outgoing.lingers, each._since))
        if not others:
            now = self.loop.time()
            others = [each for each in all_others if each._awaits_body and each._is_late(now)]
            others.sort(key=lambda each: each._body / (now - each._since))
        for each in others[: self._limits.connections // ROOM + 1]:
            each.end()
        return bool(others)

    def _is_late(self, now: float) -> bool:
        """Whether its request began longer ago than a body takes that comes at once."""
        return now - self._since > LATE_SECONDS

    def end(self) -> None:
        """Hang up at once."""
        self.connections.discard(self)
        self._outgoing.abort()

    def refuse(self, why: Unread) -> None:
        """Say why nothing more is read, where that can still be said, and close."""
        cycle, said = self.cycle, bool(self.pipeline)
        if cycle is not None and not cycle.response_complete:
            said = said or cycle.response_started or not self._in_body
            cycle.disconnected = True
            cycle.message_event.set()
            self.flow.resume_writing()
        self.pipeline.clear()
        self._held = b""
        if not said:
            path = cycle.scope["path"] if self._in_body and cycle is not None else self._asked_for()
            self._outgoing.write(response(*self.config.words(why, path)))
        self._broken = True
        if why is Unread.FULL:
            self._outgoing.close_now()
        else:
            self._outgoing.close()

    def _asked_for(self) -> str:
        url: bytes = getattr(self, "url", b"") if self._head else b""
        return url[:1024].partition(b"?")[0].decode("latin-1")
