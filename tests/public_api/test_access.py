"""Who gets in, and what a stranger sees: every route of every version, walked."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import uuid4

import httpx
import pytest

from public_api.app import VERSIONS
from public_api.versions import AnyOperation, Version
from tests.builders import House, company

ROUTES = [(version, operation) for version in VERSIONS for operation in version.operations]
NAMES = [f"{version.name}:{operation.name}" for version, operation in ROUTES]
OF_ONE = [each for each in ROUTES if "{" in each[1].path]
HOOK = {"url": "https://hooks.partner.example/beleg"}


def of_nobody() -> dict[str, str]:
    """An id of each noun that paths name, of nothing that exists."""
    return defaultdict(lambda: str(uuid4()))


async def send(
    http: httpx.AsyncClient, version: Version, operation: AnyOperation, ids: Mapping[str, str]
) -> httpx.Response:
    """A request that this operation would take."""
    path = f"/{version.name}{operation.path}".format_map(ids)
    if operation.path.endswith("/documents") and operation.method == "POST":
        return await http.post(path, files={"file": ("a.xml", b"<a/>")})
    query = {"reason": "test"} if operation.method == "DELETE" else {}
    body = operation.example if operation.method in ("POST", "PATCH") else None
    return await http.request(operation.method, path, params=query, json=body)


async def test_a_stranger_sees_of_another_clients_case_what_it_sees_of_none(house: House) -> None:
    owner, stranger = await house.partner(), await house.partner("Fremde GmbH")
    application_id = await house.case(owner, company(4, months=6))
    documents = await owner.get(f"/v2/applications/{application_id}/documents")
    case = {"id": application_id, "document_id": documents["data"][0]["id"]}
    hook = (await owner.http.post("/v2/webhooks", json=HOOK)).json()["id"]
    delivery_id = (await owner.http.post(f"/v2/webhooks/{hook}/test")).json()["id"]
    callback = (await owner.http.post("/v1/callbacks", json=HOOK | {"secret": "s" * 20})).json()
    theirs = {
        "v2": case | {"webhook_id": hook, "delivery_id": delivery_id},
        "v1": case | {"webhook_id": callback["id"]},
    }
    nobodys = of_nobody()
    for version, operation in OF_ONE:
        answer = await send(stranger.http, version, operation, theirs[version.name])
        unknown = await send(stranger.http, version, operation, nobodys)
        assert answer.status_code == unknown.status_code == 404, operation.name
        assert answer.content == unknown.content, operation.name
    for version in VERSIONS:
        listed = (await stranger.get(f"/{version.name}/applications")).values()
        assert [] in listed
    assert (await owner.get(f"/v2/applications/{application_id}"))["status"] != "withdrawn"
    assert (await owner.get(f"/v2/webhooks/{hook}"))["enabled"]


@pytest.mark.parametrize(("version", "operation"), ROUTES, ids=NAMES)
async def test_without_a_key_nothing_is_told(
    house: House, version: Version, operation: AnyOperation
) -> None:
    ids = of_nobody()
    for headers in ({}, {"Authorization": "Bearer beleg_live_wrong"}, {"Authorization": "Basic x"}):
        house.http.headers = httpx.Headers(headers)
        answer = await send(house.http, version, operation, ids)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_key_does_only_what_its_scopes_say(house: House) -> None:
    ids = of_nobody()
    scopes = {operation.scope for _, operation in ROUTES}
    for scope in sorted(scopes):
        partner = await house.partner(scope, scopes=[scope])
        for version, operation in ROUTES:
            answer = await send(partner.http, version, operation, ids)
            refused = answer.status_code == 403
            assert refused == (operation.scope != scope), (scope, version.name, operation.name)


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
async def test_a_path_that_is_none_is_not_found_in_the_versions_words(
    house: House, version: Version
) -> None:
    partner = await house.partner()
    for path in ("/nothing", "/applications/", "/applications/x/y/z"):
        answer = await partner.http.get(f"/{version.name}{path}")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == version.problem_media_type
        assert answer.headers["beleg-version"] == version.name


async def test_a_method_that_is_none_is_told_which_there_are(house: House) -> None:
    partner = await house.partner()
    for version in VERSIONS:
        methods: dict[str, set[str]] = {}
        for operation in version.operations:
            methods.setdefault(operation.path, set()).add(operation.method)
        for path, known in methods.items():
            place = f"/{version.name}{path}".format_map(defaultdict(uuid4))
            for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - known:
                answer = await partner.http.request(method, place)
                assert answer.status_code == 405, (method, place)
                allowed = known | ({"HEAD"} if "GET" in known else set())
                assert answer.headers["allow"] == ", ".join(sorted(allowed))


async def test_a_key_may_be_used_only_from_its_networks(house: House) -> None:
    partner = await house.partner(networks=["192.0.2.0/24"])
    refused = await partner.http.get("/v2/applications")
    assert refused.status_code == 403
    assert refused.json()["type"] == "/problems/address-refused"
    near = await house.partner(networks=["127.0.0.0/8"])
    assert (await near.http.get("/v2/applications")).status_code == 200


@pytest.mark.usefixtures("one_minute")
async def test_calls_beyond_the_limit_are_told_when_to_come_back(house: House) -> None:
    partner = await house.partner(per_minute=3)
    for left in (2, 1, 0):
        answer = await partner.http.get("/v2/applications")
        assert answer.status_code == 200
        assert answer.headers["ratelimit"].startswith(f'"minute";r={left};t=')
    refused = await partner.http.get("/v2/applications")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit-policy"].startswith('"minute";q=3;w=60')


async def test_a_token_shows_of_its_key_what_may_be_shown_and_no_more(house: House) -> None:
    """By these four characters an edge sends a key and its tokens to one build."""
    partner = await house.partner()
    form = {"grant_type": "client_credentials"}
    given = [
        await house.http.post("/oauth/token", data=form, auth=(str(partner.client_id), partner.key))
        for _ in range(2)
    ]
    one, other = (each.json()["access_token"].removeprefix("beleg_at_") for each in given)
    shown, rest = partner.key[11:15], partner.key[15:]
    assert len(one) == len(other) == 43
    assert one[:4] == other[:4] == shown
    assert len({one[4:], other[4:], rest}) == 3


async def test_a_token_from_the_clients_key_opens_what_the_key_opens(house: House) -> None:
    partner = await house.partner()
    form = {"grant_type": "client_credentials", "scope": "applications:read"}
    answer = await house.http.post(
        "/oauth/token", data=form, auth=(str(partner.client_id), partner.key)
    )
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    token = answer.json()
    assert (token["token_type"], token["expires_in"], token["scope"]) == (
        "Bearer",
        900,
        "applications:read",
    )
    http = house.caller(token["access_token"])
    assert (await http.get("/v2/applications")).status_code == 200
    assert (await http.post("/v2/applications", json={})).status_code == 403
    wrong = await house.http.post("/oauth/token", data=form, auth=(str(uuid4()), partner.key))
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
