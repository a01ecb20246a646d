"""What the old build's clients were promised, asked again and again of builds that really run."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import httpx

from core.db import Database
from core.settings import Environment, Settings
from deploy.release.rehearsal.golden import OF_SERVERS, STORIES
from public_api.app import PublicApi
from tests.builders import House
from tests.contracts.exchange import Exchange, parse
from tests.contracts.play import Stage
from tests.prove.builds import Build

GROUND = (("v2", "ground"), ("v1", "ground"))


class ToBuild(httpx.AsyncBaseTransport):
    """Sends what is meant for the API to a process, whose server's own headers it leaves out."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it there; it still says that it is for the API's own name."""
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        answer = await self._inner.handle_async_request(request)
        kept = [(k, v) for k, v in answer.headers.raw if k.decode().lower() not in OF_SERVERS]
        answer.headers = httpx.Headers(kept)
        return answer

    async def aclose(self) -> None:
        """Hang up."""
        await self._inner.aclose()


@dataclass
class GoldenTraffic:
    """Tells the old build's stories in turn to whichever builds are there."""

    old: Build
    database: str
    db: Database
    folder: Path
    ports: Callable[[], list[int]]
    exchanges: int = 0
    failures: list[str] = field(default_factory=list)
    _telling: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self) -> None:
        """Tell one story after the other, for ever."""
        stories = itertools.cycle(GROUND + STORIES)
        for turn in itertools.count():
            async with self._telling:
                ports = self.ports()
                await self._tell(*next(stories), ports[turn // len(GROUND + STORIES) % len(ports)])
            await asyncio.sleep(0.2)

    async def between_stories(self) -> None:
        """Wait until the story that is being told has ended; the next asks anew who is there."""
        async with self._telling:
            return

    def _recorded(self, version: str, story: str) -> list[Exchange]:
        return parse((self.old.tree / "tests/contracts" / version / f"{story}.json").read_text())

    async def _tell(self, version: str, story: str, port: int) -> None:
        async with httpx.AsyncClient(transport=ToBuild(port), base_url="http://api.test") as http:
            stage = Stage(self._house(http))
            for exchange in self._recorded(version, story):
                try:
                    await stage.replay(exchange)
                except (AssertionError, httpx.HTTPError) as problem:
                    name = f"{version} {story}: {exchange.ask.name}"
                    self.failures.append(f"{name}: {type(problem).__name__} {problem}"[:600])
                    return
                self.exchanges += 1

    def _house(self, http: httpx.AsyncClient) -> House:
        settings = Settings(env=Environment.TEST, database_url=self.database)
        api = cast(PublicApi, None)  # the one that answers runs elsewhere
        return House(settings, self.db, api, http, self.folder)
