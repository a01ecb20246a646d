"""The numbers that both versions promise, each as it was published and as it is seen to hold."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from core import clients, idempotency
from core.audit import SYSTEM
from core.errors import Invalid
from core.query import Query
from tests.builders import House, Partner, running
from tests.contracts.bodies import BODIES, VERSION
from tests.contracts.promised import promised

AGE = Query("UPDATE idempotency_key SET created_at = $1", ("created_at",), {})
MINUTE = timedelta(minutes=1)


@VERSION
@pytest.mark.usefixtures("one_minute")
async def test_calls_are_counted_by_the_minute_and_the_day(house: House, version: str) -> None:
    """A client without limits of its own has so many calls; the last is answered, one more not."""
    partner, place = await house.partner(), f"/{version}/applications"
    minute, day = promised(version, "calls_per_minute"), promised(version, "calls_per_day")
    windows = promised(version, "windows_seconds")
    answer = await partner.http.get(place)
    assert answer.headers["ratelimit-policy"] == (
        f'"minute";q={minute};w={windows["minute"]}, "day";q={day};w={windows["day"]}'
    )
    for name, limit in (("_in_minute", minute), ("_in_day", day)):
        assert house.api.dependencies is not None
        counts: dict[UUID, int] = getattr(house.api.dependencies.limits, name)
        counts[partner.client_id] = limit - 1
        assert (await partner.http.get(place)).status_code == 200
        refused = await partner.http.get(place)
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= windows[name.removeprefix("_in_")]
        counts[partner.client_id] = 0


@VERSION
async def test_a_key_is_kept_for_so_many_hours_and_then_free(house: House, version: str) -> None:
    """A minute before its time a key replays, swept or not; after it is another request's."""
    partner, kept = await house.partner(), promised(version, "idempotency_hours")
    place, headers = f"/{version}/applications", {"Idempotency-Key": "k"}
    first = await partner.http.post(place, json=BODIES[version], headers=headers)

    async def made(at: datetime, *, swept: bool) -> httpx.Response:
        await house.db.write(lambda tx: tx.run(AGE, created_at=at))
        if swept:
            await house.db.write(idempotency.sweep)
        return await partner.http.post(place, json=BODIES[version], headers=headers)

    for swept in (False, True):
        born = datetime.now(UTC) - timedelta(hours=kept)
        again = await made(born + MINUTE, swept=swept)
        assert (again.content, again.headers["idempotent-replayed"]) == (first.content, "true")
        fresh = await made(born - MINUTE, swept=swept)
        assert "idempotent-replayed" not in fresh.headers
        assert fresh.json()["id"] != first.json()["id"]
        first = fresh


async def token(house: House, partner: Partner, **form: Any) -> httpx.Response:
    """An answer of the token endpoint to a client's key."""
    fields = {"grant_type": "client_credentials", **form}
    return await house.http.post(
        "/oauth/token", data=fields, auth=(str(partner.client_id), partner.key)
    )


@VERSION
async def test_an_access_token_lives_as_long_as_was_asked_within_bounds(
    house: House, version: str
) -> None:
    """The shortest and the longest life are given, a second beyond is refused."""
    partner = await house.partner()
    shortest = promised(version, "access_token_shortest_seconds")
    longest = promised(version, "access_token_longest_seconds")
    assert (await token(house, partner)).json()["expires_in"] == shortest
    for wanted in (shortest, longest):
        answer = await token(house, partner, expires_in=wanted)
        assert (answer.status_code, answer.json()["expires_in"]) == (200, wanted)
    for wanted in (shortest - 1, longest + 1):
        assert (await token(house, partner, expires_in=wanted)).status_code == 400


@VERSION
async def test_a_key_rotates_with_a_grace_of_up_to_so_many_days(house: House, version: str) -> None:
    """The longest grace is granted, a second more is not; both keys work in it."""
    partner, days = await house.partner(), promised(version, "key_rotation_days")
    (old,) = await clients.keys_of(house.db, partner.client_id)
    longest = timedelta(days=days)
    with pytest.raises(Invalid):
        await house.db.write(
            lambda tx: clients.rotate(tx, SYSTEM, old.id, longest + timedelta(seconds=1))
        )
    fresh = await house.db.write(lambda tx: clients.rotate(tx, SYSTEM, old.id, longest))
    for http in (partner.http, house.caller(fresh)):
        assert (await http.get(f"/{version}/applications")).status_code == 200
    ends = (await clients.keys_of(house.db, partner.client_id))[0].expires_at
    assert ends is not None
    assert abs(ends - datetime.now(UTC) - longest) < MINUTE


@VERSION
async def test_who_comes_too_early_is_told_for_how_long_to_wait(
    database: str, tmp_path: Path, version: str
) -> None:
    """While something is missing the answer is 503, with the published seconds to wait."""
    async with running(database, tmp_path, requires=("9999",)) as house:
        answer = await house.http.get(f"/{version}/applications")
    wait = promised(version, "retry_after_unavailable_seconds")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, str(wait))


@VERSION
async def test_a_body_and_a_document_may_be_so_large(house: House, version: str) -> None:
    """At the published size a body and a document are taken, a byte beyond they are 413."""
    partner, place = await house.partner(), f"/{version}/applications"
    body = httpx.Request("POST", "/", json=BODIES[version]).content
    for more, status in ((0, 201), (1, 413)):
        padded = body + b" " * (promised(version, "body_bytes") - len(body) + more)
        assert (await partner.http.post(place, content=padded)).status_code == status
    case = await partner.submit()
    largest = promised(version, "document_bytes")
    for more, statuses in ((1, (413,)), (0, (201, 202))):
        document = b"\n" * (largest + more)
        answer = await partner.http.post(
            f"{place}/{case}/documents", files={"file": ("a.txt", document)}
        )
        assert answer.status_code in statuses


@VERSION
async def test_a_page_has_so_many_items_and_no_more(house: House, version: str) -> None:
    """Unless said a page has the usual number; the most may be asked for, and not one more."""
    partner, place = await house.partner(), f"/{version}/applications"
    usual, most = promised(version, "page_items", "usual"), promised(version, "page_items", "most")
    name, rows = {"v1": ("per_page", "items"), "v2": ("limit", "data")}[version]
    for _ in range(most + 1):
        await partner.submit()
    assert len((await partner.get(place))[rows]) == usual
    assert len((await partner.get(f"{place}?{name}={most}"))[rows]) == most
    if version == "v2":
        await house.settled()
        assert len((await partner.get("/v2/events"))["data"]) == usual
        assert len((await partner.get(f"/v2/events?limit={most}"))["data"]) == most
    await partner.get(f"{place}?{name}={most + 1}", 400 if version == "v1" else 422)


@VERSION
async def test_a_client_may_have_so_many_webhooks(house: House, version: str) -> None:
    """The last that fits is made; the next is refused, for what it is."""
    partner, most = await house.partner(), promised(version, "deliveries", "webhooks")
    place = {"v1": "/v1/callbacks", "v2": "/v2/webhooks"}[version]
    body = {"url": "https://hooks.partner.example/", "secret": "s"}
    sent = body if version == "v1" else {"url": body["url"]}
    statuses = [(await partner.http.post(place, json=sent)).status_code for _ in range(most + 1)]
    assert statuses == [201] * most + [409]
    status, name = promised(version, "problems", "too_many_webhooks")
    refused = await partner.http.post(place, json=sent)
    assert (refused.status_code, name in refused.text) == (status, True)
