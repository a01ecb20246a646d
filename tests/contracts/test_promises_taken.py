"""What was always taken, though no document names it: it goes on being taken, and is counted.

None of it is promised to anybody, and all of it may be sent by somebody: refusing it is a break.
"""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple

import httpx
import pytest

from core.irregularities import Irregularity
from tests.builders import House, part
from tests.contracts.bodies import BODIES, HOOK, VERSION
from tests.contracts.irregular import counted

I = Irregularity  # noqa: E741 - the one letter of a wide table
JSON = "application/json"
TERM = {"v1": "duration", "v2": "term_months"}
SUBMIT = {"v1": "createApplication", "v2": "submitApplication"}


def body_of(version: str) -> bytes:
    """A good application, as bytes."""
    return json.dumps(BODIES[version]).encode()


class Sent(NamedTuple):
    """An application as somebody may send it."""

    word: Irregularity | None
    headers: Mapping[str, str] = MappingProxyType({})
    query: str = ""


AS_SENT: dict[str, Sent] = {
    "as documented": Sent(None),
    "with a charset": Sent(None, {"content-type": "application/json; charset=UTF-8"}),
    "in capitals": Sent(None, {"content-type": "Application/JSON"}),
    "as text": Sent(I.OTHER_MEDIA_TYPE, {"content-type": "text/plain"}),
    "as a form": Sent(I.OTHER_MEDIA_TYPE, {"content-type": "application/x-www-form-urlencoded"}),
    "as a form of parts": Sent(I.OTHER_MEDIA_TYPE, {"content-type": "multipart/form-data"}),
    "as anything": Sent(I.OTHER_MEDIA_TYPE, {"content-type": "*/*"}),
    "as nothing": Sent(I.OTHER_MEDIA_TYPE, {"content-type": ""}),
    "of another charset": Sent(
        I.OTHER_ENCODING, {"content-type": "application/json; charset=iso-8859-1"}
    ),
    "said to be packed": Sent(I.OTHER_ENCODING, {"content-encoding": "gzip"}),
    "with a query": Sent(I.UNKNOWN_PARAMETER, query="?dry_run=true"),
    "with a method in the query": Sent(I.UNKNOWN_PARAMETER, query="?_method=DELETE"),
    "with another method": Sent(I.METHOD_OVERRIDE, {"x-http-method-override": "DELETE"}),
}


@VERSION
@pytest.mark.parametrize("how", AS_SENT)
async def test_a_body_is_taken_whatever_it_is_called(house: House, version: str, how: str) -> None:
    """JSON is read as JSON in UTF-8 whatever `Content-Type`, `Content-Encoding` or query say."""
    partner, sent = await house.partner(), AS_SENT[how]
    answer = await partner.http.post(
        f"/{version}/applications{sent.query}",
        content=body_of(version),
        headers={"content-type": JSON, **sent.headers},
    )
    assert answer.status_code == 201
    expected = [(version, SUBMIT[version], str(sent.word), 1)] if sent.word else []
    assert await counted(house) == expected


@VERSION
async def test_of_members_that_are_said_twice_the_last_counts(house: House, version: str) -> None:
    """A member that is said twice is taken; the last one counts, whatever the first was."""
    partner, term = await house.partner(), TERM[version]
    for first in (b"7", b"7.5", b'"x"'):
        body = body_of(version).replace(b"{", b'{"' + term.encode() + b'": ' + first + b",", 1)
        answer = await partner.http.post(f"/{version}/applications", content=body)
        assert (answer.status_code, answer.json()[term]) == (201, BODIES[version][term])
    assert (version, SUBMIT[version], "repeated_member", 3) in await counted(house)


@VERSION
@pytest.mark.parametrize(
    ("encoding", "in_v2"),
    [("utf-8-sig", 400), ("utf-16", 400), ("utf-16-le", 400), ("utf-32", 400)],
)
async def test_version_1_reads_other_unicode_and_version_2_does_not(
    house: House, version: str, encoding: str, in_v2: int
) -> None:
    """A byte order mark, UTF-16 and UTF-32: taken by v1, no JSON to v2; Latin-1 is to neither."""
    partner, text = await house.partner(), body_of(version).decode()
    where = f"/{version}/applications"
    answer = await partner.http.post(
        where, content=text.encode(encoding), headers={"content-type": JSON}
    )
    assert answer.status_code == (201 if version == "v1" else in_v2)
    assert await counted(house) == [(version, SUBMIT[version], "other_encoding", 1)]
    latin = text.replace("A", "Ä").replace("M", "Ä").encode("latin-1")
    assert (await partner.http.post(where, content=latin)).status_code == 400


@VERSION
async def test_a_query_is_read_by_its_last_and_known_parameters(house: House, version: str) -> None:
    """Unknown parameters are ignored, of repeated ones the last counts; zeros may lead."""
    partner = await house.partner()
    for _ in range(3):
        await partner.http.post(f"/{version}/applications", content=body_of(version))
    size, rows = {"v1": ("per_page", "items"), "v2": ("limit", "data")}[version]
    operation, where = "listApplications", f"/{version}/applications"

    async def listed(query: str) -> int | None:
        answer = await partner.http.get(f"{where}?{query}")
        return len(answer.json()[rows]) if answer.status_code == 200 else None

    before = await counted(house)
    escaped = f"%{ord(size[0]):X}{size[1:]}"
    for query in (f"{size}=2", f"{size}=%32", f"{escaped}=2", f"&{size}=2&", f"{size}=002"):
        assert await listed(query) == 2, query
    assert await counted(house) == before
    assert await listed(f"{size}=2&_=1&Cache=%20") == 2
    assert await listed(f"{size.upper()}=2") == 3
    assert await listed(f"{size}=2;x=1") is None
    assert (version, operation, "unknown_parameter", 2) in await counted(house)
    for query, count in (
        (f"{size}=1&{size}=2", 2),
        (f"{size}=x&{size}=2", 2),
        (f"{size}=2&{size}=x", None),
        (f"{size}=2&{size}=2", 2),
    ):
        assert await listed(query) == count, query
    assert (version, operation, "repeated_parameter", 4) in await counted(house)


@VERSION
async def test_what_a_call_needs_not_is_passed_over(house: House, version: str) -> None:
    """A body where none is taken, spaces before a key, other forms of an id: all is answered."""
    partner = await house.partner()
    application_id = await partner.submit()
    where = f"/{version}/applications/{application_id}"
    await counted(house)
    show = "getApplication"
    for method in ("GET", "HEAD"):
        answer = await partner.http.request(method, where, content=b'{"id": "another"}')
        assert answer.status_code == 200
    assert (version, show, "unexpected_body", 2) in await counted(house)
    spaced = {"Authorization": f"Bearer   {partner.key}"}
    assert (await partner.http.get(where, headers=spaced)).status_code == 200
    lower = {"Authorization": f"bearer {partner.key}"}
    assert (await partner.http.get(where, headers=lower)).status_code == 200
    assert (version, show, "spaced_token", 1) in await counted(house)
    forms = (
        application_id.upper(),
        application_id.replace("-", ""),
        f"{{{application_id}}}",
        f"urn:uuid:{application_id}",
    )
    for form in forms:
        answer = await partner.http.get(f"/{version}/applications/{form}")
        assert answer.json()["id"] == application_id
        below = await partner.http.get(f"/{version}/applications/{form}/documents")
        assert below.status_code == 200
    assert (version, show, "other_id_form", 4) in await counted(house)
    for none in (f"%20{application_id}", f"{application_id}%20", f"{application_id}/"):
        assert (await partner.http.get(f"/{version}/applications/{none}")).status_code == 404
    for accept in ("text/xml", "nonsense", "application/json;q=0"):
        answer = await partner.http.get(where, headers={"Accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (200, JSON)


@VERSION
async def test_of_headers_that_come_twice_the_last_counts(
    house: House, database: str, version: str
) -> None:
    """Of two `Authorization` or `Idempotency-Key` headers the last counts, over a real line."""
    partner = await house.partner()
    async with part("api", database, house.folder) as api, httpx.AsyncClient() as http:
        where = f"{api.url}/{version}/applications"
        good, bad = f"Bearer {partner.key}", "Bearer beleg_live_nobody"
        for shown, status in (((bad, good), 200), ((good, bad), 401)):
            headers = [("Authorization", each) for each in shown]
            assert (await http.get(where, headers=headers)).status_code == status
        keys = [("Idempotency-Key", each) for each in ("a", "b")]
        made = await http.post(
            where, content=body_of(version), headers=[("Authorization", good), *keys]
        )
        again = await http.post(
            where,
            content=body_of(version),
            headers=[("Authorization", good), ("Idempotency-Key", "b")],
        )
        assert again.content == made.content
        assert again.headers["idempotent-replayed"] == "true"
        async with asyncio.timeout(60):
            while (version, SUBMIT[version], "repeated_header", 1) not in await counted(house):
                await asyncio.sleep(0.2)


async def test_what_only_version_2_takes_so(house: House) -> None:
    """Webhooks change by any media type, applications by two; posts without a body may have one."""
    partner = await house.partner()
    hook = (await partner.http.post("/v2/webhooks", json=HOOK)).headers["location"]
    case = f"/v2/applications/{await partner.submit()}"

    async def changed(where: str, media_type: str, body: bytes, **more: str) -> int:
        headers = {"content-type": media_type, **more}
        return (await partner.http.patch(where, content=body, headers=headers)).status_code

    for media_type in ("text/plain", "", "application/merge-patch+json"):
        assert await changed(hook, media_type, b'{"enabled": true}') == 200
    for media_type, status in ((JSON, 200), ("Application/JSON ; charset=x", 200), ("", 415)):
        assert await changed(case, media_type, b'{"purpose": "x"}', **{"if-match": "*"}) == status
    tested = await partner.http.post(f"{hook}/test", content=b"no JSON")
    assert tested.status_code == 202
    now = datetime.now(UTC)
    year, week, weekday = now.isocalendar()
    for since in (
        f"{now:%Y-%m-%d %H:%M:%S+00:00}",
        f"{now:%Y%m%dT%H%M%SZ}",
        f"{year}-W{week:02}-{weekday}T00:00:00+01:00",
    ):
        answer = await partner.http.post(f"{hook}/replay", json={"since": since})
        assert answer.status_code == 202, since
    for query, status in (
        ("from=2026-W01-1", 200),
        ("from=20260101", 422),
        ("counterparty=&account=", 200),
        ("from=2026-02-01&to=2026-01-01", 200),
        ("after=", 200),
        ("category=", 422),
    ):
        answer = await partner.http.get(f"{case}/transactions?{query}")
        assert answer.status_code == status, query
    gone = await partner.http.delete(f"{case}?reason=nonsense&reason=test")
    assert gone.status_code == 204
    words = {(each[1], each[2]) for each in await counted(house)}
    assert words == {
        ("changeWebhook", "other_media_type"),
        ("changeApplication", "other_media_type"),
        ("changeApplication", "other_encoding"),
        ("testWebhook", "unexpected_body"),
        ("withdrawApplication", "repeated_parameter"),
    }


async def test_what_only_version_1_takes_so(house: House) -> None:
    """A property worth nothing, empty texts as absent, exponents, unknown fields."""
    partner = await house.partner()
    good = BODIES["v1"]
    for change in (
        {"type": "MORTGAGE", "property_value_eur": 0},
        {"company_number": "", "reference": ""},
        {"Duration": 7, "unknown": [None]},
    ):
        answer = await partner.http.post("/v1/applications", json={**good, **change})
        assert answer.status_code == 201, change
    text = json.dumps(good).replace('"amount_eur": 1,', '"amount_eur": 1E+2,')
    answer = await partner.http.post("/v1/applications", content=text)
    assert answer.json()["amount_eur"] == 100


@VERSION
@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "060", "+60", "60.0", "6_0"])
async def test_numbers_that_are_none_were_never_taken(
    house: House, version: str, number: str
) -> None:
    """What JSON has no word for is refused as it always was."""
    partner = await house.partner()
    good = body_of(version).decode()
    body = good.replace(f'"{TERM[version]}": {BODIES[version][TERM[version]]}', "*")
    assert "*" in body
    answer = await partner.http.post(
        f"/{version}/applications", content=body.replace("*", f'"{TERM[version]}": {number}')
    )
    assert answer.status_code in (400, 422)
    assert await counted(house) in ([], [(version, SUBMIT[version], "other_media_type", 1)])
