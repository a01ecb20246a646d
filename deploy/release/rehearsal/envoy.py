"""A real Envoy of a rehearsal's own, which sends everybody to build A when it begins."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from core.errors import Unavailable
from deploy.ops.logs import LogFile
from deploy.release.edge import EdgeSettings
from deploy.release.edge.files import initial, write
from deploy.release.edge.process import EnvoyProcess
from deploy.release.model import Addresses, Routing, Slot

READY_SECONDS = 60.0
LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class RunningEdge:
    """Where it listens."""

    admin: str
    api: str
    web: str


@asynccontextmanager
async def running_edge(
    settings: EdgeSettings, log: LogFile, a: Addresses
) -> AsyncIterator[RunningEdge]:
    """Envoy for as long as the block lasts."""
    admin = f"{settings.admin_host}:{settings.admin_port}"
    await asyncio.to_thread(
        write, settings.folder, initial(settings, Routing(Slot.BLUE), {Slot.BLUE: a})
    )
    process = EnvoyProcess(settings.folder, admin, log)
    process.start()
    try:
        await _ready(process)
        places = (
            f"http://{settings.host}:{port}" for port in (settings.api_port, settings.web_port)
        )
        yield RunningEdge(admin, *places)
    finally:
        await asyncio.to_thread(process.stop)


async def _ready(process: EnvoyProcess) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while (said := await asyncio.to_thread(process.complaint)) is not None:
        if process.ended() is not None or time.monotonic() > deadline:
            last = process.log.last(10) if process.log else []
            raise Unavailable("\n".join([f"The edge does not start: {said}", *last]))
        await asyncio.sleep(LOOK_SECONDS)
