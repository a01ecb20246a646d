"""Whose an application is within a client: one person of an app never meets another's."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from core import audit
from core.db import Database
from core.query import Query
from tests.builders import House, Partner, application
from tests.deploy.ops.test_steering import beleg
from tests.openid import OpenIdProvider
from tests.public_api.test_openid import (
    AUDIENCE,
    claims,
    house_with_provider,
    provider,
    signed,
)
from tests.public_api.test_openid import broker as broker

SCOPES = "applications:read applications:write documents:write report:read webhooks:manage"
FILE = {"file": ("a.xml", b"<a/>")}
__all__ = ["house_with_provider", "provider"]

ACTS: dict[str, dict[str, Any]] = {
    "GET /v2/applications/{}": {},
    "GET /v2/applications/{}/documents": {},
    "GET /v2/applications/{}/statements": {},
    "GET /v2/applications/{}/transactions": {},
    "GET /v2/applications/{}/answers": {},
    "GET /v2/applications/{}/report": {},
    "GET /v2/applications/{}/requests": {},
    "GET /v2/applications/{}/decision": {},
    "PATCH /v2/applications/{}": {"json": {"term_months": 12}, "headers": {"If-Match": "*"}},
    "POST /v2/applications/{}/documents": {"files": FILE},
    "DELETE /v2/applications/{}?reason=test": {},
    "GET /v1/applications/{}": {},
    "GET /v1/applications/{}/documents": {},
    "GET /v1/applications/{}/result": {},
    "POST /v1/applications/{}/documents": {"files": FILE},
    "DELETE /v1/applications/{}": {},
}
"""What can be tried on an application, and what it takes."""


def signed_in(house: House, provider: OpenIdProvider, subject: str) -> httpx.AsyncClient:
    """The app in the hands of a person."""
    return house.caller(signed(claims(provider.issuer, sub=subject, scope=SCOPES)))


async def submit(app: httpx.AsyncClient, **headers: str) -> httpx.Response:
    """Hand in an application in the app."""
    return await app.post("/v2/applications", json=application(), headers=headers)


def seen(answer: httpx.Response) -> tuple[object, ...]:
    """All of an answer that could tell one id from another."""
    told = {"request-id", "ratelimit", "date"}
    return (
        answer.status_code,
        answer.content,
        sorted(each for each in answer.headers.items() if each[0] not in told),
    )


async def test_another_persons_application_is_one_that_does_not_exist(
    house_with_provider: House, broker: Partner, provider: OpenIdProvider
) -> None:
    mia, otto = (signed_in(house_with_provider, provider, each) for each in ("mia", "otto"))
    hers, nobodys = (await submit(mia)).json()["id"], str(uuid4())
    of_partner = await broker.submit()
    for act, content in ACTS.items():
        method, path = act.split(" ")
        unknown = await otto.request(method, path.format(nobodys), **content)
        assert unknown.status_code == 404, act
        for strange in (hers, of_partner):
            answer = await otto.request(method, path.format(strange), **content)
            assert seen(answer) == seen(unknown), act
    for version, name in (("v1", "items"), ("v2", "data")):
        listed = (await otto.get(f"/{version}/applications")).json()
        assert listed[name] == []
        assert listed.get("total", 0) == 0
    assert (await otto.get("/v2/events")).json()["data"] == []
    shown = (await mia.get(f"/v2/applications/{hers}")).json()
    assert (shown["status"], shown["term_months"]) == ("received", 60)


async def test_a_person_does_all_with_their_own_and_the_client_too(
    house_with_provider: House, broker: Partner, provider: OpenIdProvider
) -> None:
    mia = signed_in(house_with_provider, provider, "mia")
    hers = (await submit(mia)).json()["id"]
    of_partner = await broker.submit()
    await house_with_provider.settled()
    events = (await mia.get("/v2/events")).json()["data"]
    assert [each["data"]["application_id"] for each in events] == [hers]
    listed = (await broker.get("/v2/applications"))["data"]
    assert [each["id"] for each in listed] == [of_partner, hers]
    assert (await broker.change(hers, term_months=12)).status_code == 200
    assert (await mia.get(f"/v2/applications/{hers}")).json()["term_months"] == 12
    taken = await mia.post(f"/v2/applications/{hers}/documents", files=FILE)
    assert taken.status_code == 202
    assert (await mia.delete(f"/v2/applications/{hers}?reason=test")).status_code == 204


async def test_the_audit_names_the_client_and_who_signed_in(
    house_with_provider: House, broker: Partner, provider: OpenIdProvider
) -> None:
    mia = signed_in(house_with_provider, provider, "mia")
    hers = (await submit(mia)).json()["id"]
    await broker.change(hers, term_months=12)
    await mia.delete(f"/v2/applications/{hers}?reason=test")
    entries = await audit.history(house_with_provider.db, UUID(hers))
    assert {each.actor_id for each in entries} == {broker.client_id}
    who = {"issuer": provider.issuer, "subject": "mia"}
    assert [(each.action, each.detail.get("end_user")) for each in entries] == [
        ("application.submitted", who),
        ("application.changed", None),
        ("application.withdrawn", who),
    ]
    assert (await audit.verify(house_with_provider.db)).broken_at is None


async def test_one_persons_key_and_cursor_are_nothing_to_another(
    house_with_provider: House, broker: Partner, provider: OpenIdProvider
) -> None:
    mia, otto = (signed_in(house_with_provider, provider, each) for each in ("mia", "otto"))
    key = {"Idempotency-Key": "the-same"}
    answers = [await submit(each, **key) for each in (mia, otto, broker.http, mia, otto)]
    assert [each.status_code for each in answers] == [201] * 5
    replayed = [each.headers.get("idempotent-replayed") for each in answers]
    assert replayed == [None, None, None, "true", "true"]
    ids = [each.json()["id"] for each in answers]
    assert ids[3:] == ids[:2]
    assert len(set(ids)) == 3
    await submit(mia)
    page = (await mia.get("/v2/applications?limit=1")).json()
    rest = (await otto.get("/v2/applications", params={"after": page["next"]})).json()["data"]
    assert [each["id"] for each in rest] == [ids[1]]


async def test_nobody_who_signs_in_to_an_app_manages_the_clients_webhooks(
    house_with_provider: House, broker: Partner, provider: OpenIdProvider
) -> None:
    mia = signed_in(house_with_provider, provider, "mia")
    answer = await mia.get("/v2/webhooks")
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/scope-missing")
    assert (await mia.get("/v1/callbacks")).status_code == 403
    assert (await broker.http.get("/v2/webhooks")).status_code == 200


async def test_an_application_from_before_there_were_owners_is_the_clients(
    house_with_provider: House, broker: Partner, provider: OpenIdProvider
) -> None:
    mia = signed_in(house_with_provider, provider, "mia")
    hers = (await submit(mia)).json()["id"]
    await _forget_owners(house_with_provider.db)  # as a build wrote it that knew of none
    assert (await mia.get(f"/v2/applications/{hers}")).status_code == 404
    assert (await mia.get("/v2/applications")).json()["data"] == []
    assert (await broker.get(f"/v2/applications/{hers}"))["id"] == hers
    assign = ("client", "assign", hers, "--subject", "mia")
    place = {"BELEG_OIDC_ISSUER": provider.issuer, "BELEG_OIDC_AUDIENCE": AUDIENCE}
    given = await beleg(house_with_provider, *assign, **place)
    assert given.exit_code == 0, given.output
    assert (await mia.get(f"/v2/applications/{hers}")).json()["id"] == hers
    again = await beleg(house_with_provider, *assign, **place)
    assert (again.exit_code, "belongs to somebody" in again.output) == (1, True)
    assert (await audit.history(house_with_provider.db, UUID(hers)))[-1].detail["assigned_to"] == {
        "issuer": provider.issuer,
        "subject": "mia",
    }


async def test_from_where_an_apps_people_call_is_the_operators_to_say(
    house_with_provider: House, provider: OpenIdProvider
) -> None:
    partner = await house_with_provider.partner(oidc_client_id="beleg-ios", networks=ELSEWHERE)
    mia = signed_in(house_with_provider, provider, "mia")
    assert (await mia.get("/v2/applications")).status_code == 403
    change = ("client", "app-networks", str(partner.client_id))
    for networks, status in (((*OURS, "::/0"), 200), ((), 403)):
        said = await beleg(house_with_provider, *change, *networks)
        assert said.exit_code == 0, said.output
        assert house_with_provider.api.dependencies is not None
        house_with_provider.api.dependencies.callers.forget()  # as five seconds later
        assert (await mia.get("/v2/applications")).status_code == status
    refused = await beleg(house_with_provider, *change, "example.org")
    assert (refused.exit_code, "a network such as" in refused.output) == (1, True)


OURS, ELSEWHERE = ("127.0.0.0/8",), ("192.0.2.0/24",)


@pytest.mark.parametrize(
    ("networks", "app_networks", "status"),
    [
        ((), (), 200),
        (OURS, (), 200),
        (ELSEWHERE, (), 403),
        (ELSEWHERE, ("0.0.0.0/0", "::/0"), 200),
        ((), ELSEWHERE, 403),
    ],
)
async def test_a_token_counts_from_where_the_clients_keys_do_unless_said_otherwise(
    house_with_provider: House,
    provider: OpenIdProvider,
    networks: tuple[str, ...],
    app_networks: tuple[str, ...],
    status: int,
) -> None:
    await house_with_provider.partner(
        oidc_client_id="beleg-ios", networks=networks, app_networks=app_networks
    )
    mia = signed_in(house_with_provider, provider, "mia")
    answer = await mia.get("/v2/applications")
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["type"] == "/problems/address-refused"


async def _forget_owners(db: Database) -> None:
    query = Query("UPDATE application SET oidc_issuer = NULL, oidc_subject = NULL", (), {})
    await db.write(lambda tx: tx.run(query))
