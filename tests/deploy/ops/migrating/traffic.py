"""Partners who call the public API all the while, and how long each answer took."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

from tests.builders import application, part, running


class Call(NamedTuple):
    """One call: when it was answered, in how many seconds, and with which status."""

    at: float
    seconds: float
    status: int


class Traffic:
    """Calls that go on for as long as the block lasts."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def since(self, start: float) -> list[Call]:
        """The calls that were answered after this moment."""
        return [call for call in self.calls if call.at >= start]

    @property
    def failed(self) -> list[int]:
        """The statuses that no partner would like to see."""
        return [call.status for call in self.calls if call.status >= 400 or call.status == 0]

    async def keep_calling(self, http: httpx.AsyncClient, rest: float) -> None:
        """Hand in an application, then look at it and at the list, again and again."""
        for number in itertools.count():
            made = await self._call(http, "POST", "/v2/applications", json=application())
            path = f"/v2/applications/{made.json()['id']}" if made else "/v2/applications"
            await self._call(http, "GET", path)
            await self._call(http, "GET", "/v1/applications?page=1" if number % 2 else path)
            await asyncio.sleep(rest)

    async def _call(
        self, http: httpx.AsyncClient, method: str, path: str, json: object = None
    ) -> httpx.Response | None:
        started = time.monotonic()
        try:
            answer = await http.request(method, path, json=json)
        except httpx.TransportError:
            answer = None
        now = time.monotonic()
        self.calls.append(Call(now, now - started, answer.status_code if answer else 0))
        return answer


def p99(calls: list[Call]) -> float:
    """The 99th percentile of the calls' seconds."""
    ordered = sorted(call.seconds for call in calls)
    return ordered[int(len(ordered) * 0.99)] if ordered else 0.0


@asynccontextmanager
async def traffic(
    database: str, folder: Path, callers: int = 3, rest: float = 0.02
) -> AsyncIterator[Traffic]:
    """The public API as a process of its own, and partners who call it."""
    async with running(database, folder) as house, part("api", database, folder) as api:
        key = (await house.partner(per_minute=1_000_000, per_day=100_000_000)).key
        async with httpx.AsyncClient(
            base_url=api.url, headers={"Authorization": f"Bearer {key}"}, timeout=60
        ) as http:
            calls = Traffic()
            tasks = [asyncio.create_task(calls.keep_calling(http, rest)) for _ in range(callers)]
            try:
                yield calls
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
