"""What a partner that polls for events sees: each once, in order, whoever else is writing."""

import asyncio
from typing import get_args
from uuid import UUID

import asyncpg
import pytest

from core.events import EventKind
from core.ids import new_id
from public_api.v2.events import TYPE, TypeWord, type_of
from tests.builders import House, Partner, company

INSERT = """INSERT INTO event (id, at, client_id, application_id, kind, data)
VALUES ($1, now(), $2, $3, 'application.reading', '{}')"""


async def poll(partner: Partner, after: str = "", limit: int = 100) -> tuple[list[str], str]:
    """The ids of the events after a cursor, and the cursor to go on with."""
    page = await partner.get(f"/v2/events?limit={limit}&after={after}")
    return [each["id"] for each in page["data"]], page["next"]


async def test_a_poller_sees_a_whole_case(house: House) -> None:
    partner = await house.partner()
    types: list[str] = []
    _, at = await poll(partner)
    case = await house.case(partner, company(3, months=12))
    async with asyncio.timeout(60):
        while types[-1:] != ["application.in_review"]:
            page = await partner.get(f"/v2/events?limit=3&after={at}")
            assert len(page["data"]) <= 3
            assert {each["data"]["application_id"] for each in page["data"]} <= {case}
            types += [each["type"] for each in page["data"]]
            at = page["next"]
    assert types[:3] == ["application.received", "application.reading", "document.queued"]
    assert await poll(partner, at) == ([], at)
    await partner.http.delete(f"/v2/applications/{case}?reason=duplicate")
    await house.settled()
    (last,) = (await partner.get(f"/v2/events?after={at}"))["data"]
    assert last["type"] == "application.withdrawn"
    assert last["data"] == {"application_id": case, "reason": "duplicate"}


async def test_an_event_of_a_transaction_that_ends_late_is_not_skipped(
    house: House, database: str
) -> None:
    partner = await house.partner()
    about = await partner.submit()
    _, at = await poll(partner)
    slow, late = await asyncpg.connect(database), new_id()
    try:
        await slow.execute("BEGIN")
        await slow.execute(INSERT, late, partner.client_id, UUID(about))
        await partner.submit()
        assert await poll(partner, at) == ([], at)
        await slow.execute("COMMIT")
    finally:
        await slow.close()
    await house.settled()
    ids, _ = await poll(partner, at)
    assert len(ids) == 2
    assert ids[0] == str(late)


async def test_a_poller_misses_nothing_while_many_write(house: House) -> None:
    partner = await house.partner()
    ids: list[str] = []
    writing = asyncio.gather(*(partner.submit() for _ in range(60)))
    at = ""
    async with asyncio.timeout(60):
        while len(ids) < 60:
            fresh, at = await poll(partner, at, 7)
            ids += fresh
    assert len(ids) == len(set(ids)) == len(await writing)


async def test_a_stranger_sees_nothing_of_it(house: House) -> None:
    partner, stranger = await house.partner(), await house.partner("Fremd")
    await partner.submit()
    await house.settled()
    ids, at = await poll(partner)
    assert len(ids) == 1
    assert (await poll(stranger))[0] == []
    assert (await poll(stranger, at))[0] == []


@pytest.mark.parametrize("query", ["after=noise", "after=AAAA", "limit=0", "limit=101"])
async def test_a_cursor_we_did_not_give_out_is_refused(house: House, query: str) -> None:
    partner = await house.partner()
    assert (await partner.get(f"/v2/events?{query}", 422))["errors"]


@pytest.mark.unit
def test_whatever_can_happen_has_a_word() -> None:
    assert set(TYPE) == set(EventKind)
    assert sorted(TYPE.values()) == sorted(get_args(TypeWord))
    assert type_of("application.teleported") == "application.teleported"
