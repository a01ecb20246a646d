"""Runs one part of the product until it is told to stop: a face, or the worker.

Beside each stands a small server of its own port for health and metrics, in the same loop: it
answers as long as the part does.
"""

import asyncio
import contextlib
import gc
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any, Protocol

import uvloop
from starlette.types import ASGIApp, Receive, Scope, Send

from core.errors import Unavailable
from core.health import Health
from deploy.ops.bounding import BoundedConfig, LookingServer
from deploy.ops.internal import internal
from deploy.ops.lingering import UnreadBodies
from deploy.ops.unread import Words, plain
from deploy.ops.wire_limits import WireLimits

Look = Callable[[], Awaitable[Health]]


class Face(Protocol):
    """An ASGI application that knows how what it stands on is."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

    async def health(self) -> Health:
        """How what it stands on is; raises Unavailable where it is only starting."""


class Worker(Protocol):
    """What works through the jobs."""

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until told to stop, and finish what was begun."""

    async def health(self) -> Health:
        """How what it stands on is; raises Unavailable where it is only starting."""


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """Where a part listens, and for how long it goes on serving once it is told to stop.

    Behind proxies of ours the face itself says who calls (`BELEG_TRUSTED_HOPS`), and nobody else.
    """

    host: str
    port: int
    metrics_port: int
    drain: float
    proxied: bool = False
    metrics_host: str = ""
    """Where health and metrics are asked for, if not there too."""


class FaceServer(LookingServer):
    """A server that, told to stop, first says that it is not ready and serves on for a while."""

    def __init__(self, config: BoundedConfig, drain: float) -> None:
        super().__init__(config)
        self.stopping = False
        self._drain = drain

    async def startup(self, sockets: Any = None) -> None:
        """Start, then take all that start made out of the garbage collector's sight."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        calm_collector()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Drain; a second signal stops at once."""
        if self.stopping or not self.started:
            self.should_exit = True
            return
        self.stopping = True
        self._loop.call_soon_threadsafe(self._loop.call_later, self._drain, self._leave)

    def _leave(self) -> None:
        self.should_exit = True


class HealthServer(LookingServer):
    """The server of the internal port; signals are the part's business."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def serve(
    face: Face, place: ListenAddress, limits: WireLimits | None = None, words: Words = plain
) -> None:
    """Serve a face until SIGTERM or SIGINT; what is refused unread it says in these words."""
    limits = limits or WireLimits()
    config = _config(face, place.host, place.port, limits, "on", words, not place.proxied)
    server = FaceServer(config, place.drain)

    async def health() -> Health:
        if server.stopping or not server.started:
            raise Unavailable("This instance is stopping." if server.stopping else "Starting.")
        return await face.health()

    async def run() -> None:
        async with _health(health, place.metrics_host or place.host, place.metrics_port, limits):
            await server.serve()

    _run(run)


def work(worker: Worker, host: str, metrics_port: int, limits: WireLimits | None = None) -> None:
    """Let the worker work until SIGTERM or SIGINT."""
    limits = limits or WireLimits()

    async def run() -> None:
        stopping = asyncio.Event()
        for each in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(each, stopping.set)

        async def health() -> Health:
            if stopping.is_set():
                raise Unavailable("This instance is stopping.")
            return await worker.health()

        async with _health(health, host, metrics_port, limits):
            calm_collector()
            await worker.run(stopping)

    _run(run)


def calm_collector() -> None:
    """Look for garbage seldom, and never among what start made: p99 falls to a fifth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)


@asynccontextmanager
async def _health(health: Look, host: str, port: int, limits: WireLimits) -> AsyncIterator[None]:
    server = HealthServer(_config(internal(health), host, port, limits.apart(), "off"))
    serving = asyncio.create_task(server.serve())
    try:
        yield
    finally:
        server.should_exit = True
        await serving


def _config(
    app: ASGIApp,
    host: str,
    port: int,
    limits: WireLimits,
    lifespan: Any,
    words: Words = plain,
    proxy_headers: bool = True,
) -> BoundedConfig:
    return BoundedConfig(
        UnreadBodies(app),
        limits=limits,
        words=words,
        interface="asgi3",
        host=host,
        port=port,
        ws="none",
        lifespan=lifespan,
        log_config=None,  # telemetry has set up the logs
        access_log=False,
        server_header=False,
        proxy_headers=proxy_headers,
        timeout_keep_alive=75,  # longer than a proxy keeps an idle connection
        timeout_graceful_shutdown=30,
    )


def _run(run: Callable[[], Any]) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())
