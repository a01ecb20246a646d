"""What all versions of the public API promise alike, a test a promise."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import asyncpg
import httpx
import pytest

from core import clients, telemetry
from core.audit import SYSTEM
from core.clients import Scope
from core.db import PATIENCE
from core.settings import Settings
from deploy.ops.seed import APP_PARTNER, app_in_the_field
from public_api.app import PublicApi
from public_api.call import canonical
from public_api.v1.version import V1
from public_api.v2.version import V2
from public_api.versions import Version
from tests.builders import House, Partner, alive, application, company, part, running

OLD = {"company_name": "A", "type": "LOAN", "amount_eur": 1, "duration": 1}
BODIES: dict[str, Any] = {"v1": OLD, "v2": application()}
HOOK = {"url": "https://hooks.partner.example/beleg", "events": ["application.in_review"]}
VERSION = pytest.mark.parametrize("version", ["v1", "v2"])
MIB = 1024 * 1024


async def token(house: House, partner: Partner, **form: str) -> httpx.Response:
    """An answer of the token endpoint to a client's key."""
    said = {"grant_type": "client_credentials", **form}
    return await house.http.post(
        "/oauth/token", data=said, auth=(str(partner.client_id), partner.key)
    )


def padded(version: str, size: int) -> bytes:
    """A good application of so many bytes."""
    body = httpx.Request("POST", "/", json=BODIES[version]).content
    return body + b" " * (size - len(body))


# Who calls


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
    assert house.api.shared is not None
    house.api.shared.keys._known.clear()  # as five seconds later
    assert (await http.get("/v2/applications")).status_code == 401


async def test_a_key_may_have_an_end_networks_and_a_rate(house: House) -> None:
    """A key has an optional expiry, IP allow-list and rate."""
    end = datetime.now(UTC) + timedelta(seconds=0.5)
    partner = await house.partner(expires_at=end, networks=["127.0.0.0/8"], per_minute=7)
    answer = await partner.http.get("/v2/applications")
    assert (answer.status_code, answer.headers["ratelimit-policy"][:14]) == (200, '"minute";q=7;w')
    await asyncio.sleep(0.6)
    assert (await partner.http.get("/v2/applications")).status_code == 401


# Whose, and what every response carries


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


# Idempotency-Key


async def test_every_post_gives_the_same_answer_under_the_same_key(house: House) -> None:
    """`Idempotency-Key` is published and heeded on every POST of both versions."""
    partner = await house.partner()
    hook = await partner.http.post("/v2/webhooks", json=HOOK)
    ids = {"id": await partner.submit(), "webhook_id": hook.json()["id"]}
    await partner.http.post(f"/v2/webhooks/{ids['webhook_id']}/test")
    deliveries = await partner.get(f"/v2/webhooks/{ids['webhook_id']}/deliveries")
    ids["delivery_id"] = deliveries["data"][0]["id"]
    for version in (V1, V2):
        for operation in (each for each in version.operations if each.method == "POST"):
            assert "Idempotency-Key" in [each.name for each in operation.parameters]
            key = {"Idempotency-Key": f"{version.name}-{operation.name}"}
            path = f"/{version.name}{operation.path}".format(**ids)
            body = operation.example
            if body and "since" in body:
                body = {"since": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}
            sent: dict[str, Any] = {"json": body} if body else {}
            if "multipart/form-data" in operation.body:
                sent = {"files": {"file": ("a.xml", path.encode())}}
            first, again = [await partner.http.post(path, **sent, headers=key) for _ in range(2)]
            assert first.is_success, (path, first.text)
            assert "idempotent-replayed" not in first.headers
            assert again.headers["idempotent-replayed"] == "true", path
            assert (again.status_code, again.content) == (first.status_code, first.content), path


@VERSION
async def test_the_same_request_is_told_by_what_it_means(house: House, version: str) -> None:
    """The same: method, path and parsed command, however the JSON was written."""
    partner, headers = await house.partner(), {"Idempotency-Key": "k"}
    said, place = BODIES[version], f"/{version}/applications"
    first = await partner.http.post(place, json=said, headers=headers)
    shuffled = dict(reversed(said.items())) | ({"colour": "red"} if version == "v1" else {})
    body = httpx.Request("POST", "/", json=shuffled).content.replace(b",", b",\n ")
    again = await partner.http.post(place, content=body, headers=headers)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"


@VERSION
async def test_a_key_is_of_one_path(house: House, version: str) -> None:
    """The same bytes to another application are another request."""
    partner, headers = await house.partner(), {"Idempotency-Key": "k"}
    one, other = await partner.submit(), await partner.submit()
    for which, status in ((one, {201, 202}), (other, {409, 422})):
        place = f"/{version}/applications/{which}/documents"
        answer = await partner.http.post(place, files={"file": ("a", b"<a/>")}, headers=headers)
        assert answer.status_code in status


async def test_a_key_of_one_version_is_refused_on_the_other(house: House) -> None:
    """A key used on v1 is refused on v2 (422), and one used on v2 on v1 (409)."""
    partner = await house.partner()
    for first, then, status in (("v1", "v2", 422), ("v2", "v1", 409)):
        headers = {"Idempotency-Key": f"first-{first}"}
        for version, expected in ((first, 201), (then, status), (first, 201)):
            answer = await partner.http.post(
                f"/{version}/applications", json=BODIES[version], headers=headers
            )
            assert answer.status_code == expected
            assert ("on another version" in answer.text) == (expected == status)


@pytest.mark.unit
def test_a_retry_across_a_release_is_the_same_request() -> None:
    """What a newer build can say besides, and this request does not, makes it no other request."""

    class Older(NamedTuple):
        name: str
        lenders: tuple[str, ...] = ()

    class Newer(NamedTuple):
        name: str
        lenders: tuple[str, ...] = ()
        colour: str | None = None

    @dataclass(frozen=True)
    class Newest:
        name: str
        lenders: tuple[str, ...] = ()
        colour: str | None = None

    for newer in (Newer, Newest):
        assert canonical((Older("A", ("B",)),)) == canonical((newer("A", ("B",)),))
        assert canonical(Older("A", ("B",))) != canonical(newer("A", ("B",), "red"))
        assert canonical(Older("A")) != canonical(newer("B"))


@pytest.mark.unit
def test_a_twin_waits_for_ten_seconds() -> None:
    """A twin that comes while the first is in flight waits for up to 10 s."""
    assert PATIENCE == "10s"


# Limits and sizes


@VERSION
async def test_a_body_may_have_a_mebibyte_and_not_a_byte_more(house: House, version: str) -> None:
    """A JSON body up to 1 MiB is taken."""
    partner, place = await house.partner(), f"/{version}/applications"
    assert (await partner.http.post(place, content=padded(version, MIB))).status_code == 201
    over = await partner.http.post(place, content=padded(version, MIB + 1))
    assert over.status_code == 413


@pytest.mark.unit
def test_a_document_may_have_fifty_mebibytes_unless_set_otherwise() -> None:
    """A document up to 50 MiB, configurable; a JSON body up to 1 MiB."""
    settings = Settings()
    assert (settings.document_limit_bytes, settings.body_limit_bytes) == (50 * MIB, MIB)


@VERSION
@pytest.mark.parametrize("noun", ["application", "document", "form"])
async def test_what_is_too_large_is_refused_before_it_is_read_to_the_end(
    database: str, tmp_path: Path, version: str, noun: str
) -> None:
    """A body without an end is refused with 413 soon after the limit."""
    async with running(
        database, tmp_path, body_limit_bytes=10_000, document_limit_bytes=10_000
    ) as house:
        partner = await house.partner()
        place = f"/{version}/applications"
        headers = {"Content-Type": "application/json"}
        if noun != "application":
            place = f"{place}/{await partner.submit()}/documents"
            headers = {"Content-Type": "application/xml"}
        if noun == "form":
            headers = {"Content-Type": "multipart/form-data; boundary=b"}
        sent = 0

        async def endless() -> AsyncIterator[bytes]:
            nonlocal sent
            if noun == "form":
                yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
            while True:
                sent += 1_000
                yield b" " * 1_000

        answer = await answered_at_once(house, partner, place, endless(), headers)
        assert answer == 413
        assert sent <= 12_000


async def answered_at_once(
    house: House, partner: Partner, path: str, body: AsyncIterator[bytes], headers: dict[str, str]
) -> int:
    """The status of a request whose body comes piece by piece, as far as it is read."""
    status = 0

    async def receive() -> Any:
        return {"type": "http.request", "body": await anext(body), "more_body": True}

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)

    said = {"Authorization": f"Bearer {partner.key}", **headers}
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "root_path": "",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in said.items()],
    }
    await house.http._transport.app(scope, receive, send)  # type: ignore[attr-defined]
    return status


async def test_unknown_fields_are_ignored_by_the_old_and_named_by_the_new(house: House) -> None:
    """Unknown JSON fields: v1 ignores them, v2 refuses them with 422 and names each."""
    partner, more = await house.partner(), {"colour": "red", "size": {"x": 1}}
    old = await partner.http.post("/v1/applications", json={**OLD, **more})
    assert (old.status_code, set(old.json()) & set(more)) == (201, set())
    new = await partner.http.post("/v2/applications", json={**application(), **more})
    assert new.status_code == 422
    assert {each["pointer"] for each in new.json()["errors"]} == {"/colour", "/size"}


# Deprecation


async def test_after_the_sunset_the_whole_version_is_gone(house: House) -> None:
    """After the sunset all of v1 answers 410 in its own error body; v2 goes on."""
    past = replace(
        V1, deprecated=datetime(2025, 1, 1, tzinfo=UTC), sunset=datetime(2026, 1, 1, tzinfo=UTC)
    )
    partner = await house.partner()
    async with (
        alive(PublicApi(house.settings, (V2, past))) as served,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(served),
            base_url="http://api.test",
            headers=partner.http.headers,
        ) as http,
    ):
        for method, path in every_route(V1):
            answer = await http.request(method, path)
            assert answer.status_code == 410, path
            assert answer.json()["error"]["code"] == "version_gone"
            assert answer.headers["sunset"] == "Thu, 01 Jan 2026 00:00:00 GMT"
        assert (await http.get("/v2/applications")).status_code == 200
        assert (await http.get("/v2/openapi.json")).status_code == 200


def every_route(version: Version) -> list[tuple[str, str]]:
    """Each route of a version, its document, a path that is none and a method that is none."""
    place = f"/{version.name}"
    routes = [
        (each.method, place + re.sub(r"{\w+}", str(uuid4()), each.path))
        for each in version.operations
    ]
    odd = [("GET", "/openapi.json"), ("GET", "/nothing"), ("PUT", "/applications")]
    return routes + [(method, place + path) for method, path in odd]


@pytest.mark.unit
def test_a_sunset_before_the_deprecation_does_not_start() -> None:
    """Starting fails if a version's sunset precedes its deprecation."""
    with pytest.raises(ValueError, match="v1: its sunset precedes its deprecation"):
        replace(V1, sunset=datetime(2026, 5, 31, tzinfo=UTC))


@pytest.mark.unit
def test_the_dates_are_those_that_were_announced() -> None:
    """v1: 2024-03-01, deprecated 2026-06-01, sunset 2027-12-31; v2: 2026-06-01, without an end."""

    def dates(version: Version) -> list[str | None]:
        each = (version.published, version.deprecated, version.sunset)
        return [None if at is None else f"{at:%Y-%m-%d}" for at in each]

    assert dates(V1) == ["2024-03-01", "2026-06-01", "2027-12-31"]
    assert dates(V2) == ["2026-06-01", None, None]


# Usage


async def test_measurements_have_bounded_labels(house: House) -> None:
    """Prometheus is told neither who called nor from which build."""
    partner = await house.partner("Nur Hier GmbH")
    for number in range(3):
        await partner.http.get(
            f"/v2/applications/{uuid4()}", headers={"App-Version": f"ios/9.9.{number}"}
        )
    families = list(telemetry.REQUESTS.collect())
    labels = {name for each in families for sample in each.samples for name in sample.labels}
    assert labels == {"method", "path", "status_code", "app_name", "le"}
    values = {value for each in families for one in each.samples for value in one.labels.values()}
    assert not [value for value in values if "9.9." in value or str(partner.client_id) in value]


async def test_a_version_is_retired_once_the_demos_app_no_longer_calls_it(
    house: House, database: str
) -> None:
    """`beleg versions retire v1` refuses while a live client calls it, and names who; then not."""
    app = house.caller(await app_in_the_field(house.db))
    assert (await app.get("/v1/applications")).status_code == 200
    refused = await beleg(database, "versions", "retire", "v1")
    assert refused.returncode == 1
    for build in ("android/3.1.4", "ios/2.9.0", "ios/3.2.1"):
        assert f"{APP_PARTNER} ({build})" in refused.stderr
    assert (await app.get("/v1/applications")).status_code == 200
    house.api.shared.counts._calls.clear()  # type: ignore[union-attr]
    connection = await asyncpg.connect(database)
    await connection.execute("UPDATE usage SET day = day - 31")
    await connection.close()
    retired = await beleg(database, "versions", "retire", "v1")
    assert retired.returncode == 0, retired.stderr
    await house.look_again()
    for method, path in every_route(V1):
        answer = await app.request(method, path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (410, "version_gone"), path
        assert set(answer.json()["error"]) == {"code", "message"}
    assert (await app.get("/v2/applications")).status_code == 200


async def test_who_retires_a_version_anyway_says_why_and_it_is_kept(
    house: House, database: str
) -> None:
    """`--anyway --reason` is written to the audit log."""
    await app_in_the_field(house.db)
    assert (await beleg(database, "versions", "retire", "v1", "--anyway")).returncode == 1
    words = ("--anyway", "--reason", "all were told")
    assert (await beleg(database, "versions", "retire", "v1", *words)).returncode == 0
    connection = await asyncpg.connect(database)
    kept = await connection.fetchval(
        "SELECT detail FROM audit_entry WHERE action = 'version.retired'"
    )
    await connection.close()
    assert "all were told" in str(kept)


async def beleg(database: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command as an operator does."""
    return await asyncio.to_thread(
        subprocess.run,
        (sys.executable, "-m", "deploy.ops.cli", *words),
        env={**os.environ, "BELEG_DATABASE_URL": database},
        capture_output=True,
        text=True,
        check=False,
    )


# Mobile


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


# What machines ask


async def test_what_machines_ask_is_on_a_port_of_its_own(
    house: House, database: str, tmp_path: Path
) -> None:
    """`/healthz`, `/readyz` and `/metrics` stand on an internal port, and not on the public one."""
    async with part("api", database, tmp_path) as api, httpx.AsyncClient() as http:
        told = {
            path: await http.get(api.internal + path)
            for path in ("/healthz", "/readyz", "/metrics")
        }
        assert {each.status_code for each in told.values()} == {200}
        assert "http_requests_duration_seconds" in told["/metrics"].text
        for path in told:
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
