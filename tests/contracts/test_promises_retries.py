"""What all versions promise of a request that is sent again under its `Idempotency-Key`."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import httpx
import pytest

from core.applications import Applicant, Declared, Money, Product, Property, Terms
from core.db import LOCK_TIMEOUT
from core.documents import DocumentKind
from core.idempotency import PATIENCE_SECONDS
from public_api.endpoints.webhooks import NewWebhook, ReplayRequest
from public_api.fingerprint import canonical
from public_api.v1.version import V1
from public_api.v2.version import V2
from tests.builders import House, application, part
from tests.contracts.bodies import BODIES, HOOK, VERSION


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
    payload, place = BODIES[version], f"/{version}/applications"
    first = await partner.http.post(place, json=payload, headers=headers)
    shuffled = dict(reversed(payload.items())) | ({"colour": "red"} if version == "v1" else {})
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


async def test_a_hundred_at_once_at_two_processes_make_one_application(
    house: House, database: str
) -> None:
    """One key, a hundred calls at once, two processes: one row, a hundred times the same bytes."""
    partner = await house.partner()
    headers = {"Authorization": f"Bearer {partner.key}", "Idempotency-Key": "rush"}
    async with AsyncExitStack() as stack:
        apis = [
            await stack.enter_async_context(part("api", database, house.folder)) for _ in range(2)
        ]
        http = await stack.enter_async_context(httpx.AsyncClient(headers=headers, timeout=60))
        places = [f"{apis[turn % 2].url}/v2/applications" for turn in range(100)]
        answers = await asyncio.gather(*(http.post(place, json=application()) for place in places))
    assert {each.status_code for each in answers} == {201}
    assert len({each.content for each in answers}) == 1
    assert sum("idempotent-replayed" not in each.headers for each in answers) == 1
    assert len((await partner.get("/v2/applications"))["data"]) == 1


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


HASHED = {
    "application": (
        Terms(
            Product.MORTGAGE,
            Applicant("Nord GmbH", "DE", "GmbH", "Amtsgericht Kiel", "HRB 1", "DE1", "LEI"),
            Money(100, "EUR"),
            12,
            "p",
            Property(Money(5, "EUR"), "x"),
            Declared(Money(1, "EUR"), Money(2, "EUR"), ("B",)),
            "ref",
        ),
        "(product=<Product.MORTGAGE: 'mortgage'>,applicant=(legal_name='Nord GmbH',country='DE',"
        "legal_form='GmbH',register_court='Amtsgericht Kiel',register_number='HRB 1',vat_id='DE1',"
        "lei='LEI'),amount=(minor=100,currency='EUR'),term_months=12,purpose='p',property=("
        "market_value=(minor=5,currency='EUR'),address='x'),declared=(annual_revenue=(minor=1,"
        "currency='EUR'),monthly_debt_service=(minor=2,currency='EUR'),existing_lenders=(0='B')),"
        "external_reference='ref')",
    ),
    "upload": ((b"\x01", DocumentKind.INVOICE), "(0=b'\\x01',1=<Kind.INVOICE: 'invoice'>)"),
    "upload of no kind": ((b"\x01", None), "(0=b'\\x01',1=None)"),
    "webhook": (
        NewWebhook("https://a.example", ("application.received",), b"s"),
        "(url='https://a.example',kinds=(0='application.received'),secret=b's')",
    ),
    "replay": (
        ReplayRequest(datetime(2026, 1, 2, tzinfo=UTC)),
        "(since=datetime.datetime(2026, 1, 2, 0, 0, tzinfo=datetime.timezone.utc))",
    ),
    "nothing": (None, "None"),
}


@pytest.mark.unit
@pytest.mark.parametrize(("command", "hashed"), HASHED.values(), ids=HASHED.keys())
def test_what_makes_a_request_the_same_is_what_it_was(command: object, hashed: str) -> None:
    """Keys are kept for a day: a retry that meets the next release must find its first answer."""
    assert canonical(command) == hashed


@pytest.mark.unit
def test_a_twin_waits_for_ten_seconds() -> None:
    """A twin that comes while the first is in flight waits for up to 10 s."""
    assert LOCK_TIMEOUT == "10s"
    assert PATIENCE_SECONDS == 10
