"""Runs a differ until it is told to stop; it gives way to everybody else on its machine."""

import asyncio
import os
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

from deploy.ops.bounding import BoundedConfig, LookingServer
from deploy.ops.wire_limits import WireLimits
from deploy.release.shadow.differ import DifferBounds, MirrorDiffer
from deploy.release.shadow.local import DifferPlace, FolderHold

NICE = 10


def serve(
    folder: Path, place: DifferPlace, bounds: DifferBounds, findings_port: int | None = None
) -> None:
    """Take what is mirrored to this place, until SIGTERM; what was found is told at the port."""
    held = FolderHold(folder, place)
    os.nice(NICE)
    asyncio.run(_serve(folder, place, bounds, findings_port))
    del held


class Told:
    """Tells whoever asks, whatever he asks, what a differ has found."""

    def __init__(self, differ: MirrorDiffer) -> None:
        self._differ = differ

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        body = orjson.dumps(self._differ.findings.as_json())
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def _serve(
    folder: Path, place: DifferPlace, bounds: DifferBounds, findings_port: int | None
) -> None:
    differ = MirrorDiffer(folder, place.a, place.b, bounds)
    server = _server(differ, place.host, place.port)
    async with differ.running():
        if findings_port is None:
            await server.serve()
            return
        telling = _server(Told(differ), place.host, findings_port)
        telling.capture_signals = nullcontext  # type: ignore[method-assign, assignment]
        told = asyncio.create_task(telling.serve())
        await server.serve()
        telling.should_exit = True
        await told


def _server(application: Any, host: str, port: int) -> LookingServer:
    return LookingServer(
        BoundedConfig(
            application,
            limits=WireLimits(),
            interface="asgi3",
            host=host,
            port=port,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=2,
        )
    )
