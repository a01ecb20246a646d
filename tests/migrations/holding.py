"""Sessions that are in a migration's way, and what partners notice meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle

import asyncpg
import httpx

from deploy.ops.migrating.apply import migrate
from deploy.ops.migrating.migrator import Manner
from tests.builders import application

READER = "Excel of the controlling department"
LOOK = "SELECT id, 'Schmidt GmbH' FROM application WHERE legal_name = 'Schmidt'"


@asynccontextmanager
async def holding(database: str, statement: str) -> AsyncIterator[asyncpg.Connection]:
    """A session with an open transaction in which it has run this statement."""
    connection = await asyncpg.connect(database, server_settings={"application_name": READER})
    transaction = connection.transaction()
    await transaction.start()
    await connection.fetch(statement)
    try:
        yield connection
    finally:
        await connection.close()


async def migrated_after_a_reader(database: str, manner: Manner, seconds: float) -> None:
    """Migrate while a reader is in the way for so long; it is done soon after."""
    async with holding(database, LOOK):
        migrating = asyncio.create_task(asyncio.to_thread(migrate, database, "head", manner))
        await asyncio.sleep(seconds)
        assert not migrating.done()
    async with asyncio.timeout(60):
        assert await migrating


@dataclass
class Load:
    """Requests of some partners, one after the other for each, and how they went."""

    url: str
    key: str
    seconds: list[float] = field(default_factory=list)
    failed: list[httpx.Response] = field(default_factory=list)

    @asynccontextmanager
    async def running(self, partners: int = 4) -> AsyncIterator[None]:
        """Go on for as long as the block lasts."""
        ended = asyncio.Event()
        authorization = {"Authorization": f"Bearer {self.key}"}
        async with httpx.AsyncClient(base_url=self.url, headers=authorization) as http:
            calling = [asyncio.create_task(self._call(http, ended)) for _ in range(partners)]
            try:
                yield
            finally:
                ended.set()
                await asyncio.gather(*calling)

    async def _call(self, http: httpx.AsyncClient, ended: asyncio.Event) -> None:
        for method in cycle(("POST", "GET", "GET", "GET")):
            if ended.is_set():
                return
            content = application() if method == "POST" else None
            began = time.perf_counter()
            answer = await http.request(method, "/v2/applications", json=content)
            self.seconds.append(time.perf_counter() - began)
            if not answer.is_success:
                self.failed.append(answer)
            await asyncio.sleep(0.01)

    @property
    def p99(self) -> float:
        """The time within which 99 of 100 were answered, in seconds."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.99)]
