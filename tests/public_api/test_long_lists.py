"""Statements in pages, and a list that is long: nobody waits for whoever asks for it."""

import asyncio
import time
from uuid import UUID

import httpx
import pytest

from tests.bff.test_long_case import STATEMENTS
from tests.builders import House, Partner, company

MANY = 4_000


async def long_list(house: House, partner: Partner, many: int = MANY) -> str:
    """The path of the statements of an application that has so many more."""
    case = await house.case(partner, company(3, months=3))
    async with house.db.pool.lease() as connection:
        await connection.execute(STATEMENTS, UUID(case), many)
    return f"/v2/applications/{case}/statements"


async def test_pages_of_statements_make_the_list(house: House) -> None:
    partner = await house.partner()
    place = await long_list(house, partner, 40)
    whole = await partner.get(place)
    assert "next" not in whole
    page = await partner.get(f"{place}?limit=25")
    rows = page["data"]
    assert page["accounts"] == whole["accounts"]
    while page["next"]:
        page = await partner.get(f"{place}?limit=25&after={page['next']}")
        assert page["accounts"] == []
        assert (page["reconciles"], page["difference"]) == (
            whole["reconciles"],
            whole["difference"],
        )
        rows += page["data"]
    assert rows == whole["data"]


async def test_pages_are_narrowed_as_the_list_is(house: House) -> None:
    partner = await house.partner()
    place = await long_list(house, partner, 5)
    chosen = await partner.get(f"{place}?evidence_of=completeness")
    assert 1 < len(chosen["data"]) < len((await partner.get(place))["data"])
    page = await partner.get(f"{place}?evidence_of=completeness&limit=1")
    rows = page["data"]
    while page["next"]:
        page = await partner.get(f"{place}?evidence_of=completeness&limit=1&after={page['next']}")
        rows += page["data"]
    assert rows == chosen["data"]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=many", "limit=", "after=x"])
async def test_what_was_passed_over_before_there_were_pages_still_is(
    house: House, query: str
) -> None:
    partner = await house.partner()
    place = await long_list(house, partner, 1)
    assert (await partner.http.get(f"{place}?{query}")).content == (
        await partner.http.get(place)
    ).content


async def test_a_page_after_a_cursor_that_is_none_is_not_there(house: House) -> None:
    partner = await house.partner()
    place = await long_list(house, partner, 1)
    await partner.get(f"{place}?limit=1&after=x", 404)


async def test_a_long_list_is_whole_and_others_are_served_meanwhile(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner, other = await house.partner(), await house.partner("Andere")
    place = await long_list(house, partner)
    own = f"/v2/applications/{await other.submit()}"
    monkeypatch.setattr("public_api.endpoints.statements.FEW", 10**6)
    before = await partner.http.get(place)
    monkeypatch.setattr("public_api.endpoints.statements.FEW", 1_000)
    asking = asyncio.create_task(partner.http.get(place))
    served = 0
    while not asking.done():
        assert (await other.http.get(own)).status_code == 200
        served += 1
    answer: httpx.Response = asking.result()
    assert answer.content == before.content  # byte for byte what it was in one piece
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert len(answer.content) > 1024 * 1024
    assert served >= 5
    head = await partner.http.head(place)
    assert head.headers["Content-Length"] == answer.headers["Content-Length"]
    assert head.content == b""


async def test_a_page_of_many_is_far_less_work_than_all_of_them(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("public_api.endpoints.statements.FEW", 10**6)
    partner = await house.partner()
    place = await long_list(house, partner)
    page = await partner.get(f"{place}?limit=100")
    began = time.process_time()
    await partner.get(f"{place}?limit=100&after={page['next']}")
    between = time.process_time()
    await partner.get(place)
    assert 4 * (between - began) < time.process_time() - between
