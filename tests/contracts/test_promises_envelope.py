"""What stands around every answer, of whatever kind: its request's id, its version, its limits."""

import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import httpx
import pytest

from core import apps
from core.apps import Floor
from core.audit import SYSTEM
from tests.builders import House, application, running
from tests.contracts.bodies import BODIES, OLD, VERSION
from tests.contracts.play import STEPS
from tests.contracts.promised import promised

FRESH = re.compile(r"[0-9a-f]{32}")
SAMPLE = "Abc.1:2_3-4"


class Kind(NamedTuple):
    """A kind of answer: how it is asked for, and which statuses show that it came."""

    method: str
    path: str
    status: int
    how: Mapping[str, Any] = MappingProxyType({})
    caller: str = "partner"


@pytest.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[House]:
    """An instance that takes small bodies, so that large ones are cheap, and serves one page."""
    async with running(
        database,
        tmp_path,
        body_limit_bytes=5_000,
        document_limit_bytes=5_000,
        cors_origins="https://app.test",
    ) as instance:
        yield instance


def kinds(version: str, which: str, document: str) -> list[Kind]:
    """Every kind of answer that a version gives."""
    place = f"/{version}/applications"
    one, key = f"{place}/{which}", {"Idempotency-Key": "again"}
    both = [
        Kind("GET", one, 200),
        Kind("HEAD", one, 200),
        Kind("GET", place, 200),
        Kind("GET", f"/{version}/openapi.json", 200),
        Kind("POST", place, 201, {"json": BODIES[version], "headers": key}),
        Kind("POST", place, 201, {"json": BODIES[version], "headers": key}),
        Kind("POST", place, 400, {"content": b"{"}),
        Kind("GET", place, 401, caller="nobody"),
        Kind("POST", place, 403, {"json": BODIES[version]}, caller="reader"),
        Kind("GET", f"{place}/none", 404),
        Kind("GET", f"/{version}/nothing", 404),
        Kind("GET", f"{place}/", 404),
        Kind("GET", f"/{version}", 404),
        Kind("PUT", place, 405),
        Kind("POST", place, 413, {"content": b" " * 5_001}),
        Kind("POST", f"{one}/documents", 413, {"files": {"file": ("a", b"x" * 90_000)}}),
        Kind("GET", place, 426, {"headers": {"App-Version": "ios/3.1"}}),
        Kind("GET", place, 200, caller="busy"),
        Kind("GET", place, 429, caller="busy"),
        Kind("OPTIONS", place, 200, {"headers": PREFLIGHT}),
    ]
    new = [
        Kind("GET", one, 304, {"headers": {"If-None-Match": "*"}}),
        Kind("GET", f"{one}/documents/{document}/content", 200),
        Kind("GET", f"{one}/documents/{document}/content", 206, {"headers": RANGE}),
        Kind("GET", f"{one}/documents/{document}/content", 416, {"headers": BEYOND}),
        Kind("GET", f"{one}/report", 406, {"headers": {"Accept": "text/html"}}),
        Kind("GET", f"{one}/report", 200, {"headers": {"Accept": "application/pdf"}}),
        Kind("PATCH", one, 412, {"json": {}, "headers": {"If-Match": '"99"'}}),
        Kind("PATCH", one, 415, {"content": b"x", "headers": {"Content-Type": "text/plain"}}),
        Kind("PATCH", one, 428, {"json": {}}),
        Kind("POST", place, 422, {"json": {}}),
        Kind("DELETE", f"{one}?reason=test", 204),
        Kind("DELETE", f"{one}?reason=test", 204),
        Kind("PATCH", one, 409, {"json": {}, "headers": {"If-Match": "*"}}),
    ]
    old = [Kind("DELETE", one, 204), Kind("POST", place, 400, {"json": {**OLD, "duration": 0}})]
    shared = [
        Kind("POST", "/oauth/token", 400, caller="nobody"),
        Kind("GET", "/client-compatibility?platform=ios&version=1", 200, caller="nobody"),
        Kind("GET", "/docs", 200, caller="nobody"),
        Kind("GET", "/changelog", 200, caller="nobody"),
        Kind("GET", "/nothing", 404, caller="nobody"),
    ]
    return [*both, *(old if version == "v1" else new), *shared]


RANGE, BEYOND = {"Range": "bytes=0-1"}, {"Range": "bytes=99-"}
PREFLIGHT = {"Origin": "https://app.test", "Access-Control-Request-Method": "GET"}


async def prepared(house: House) -> dict[str, httpx.AsyncClient]:
    """Callers of every sort, and a build of an app that is no longer served."""
    await house.db.write(
        lambda tx: apps.set_floor(tx, SYSTEM, Floor("ios", "3.0", "3.2", None, None))
    )
    await house.db.write(lambda tx: apps.kill(tx, SYSTEM, "ios", "3.1"))
    await house.look_again()
    reader = await house.partner("Leser", scopes=["applications:read"])
    busy = await house.partner("Eilig", per_minute=1)
    return {"nobody": house.http, "reader": reader.http, "busy": busy.http}


def good_ids(version: str) -> list[str]:
    """Ids of a caller that are taken: the shortest, the longest, and of every character."""
    shortest = promised(version, "request_id_shortest_characters")
    longest = promised(version, "request_id_longest_characters")
    return ["s" * shortest, "L" * longest, SAMPLE]


def bad_ids(version: str) -> list[str]:
    """Ids that are replaced: too short, too long, of other characters."""
    shortest, longest, sample = good_ids(version)
    return [shortest[:-1], f"{longest}L", f"{sample} x", f"{sample}/", f"{sample}é"]


@VERSION
@pytest.mark.usefixtures("one_minute")
async def test_every_kind_of_answer_bears_the_id_of_its_request(house: House, version: str) -> None:
    """A sane id comes back as it was sent, any other is replaced by a fresh one; once each."""
    partner, callers = await house.partner(), await prepared(house)
    callers["partner"] = partner.http
    for ids, same in ((good_ids(version), True), (bad_ids(version), False)):
        which = await partner.submit()
        document = await partner.upload(which, f"<a>{same}</a>".encode())
        callers["busy"] = (await house.partner("Eilig", per_minute=1)).http
        for number, kind in enumerate(kinds(version, which, document)):
            sent = ids[number % len(ids)]
            headers = {**kind.how.get("headers", {}), "Request-Id": sent.encode()}
            http = callers[kind.caller]
            answer = await http.request(kind.method, kind.path, **{**kind.how, "headers": headers})
            assert answer.status_code == kind.status, (kind, answer.text)
            (given,) = answer.headers.get_list("request-id")
            assert (given == sent) == same, kind
            assert same or FRESH.fullmatch(given)
            if kind.path.startswith(f"/{version}"):
                for name in promised(version, "every_answer_carries"):
                    assert len(answer.headers.get_list(name)) == 1, (kind, name)


@VERSION
async def test_what_is_gone_or_broken_bears_it_too(
    house: House, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """410 in a brownout and after a retirement, 500 and 503: each with the id that was sent."""
    partner, place = await house.partner(), f"/{version}/applications"

    async def ask(status: int) -> None:
        answer = await partner.http.get(place, headers={"Request-Id": SAMPLE})
        assert (answer.status_code, answer.headers["request-id"]) == (status, SAMPLE)
        for name in promised(version, "every_answer_carries"):
            assert len(answer.headers.get_list(name)) == 1, name

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("core.applications.list_by_page", broken)
        patch.setattr("core.applications.list_by_cursor", broken)
        await ask(500)
    if version == "v1":
        await STEPS["brownout"](house, version)
        await ask(410)


async def test_a_tag_is_matched_in_every_form_that_http_has(house: House) -> None:
    """`*`, lists and weak tags match for reading; for writing only strong ones do."""
    partner = await house.partner()
    place = f"/v2/applications/{await partner.submit()}"
    tag = (await partner.http.get(place)).headers["etag"]
    for sent, status in ((tag, 304), (f'"x", {tag}', 304), (f"W/{tag}", 304), ('"x"', 200)):
        answer = await partner.http.get(place, headers={"If-None-Match": sent})
        assert (answer.status_code, answer.headers["etag"]) == (status, tag)
    for sent, status in ((f"W/{tag}", 412), ('"x"', 412), (f'"x", {tag}', 200)):
        headers = {"If-Match": sent, "Content-Type": "application/merge-patch+json"}
        answer = await partner.http.patch(place, json={"purpose": sent}, headers=headers)
        assert answer.status_code == status, sent


async def test_one_key_of_two_clients_is_two_keys(house: House) -> None:
    """A key is its client's; the same file under it is the same request, another kind is not."""
    partner, other = await house.partner(), await house.partner("Andere")
    headers = {"Idempotency-Key": "k"}
    ids = [
        (await each.http.post("/v2/applications", json=application(), headers=headers)).json()["id"]
        for each in (partner, other)
    ]
    assert len(set(ids)) == 2
    place = f"/v2/applications/{ids[0]}/documents"
    upload: dict[str, Any] = {
        "files": {"file": ("a.xml", b"<a/>")},
        "headers": {"Idempotency-Key": "up"},
    }
    first, again = [await partner.http.post(place, **upload) for _ in range(2)]
    assert (again.status_code, again.content) == (202, first.content)
    refused = await partner.http.post(place, **upload, data={"kind": "invoice"})
    assert refused.status_code == 422
