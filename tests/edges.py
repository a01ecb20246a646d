"""What tests of the edge stand on: a real Envoy, and servers behind it that say who they are."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.types import Message, Receive, Scope, Send

from deploy.ops.logs import LogFile
from deploy.release.edge import EdgeSettings, FileEdge, initial, write
from deploy.release.edge.process import EnvoyProcess
from deploy.release.model import Addresses, Routing, Slot
from tests.ports import free_ports

SECONDS = 60.0


class Echo:
    """A server that says which slot it stands in and what it was asked; `/readyz` as it is told."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.ready = True
        self.hung = False
        self.files: dict[str, bytes] = {}
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[dict[str, Any]] = []
        (self.port,) = free_ports(1)

    @property
    def place(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(name.decode(), value.decode("latin-1")) for name, value in scope["headers"]]
        if scope["path"] == "/readyz":
            await self._say(send, 200 if self.ready else 503, {}, b"{}")
            return
        body = b""
        more = True
        while more:
            message: Message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        said = {
            "slot": self.name,
            "method": scope["method"],
            "path": scope["path"],
            "headers": headers,
            "body": body.decode("latin-1"),
        }
        self.asked.append(said)
        if self.hung:
            await asyncio.sleep(3600)
        if scope["path"].startswith("/assets/"):
            found = self.files.get(scope["path"])
            await self._say(send, 200 if found else 404, {}, found or b"no such file")
            return
        status, more_headers, content = self.answers.get(scope["path"], (200, {}, b""))
        content = content or json.dumps(said).encode()
        await self._say(send, status, more_headers, content)

    async def _say(self, send: Send, status: int, more: Mapping[str, str], body: bytes) -> None:
        headers = {"content-type": "application/json", "content-length": str(len(body)), **more}
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def serving(app: Any, port: int) -> AsyncIterator[None]:
    """The server, as long as the block lasts."""
    config = uvicorn.Config(
        app, port=port, log_config=None, access_log=False, ws="none", lifespan="off",
        timeout_graceful_shutdown=1, timeout_keep_alive=75, proxy_headers=False,
    )  # fmt: skip
    server = uvicorn.Server(config)
    server.capture_signals = nullcontext  # type: ignore[method-assign,assignment]
    running = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(SECONDS):
            while not server.started:
                await asyncio.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        await running


@dataclass
class Edge:
    """A running Envoy: how it was set up, how it is told, and what stands behind it."""

    settings: EdgeSettings
    process: EnvoyProcess
    file_edge: FileEdge
    addresses: dict[Slot, Addresses] = field(default_factory=dict)
    echoes: dict[str, Echo] = field(default_factory=dict)

    @property
    def api(self) -> str:
        """Where partners call."""
        return f"{self._scheme}://127.0.0.1:{self.settings.api_port}"

    @property
    def web(self) -> str:
        """Where people call."""
        return f"{self._scheme}://127.0.0.1:{self.settings.web_port}"

    @property
    def admin(self) -> str:
        """Where operators ask."""
        return f"http://127.0.0.1:{self.settings.admin_port}"

    @property
    def _scheme(self) -> str:
        return "https" if self.settings.certificate else "http"

    async def send(self, routing: Routing) -> None:
        """Send everybody where this says."""
        await self.file_edge.apply(routing, self.addresses)

    async def config(self) -> dict[str, Any]:
        """All of its dynamic routes, by name."""
        async with httpx.AsyncClient() as http:
            configs = (await http.get(f"{self.admin}/config_dump")).json()["configs"]
        dump = next(each for each in configs if each["@type"].endswith(".RoutesConfigDump"))
        return {each["route_config"]["name"]: each for each in dump["dynamic_route_configs"]}

    @property
    def log(self) -> str:
        """What Envoy has written."""
        assert self.process.log
        return self.process.log.path.read_text()


@asynccontextmanager
async def envoy(
    folder: Path, routing: Routing, addresses: Mapping[Slot, Addresses], **changes: Any
) -> AsyncIterator[Edge]:
    """Envoy, once it is ready, with everybody sent where this says."""
    web, api, admin = free_ports(3)
    settings = EdgeSettings(folder=folder / "edge", api_port=api, web_port=web, admin_port=admin)
    settings = replace(settings, **changes)
    write(settings.folder, initial(settings, routing, addresses))
    log = LogFile(folder / "logs" / "edge.log")
    process = EnvoyProcess(settings.folder, f"127.0.0.1:{admin}", log)
    process.start()
    try:
        async with asyncio.timeout(SECONDS):
            while await asyncio.to_thread(process.complaint) is not None:
                assert process.ended() is None, log.last(20)
                await asyncio.sleep(0.02)
        told = FileEdge(settings.folder, f"127.0.0.1:{admin}", seconds=SECONDS)
        yield Edge(settings, process, told, dict(addresses))
    finally:
        if process.ended() is None:
            process.process.kill()
        process.process.wait()


@asynccontextmanager
async def echoing(
    folder: Path, slots: Mapping[Slot, int], routing: Routing, **changes: Any
) -> AsyncIterator[Edge]:
    """Envoy before servers that say who they are, so many of API and web app in each slot."""
    async with AsyncExitStack() as stack:
        echoes: dict[str, Echo] = {}
        addresses = {}
        for slot, number in slots.items():
            names = [f"{part}-{slot}-{n}" for part in ("api", "web") for n in range(number)]
            for name in names:
                echoes[name] = Echo(name)
                await stack.enter_async_context(serving(echoes[name], echoes[name].port))
            places = [echoes[name].place for name in names]
            addresses[slot] = Addresses(
                tuple(places[:number]), tuple(places[number:]), tuple(places)
            )
        edge = await stack.enter_async_context(envoy(folder, routing, addresses, **changes))
        edge.echoes = echoes
        yield edge
