"""What all versions of the public API promise alike: who calls, whose it is, what answers carry."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from core import clients
from core.audit import SYSTEM
from core.clients import Scope
from public_api.v1.version import V1
from public_api.v2.version import V2
from tests.builders import House, Partner, company, part
from tests.contracts.bodies import BODIES, MIB, VERSION


async def token(house: House, partner: Partner, **form: str) -> httpx.Response:
    """An answer of the token endpoint to a client's key."""
    fields = {"grant_type": "client_credentials", **form}
    return await house.http.post(
        "/oauth/token", data=fields, auth=(str(partner.client_id), partner.key)
    )


async def test_a_key_begins_by_what_it_is_for(house: House) -> None:
    """Keys are `beleg_live_…` or `beleg_test_…`."""
    assert (await house.partner()).key.startswith("beleg_live_")
    assert (await house.partner(test=True)).key.startswith("beleg_test_")


@pytest.mark.unit
def test_the_scopes_are_these_five() -> None:
    """What a key may do is one of five words."""
    assert set(Scope) == {
        "applications:read",
        "applications:write",
        "documents:write",
        "report:read",
        "webhooks:manage",
    }


async def test_a_token_lives_from_a_quarter_of_an_hour_to_a_day(
    house: House, database: str
) -> None:
    """An access token lives for 15 min to 24 h, then it is refused."""
    partner = await house.partner()
    for seconds in ("0", "899", "86401", "-900", "9e2"):
        refused = await token(house, partner, expires_in=seconds)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request"), seconds
    for wanted in ("900", "86400"):
        given = (await token(house, partner, expires_in=wanted)).json()
        assert given["expires_in"] == int(wanted)
    http = house.caller(given["access_token"])
    assert (await http.get("/v2/applications")).status_code == 200
    connection = await asyncpg.connect(database)
    await connection.execute("UPDATE access_token SET expires_at = now()")
    await connection.close()
    late = house.caller((await token(house, partner)).json()["access_token"])
    assert (await late.get("/v2/applications")).status_code == 200
    assert house.api.dependencies is not None
    house.api.dependencies.callers.forget()  # as five seconds later
    assert (await http.get("/v2/applications")).status_code == 401


async def test_a_key_may_have_an_end_networks_and_a_rate(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key has an optional expiry, IP allow-list and rate."""
    monkeypatch.setattr("core.callers.CACHED_SECONDS", 3600.0)  # it ends though it is remembered
    bounds: dict[str, Any] = {"networks": ["127.0.0.0/8"], "per_minute": 7}
    lasting = await house.partner("Makler Süd", **bounds)
    answer = await lasting.http.get("/v2/applications")
    assert (answer.status_code, answer.headers["ratelimit-policy"][:14]) == (200, '"minute";q=7;w')
    end = datetime.now(UTC) + timedelta(seconds=0.8)
    partner = await house.partner(expires_at=end, **bounds, per_day=10**6)
    async with asyncio.timeout(60):
        while (await partner.http.get("/v2/applications")).status_code != 401:
            await asyncio.sleep(0.02)
    assert datetime.now(UTC) >= end


async def test_not_found_says_nothing_of_what_was_asked_for(house: House) -> None:
    """A 404's body carries neither the id, nor an instance, nor the request id."""
    partner = await house.partner()
    which = str(uuid4())
    for version in ("v1", "v2"):
        answer = await partner.http.get(
            f"/{version}/applications/{which}", headers={"Request-Id": "supporter-1234"}
        )
        assert answer.status_code == 404
        for word in (which, "instance", "supporter-1234"):
            assert word not in answer.text


@VERSION
async def test_every_response_names_its_request_and_its_version(house: House, version: str) -> None:
    """Every response, whatever its status, carries `Request-Id` and `Beleg-Version`."""
    partner = await house.partner()
    busy, reader = await house.partner(per_day=1), await house.partner(scopes=["report:read"])
    place, headers = f"/{version}/applications", {"Idempotency-Key": "k"}
    made = await partner.http.post(place, json=BODIES[version], headers=headers)
    one = f"{place}/{made.json()['id']}"
    delete = f"{one}?reason=test"
    answers = [
        made,
        await partner.http.get(one),
        await partner.http.head(one),
        await partner.http.post(place, json=BODIES[version], headers=headers),
        await partner.http.post(place, content=b"{"),
        await partner.http.post(place, content=b" " * (MIB + 1)),
        await partner.http.get(f"{place}/none"),
        await partner.http.get(f"/{version}/nothing"),
        await partner.http.get(f"/{version}"),
        await partner.http.put(place),
        await partner.http.delete(delete),
        await partner.http.post(f"{one}/documents", files={"file": ("a", b"<a/>")}),
        await partner.http.get(f"/{version}/openapi.json"),
        await house.http.get(place),
        await reader.http.get(place),
        *[await busy.http.get(place) for _ in range(2)],
    ]
    statuses = {each.status_code for each in answers}
    assert statuses >= {200, 201, 204, 400, 401, 403, 404, 405, 409, 413, 429}
    for answer in answers:
        assert answer.headers["beleg-version"] == version, answer.request.url
        assert answer.headers.get_list("request-id"), answer.request.url
        ending = {"deprecation", "sunset", "link"} & set(answer.headers)
        assert len(ending) == (3 if version == "v1" else 0), answer.request.url
    assert len({each.headers["request-id"] for each in answers}) == len(answers)


async def test_head_says_of_everything_what_get_says(house: House) -> None:
    """`HEAD` is taken wherever `GET` is, with the same status and headers, and no body."""
    partner = await house.partner()
    which = await house.case(partner, company(3, months=6))
    documents = await partner.get(f"/v2/applications/{which}/documents")
    ids = {"{id}": which, "{document_id}": documents["data"][0]["id"]}
    for version in (V1, V2):
        for operation in (each for each in version.operations if each.method == "GET"):
            path = re.sub(r"{\w+}", lambda it: ids.get(it[0], it[0]), operation.path)
            get = await partner.http.get(f"/{version.name}{path}")
            head = await partner.http.head(f"/{version.name}{path}")
            assert (head.status_code, head.content) == (get.status_code, b""), path
            for name in get.headers.keys() - {"request-id", "ratelimit", "date"}:
                assert head.headers[name] == get.headers[name], (path, name)


async def test_the_compatibility_of_an_app_may_be_kept_and_needs_no_key(house: House) -> None:
    """`/client-compatibility` is unversioned, needs no key and is cacheable, HEAD included."""
    place = "/client-compatibility?platform=ios&version=3.2.1"
    for method in ("GET", "HEAD"):
        answer = await house.http.request(method, place)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=300"
        assert "beleg-version" not in answer.headers
    assert set((await house.http.get(place)).json()) == {
        "status",
        "minimum",
        "latest",
        "message",
        "api_sunset",
    }


async def test_keys_rotate_by_a_grace(house: House) -> None:
    """A key rotates with a grace period, in which both work; its rules stay."""
    partner = await house.partner(scopes=["applications:read"], per_minute=9)
    (old,) = await clients.keys_of(house.db, partner.client_id)
    fresh = await house.db.write(lambda tx: clients.rotate(tx, SYSTEM, old.id, timedelta(hours=1)))
    for http in (partner.http, house.caller(fresh)):
        answer = await http.get("/v2/applications")
        assert answer.headers["ratelimit-policy"].startswith('"minute";q=9')
        assert (await http.post("/v2/applications", json={})).status_code == 403


async def test_what_machines_ask_is_on_a_port_of_its_own(
    house: House, database: str, tmp_path: Path
) -> None:
    """`/healthz`, `/readyz` and `/metrics` stand on an internal port, and not on the public one."""
    async with part("api", database, tmp_path) as api, httpx.AsyncClient() as http:
        answers = {
            path: await http.get(api.internal + path)
            for path in ("/healthz", "/readyz", "/metrics")
        }
        assert {each.status_code for each in answers.values()} == {200}
        assert "http_requests_duration_seconds" in answers["/metrics"].text
        for path in answers:
            assert (await http.get(api.url + path)).status_code == 404
        partner = await house.partner()
        shown = {"Authorization": f"Bearer {partner.key}"}
        which = await partner.submit()
        for path in (f"/v2/applications/{which}", "/v2/applications/", "/v2/x"):
            await http.get(api.url + path, headers=shown)
        counted = (await http.get(f"{api.internal}/metrics")).text
    assert 'path="/v2/applications/{id}"' in counted
    assert 'path="unmatched"' in counted
    assert which not in counted
