"""What tests of the shadow stand on: the role that reads, two shadows, a differ between them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp

from core.settings import Settings
from deploy.ops.serve import HealthServer
from deploy.release.shadow import role
from deploy.release.shadow.differ import DifferBounds, MirrorDiffer
from public_api.app import VERSIONS, PublicApi
from public_api.versions import Version
from tests.builders import House, Partner
from tests.ports import free_ports

QUICK = (0.01, 0.02, 0.05, 0.1)


@pytest.fixture
async def read_only(database: str, administration: asyncpg.Connection) -> AsyncIterator[str]:
    """The database's address for a role that can only read."""
    yield await role.ensure(database, {})
    await administration.execute(f"DROP ROLE {role.named(database)[0]}")


@asynccontextmanager
async def listening(app: ASGIApp, *, lifespan: bool = True) -> AsyncIterator[str]:
    """An application that really listens; where, as `host:port`."""
    (port,) = free_ports(1)
    config = uvicorn.Config(
        app,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="on" if lifespan else "off",
        timeout_graceful_shutdown=1,
    )
    server = HealthServer(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        assert not serving.done(), "it did not start"
        await asyncio.sleep(0.01)
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving


@dataclass
class Stage:
    """An instance that users call, the shadows of A and B, and what is mirrored to the differ."""

    house: House
    partner: Partner
    differ: MirrorDiffer
    mirrored: httpx.AsyncClient
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def lines(self) -> list[str]:
        """What the report says, once all that was mirrored is compared."""
        from deploy.release.shadow.report import ShadowReport

        await self.differ.idle()
        return list(ShadowReport.of(self.differ.findings, ()).lines())


class Mirroring(httpx.AsyncBaseTransport):
    """Sends a request where it belongs, and a copy to the differ, as the edge does."""

    def __init__(self, live: httpx.AsyncBaseTransport, differ: ASGIApp) -> None:
        self._live = live
        self._differ = httpx.ASGITransport(differ)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The live answer; the differ's is thrown away."""
        body = await request.aread()
        copy = httpx.Request(request.method, request.url, headers=request.headers, content=body)
        answer = await self._live.handle_async_request(request)
        assert (await self._differ.handle_async_request(copy)).status_code == 204
        return answer


def shadow_settings(house: House, read_only: str) -> Settings:
    """What a shadow of this instance finds set."""
    return house.settings.model_copy(update={"database_url": read_only, "shadow": True})


@asynccontextmanager
async def staged(
    house: House,
    read_only: str,
    folder: Path,
    b: Sequence[Version] = VERSIONS,
    bounds: DifferBounds | None = None,
    alter: Callable[[ASGIApp], ASGIApp] = lambda app: app,
) -> AsyncIterator[Stage]:
    """Shadows of A, which is this build, and of B, which speaks otherwise; a differ between."""
    settings = shadow_settings(house, read_only)
    partner = await house.partner()
    folder = folder / "shadow"
    folder.mkdir()
    async with AsyncExitStack() as stack:
        shadow_a = await stack.enter_async_context(listening(alter(PublicApi(settings))))
        shadow_b = await stack.enter_async_context(listening(PublicApi(settings, b)))
        chosen = bounds or DifferBounds(pauses=QUICK, at_once=4)
        differ = MirrorDiffer(folder, [shadow_a], [shadow_b], chosen)
        await stack.enter_async_context(differ.running())
        http = await stack.enter_async_context(
            httpx.AsyncClient(
                transport=Mirroring(house.http._transport, differ),
                base_url="http://api.test",
                headers=partner.http.headers,
            )
        )
        yield Stage(house, partner, differ, http)
