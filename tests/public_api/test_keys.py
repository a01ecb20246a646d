"""What becomes of a key: rotated, expired, disabled; and how soon that is noticed."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from core import clients
from core.audit import SYSTEM
from core.clients.store import client, client_key
from core.errors import Invalid
from core.query import compiled, param
from tests.builders import House, Partner

DISABLE = compiled(update(client).where(client.c.id == param("which")).values(disabled=True))
EXPIRE = compiled(
    update(client_key).where(client_key.c.client_id == param("which")).values(expires_at=param("t"))
)
HOUR = 3600.0


@pytest.fixture(autouse=True)
def keys_are_remembered_for_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is noticed sooner was not noticed by looking a key up again."""
    monkeypatch.setattr("core.callers.CACHED_SECONDS", HOUR)


async def status(partner: Partner) -> int:
    """How a call with the partner's key is answered."""
    return (await partner.http.get("/v2/applications")).status_code


async def shut_out(partner: Partner) -> None:
    """Return once the partner's key is refused."""
    async with asyncio.timeout(60):
        while await status(partner) != 401:
            await asyncio.sleep(0.02)


async def test_a_client_that_is_disabled_is_shut_out_at_once(house: House) -> None:
    partner = await house.partner()
    assert await status(partner) == 200
    await house.db.write(lambda tx: tx.run(DISABLE, which=partner.client_id))
    await shut_out(partner)


async def test_a_key_ends_when_it_was_to_end(house: House) -> None:
    partner = await house.partner()
    end = datetime.now(UTC) + timedelta(seconds=0.8)
    await house.db.write(lambda tx: tx.run(EXPIRE, which=partner.client_id, t=end))
    await shut_out(partner)
    assert datetime.now(UTC) >= end
    answer = await partner.http.get("/v2/applications")
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthenticated")


async def test_while_a_key_is_rotated_both_work_and_then_only_the_new_one(house: House) -> None:
    partner = await house.partner()
    (old,) = await clients.keys_of(house.db, partner.client_id)
    began, grace = datetime.now(UTC), timedelta(seconds=0.8)
    fresh = await house.db.write(lambda tx: clients.rotate(tx, SYSTEM, old.id, grace))
    new = Partner(partner.client_id, fresh, house.caller(fresh))
    assert await status(new) == 200
    await shut_out(partner)
    assert datetime.now(UTC) >= began + grace
    assert await status(new) == 200
    application_id = await new.submit()
    assert await new.get(f"/v2/applications/{application_id}")


async def test_a_key_is_kept_only_as_a_hash_and_shown_in_part(house: House) -> None:
    partner = await house.partner()
    (key,) = await clients.keys_of(house.db, partner.client_id)
    assert key.masked == f"{partner.key[:15]}…{partner.key[-4:]}"
    rows = await house.db.all(compiled(client_key.select()))
    assert partner.key not in str([tuple(row) for row in rows])


async def test_a_key_is_not_made_for_what_there_is_not(house: House) -> None:
    with pytest.raises(Invalid, match="unknown scope everything"):
        await house.partner(scopes=["everything"])
    with pytest.raises(Invalid, match="a network such as"):
        await house.partner(networks=["example.org"])
    assert await clients.partners(house.db) == {}
