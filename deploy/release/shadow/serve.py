"""Runs a differ until it is told to stop; it gives way to everybody else on its machine."""

import asyncio
import os
from pathlib import Path

import uvicorn

from deploy.release.shadow.differ import Bounds, Differ
from deploy.release.shadow.local import Held, Place

NICE = 10


def serve(folder: Path, place: Place, bounds: Bounds) -> None:
    """Take what is mirrored to this place, until SIGTERM."""
    held = Held(folder, place)
    os.nice(NICE)
    asyncio.run(_serve(folder, place, bounds))
    del held


async def _serve(folder: Path, place: Place, bounds: Bounds) -> None:
    differ = Differ(folder, place.a, place.b, bounds)
    server = uvicorn.Server(
        uvicorn.Config(
            differ,
            interface="asgi3",
            host=place.host,
            port=place.port,
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
    async with differ.running():
        await server.serve()
