"""What all versions promise of twins: the same request, sent again while the first is at work."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg
import httpx
import pytest

from core.idempotency import IdempotencyKey
from core.query import Query
from tests.builders import House, Part, application, part
from tests.contracts.bodies import BODIES, VERSION

WAITING = Query("SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'", (), {})
LATCH = """
CREATE OR REPLACE FUNCTION wait_for_latch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END $$;
CREATE OR REPLACE TRIGGER latch AFTER INSERT ON event
FOR EACH ROW EXECUTE FUNCTION wait_for_latch();
"""
TRIES = 3  # where the machine is so busy that the twins are told to come back before others are


@asynccontextmanager
async def stuck(database: str) -> AsyncIterator[asyncpg.Connection]:
    """Whatever writes an event waits for as long as the block lasts."""
    blocker = await asyncpg.connect(database)
    await blocker.execute(LATCH)
    await blocker.execute("BEGIN; SELECT pg_advisory_xact_lock(1)")
    try:
        yield blocker
    finally:
        await blocker.close()


async def one_waits(house: House) -> None:
    """Return once somebody waits in the database."""
    async with asyncio.timeout(60):
        while not (row := await house.db.one(WAITING)) or not row["n"]:
            await asyncio.sleep(0.02)


@asynccontextmanager
async def apis(house: House, database: str, number: int) -> AsyncIterator[list[Part]]:
    """So many processes of the API on one database."""
    async with AsyncExitStack() as stack:
        each = [part("api", database, house.folder) for _ in range(number)]
        yield [await stack.enter_async_context(one) for one in each]


def require_same(answers: Sequence[httpx.Response], status: int) -> None:
    """One of them did the work, and all others give its answer byte for byte."""
    assert {each.status_code for each in answers} == {status}
    assert len({each.content for each in answers}) == 1
    assert sum("idempotent-replayed" not in each.headers for each in answers) == 1


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("noun", ["application", "document"])
async def test_waiting_twins_keep_nobody_else_waiting(
    house: House, database: str, noun: str, processes: int
) -> None:
    """However many wait for their first, others are answered as ever: twins hold no connection."""
    partner, other = await house.partner(), await house.partner("Andere")
    path, sent = "/v2/applications", {"json": application()}
    if noun == "document":
        path += f"/{await partner.submit()}/documents"
        sent = {"files": {"file": ("a.xml", b"<a/>")}}
    headers = {"Authorization": f"Bearer {partner.key}"}
    others = {"Authorization": f"Bearer {other.key}"}
    async with apis(house, database, processes) as served, httpx.AsyncClient(timeout=60) as http:

        async def post(turn: int, name: str) -> httpx.Response:
            url, keyed = served[turn % processes].url + path, headers | {"Idempotency-Key": name}
            return await http.post(url, **sent, headers=keyed)  # type: ignore[arg-type]

        for name in map(str, range(TRIES)):
            async with stuck(database):
                turns = range(12 * processes + 1)
                twins = [asyncio.create_task(post(turn, name)) for turn in turns]
                await one_waits(house)
                await asyncio.sleep(0.5)
                looks = [http.get(f"{each.url}/v2/applications", headers=others) for each in served]
                assert {each.status_code for each in await asyncio.gather(*looks)} == {200}
                waiting = [each for each in twins if not each.done()]
            if len(waiting) == len(twins):
                break
            await asyncio.gather(*twins)
        require_same(await asyncio.gather(*twins), 201 if noun == "application" else 202)
    assert len(waiting) == len(twins)


async def test_a_twin_of_a_process_that_was_killed_does_the_work_itself(
    house: House, database: str
) -> None:
    """Where the first ends without an answer, its twin at another process becomes the first."""
    partner = await house.partner()
    headers = {"Authorization": f"Bearer {partner.key}", "Idempotency-Key": "twin"}
    async with (
        apis(house, database, 2) as (first, second),
        httpx.AsyncClient(headers=headers, timeout=60) as http,
    ):

        async def post(api: Part) -> httpx.Response:
            return await http.post(f"{api.url}/v2/applications", json=application())

        async with stuck(database) as blocker:
            lost = asyncio.create_task(post(first))
            await one_waits(house)
            twin = asyncio.create_task(post(second))
            await asyncio.sleep(0.3)
            await first.kill()
            with pytest.raises(httpx.TransportError):
                await lost
            await blocker.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' ORDER BY query_start LIMIT 1"
            )
        answer = await twin
    assert (answer.status_code, "idempotent-replayed" in answer.headers) == (201, False)
    listed = await partner.get("/v2/applications")
    assert [each["id"] for each in listed["data"]] == [answer.json()["id"]]


@VERSION
async def test_a_twin_at_another_process_does_not_wait_for_ever(
    house: House, database: str, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first that goes on and on at another process: the twin is told so, and may come again."""
    monkeypatch.setattr("core.idempotency.PATIENCE_SECONDS", 0.3)
    partner = await house.partner()
    lock = IdempotencyKey(partner.client_id, "slow", version, b"").lock
    elsewhere = await asyncpg.connect(database)
    await elsewhere.execute(f"BEGIN; SELECT pg_advisory_xact_lock({lock})")

    async def post() -> httpx.Response:
        place, headers = f"/{version}/applications", {"Idempotency-Key": "slow"}
        return await partner.http.post(place, json=BODIES[version], headers=headers)

    for answer in await asyncio.gather(post(), post()):
        assert answer.status_code == 409
        assert "in_progress" in answer.text or "in-progress" in answer.text
    await elsewhere.close()
    require_same(await asyncio.gather(post(), post()), 201)
