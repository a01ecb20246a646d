"""Where golden deliveries arrive: what the worker would send over the network, kept instead."""

import asyncio
from collections import deque
from ipaddress import ip_address

import httpx

from core.db import Database
from deploy.ops.dispatch import Dispatcher
from deploy.ops.worker import JobWorker
from public_api.addresses import Address, Reach
from public_api.deliveries import Sender
from tests.builders import House
from tests.published import check_delivery

OURS = ("content-type", "x-signature", "beleg-version")
"""The headers that are promised beside those of Standard Webhooks; others are the client's."""


class ReadingWorker(JobWorker):
    """A worker that tells nobody of what it reads: that is for the postbox to do."""

    async def _deliver_webhooks(self, _db: Database, stopping: asyncio.Event) -> None:
        await stopping.wait()


class Postbox:
    """Takes every delivery, and gives them out one by one for each address."""

    def __init__(self) -> None:
        self._requests: dict[str, deque[httpx.Request]] = {}

    async def next(self, house: House, url: str) -> tuple[int, list[tuple[str, str]], str]:
        """Status, headers and body of the next delivery to an address, once the worker made it."""
        if not self._requests.get(url):
            await self._collect(house, url)
        request = self._requests[url].popleft()
        check_delivery(request.headers["beleg-version"], request.content)
        headers = [
            (name, value)
            for name, value in sorted(request.headers.multi_items())
            if name in OURS or name.startswith("webhook-")
        ]
        return 204, headers, request.content.decode()

    async def _collect(self, house: House, url: str) -> None:
        stopping = asyncio.Event()
        async with httpx.AsyncClient(transport=httpx.MockTransport(self._receive)) as http:
            sender = Sender(http, Reach.of(house.settings), _public)
            dispatcher = asyncio.create_task(Dispatcher(house.db, sender).run(stopping))
            try:
                async with asyncio.timeout(60):
                    while not self._requests.get(url):
                        await asyncio.sleep(0.02)
            finally:
                stopping.set()
                await dispatcher

    def _receive(self, request: httpx.Request) -> httpx.Response:
        url = str(request.url.copy_with(host=request.headers["host"]))
        self._requests.setdefault(url, deque()).append(request)
        return httpx.Response(204, stream=httpx.ByteStream(b""))


async def _public(_host: str) -> list[Address]:
    return [ip_address("8.8.8.8")]
