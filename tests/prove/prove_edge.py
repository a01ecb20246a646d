"""The edge at length: every golden exchange passes it unchanged; kills and weights under load."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import cast

import httpx

from core.settings import Environment, Settings
from deploy.release.model import Addresses, Routing, Slot
from deploy.release.rehearsal.golden import STORIES
from public_api.app import PublicApi
from tests.builders import House, Part, part
from tests.contracts.exchange import FOLDER, load
from tests.contracts.play import Stage
from tests.deploy.release.test_edge_before_the_api import Load, made, read, write_once
from tests.edges import envoy
from tests.prove.golden import ToBuild
from tests.tables import add_row

TITLE = "Partners' requests through the edge while APIs are killed and weights change"


class Uncompressed(ToBuild):
    """Asks for answers as they are, and leaves out what says that they may come smaller."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it to the edge."""
        request.headers["accept-encoding"] = "identity"
        answer = await super().handle_async_request(request)
        said = answer.headers.pop("vary", "")
        kept = [each for each in said.split(", ") if each and each != "Accept-Encoding"]
        answer.headers.update({"vary": ", ".join(kept)} if kept else {})
        return answer


TOLD = [each for each in STORIES if each[1] != "ground"]
"""That one is told of rows which older schemas have left behind."""
WEIGHTS = (1, 5, 25, 50, 100, 50, 0, 100)


async def test_every_golden_exchange_passes_the_edge_byte_for_byte(
    house: House, database: str, tmp_path: Path
) -> None:
    async with part("api", database, house.folder, BELEG_TRUSTED_HOPS="1") as api:
        place = Addresses((api.url.removeprefix("http://"),))
        async with envoy(tmp_path, Routing(Slot.BLUE), {Slot.BLUE: place}) as edge:
            told = 0
            for version, story in TOLD:
                transport = Uncompressed(edge.settings.api_port)
                async with httpx.AsyncClient(
                    transport=transport,
                    base_url="http://api.test",
                ) as http:
                    settings = Settings(env=Environment.TEST, database_url=database)
                    nobody = cast(PublicApi, None)  # the one that answers stands behind the edge
                    stage = Stage(House(settings, house.db, nobody, http, house.folder))
                    for exchange in load(FOLDER / version / f"{story}.json"):
                        await stage.replay(exchange)
                        told += 1
            assert told > 100


@asynccontextmanager
async def two_slots(house: House, database: str) -> AsyncIterator[dict[Slot, list[Part]]]:
    """Two APIs in each of the two slots."""
    async with AsyncExitStack() as stack:
        found = {}
        for slot in (Slot.BLUE, Slot.GREEN):
            each = [part("api", database, house.folder, BELEG_TRUSTED_HOPS="1") for _ in range(2)]
            found[slot] = list(await asyncio.gather(*map(stack.enter_async_context, each)))
        yield found


async def test_kills_and_weights_under_load_fail_nothing_and_lose_nothing(
    house: House, database: str, tmp_path: Path
) -> None:
    partner, began = await house.partner(per_minute=10_000_000), time.monotonic()
    async with two_slots(house, database) as standing:
        addresses = {
            slot: Addresses(
                tuple(each.url.removeprefix("http://") for each in pair),
                health=tuple(each.internal.removeprefix("http://") for each in pair),
            )
            for slot, pair in standing.items()
        }
        async with (
            envoy(tmp_path, Routing(Slot.BLUE), addresses) as edge,
            Load(edge, partner.key, write_once, read) as load_,
        ):
            await load_.more(300)
            for weight in WEIGHTS:
                await edge.send(Routing(Slot.BLUE, Slot.GREEN, weight))
                await load_.more(100)
            await standing[Slot.GREEN][0].kill()
            await load_.more(500)
            await edge.send(Routing(Slot.BLUE))
            await standing[Slot.BLUE][1].kill()
            await load_.more(500)
            counters = await edge.file_edge.counters()
        assert set(load_.statuses) == {200, 201}
        assert await made(house) == load_.statuses.count(201)
    add_row(
        TITLE,
        f"{len(load_.statuses)} requests",
        f"{len(WEIGHTS)} weights",
        "2 kills",
        f"{sum(each.failed for each in counters.values())} tries made again",
        "0 failed, 0 lost",
        f"{time.monotonic() - began:.0f} s",
    )
