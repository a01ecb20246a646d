"""What partners can do with webhooks over version 2, and with callbacks over version 1."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.audit import history
from core.clients import Scope
from core.query import Query
from tests.builders import House, Partner

URL = "https://hooks.partner.test/beleg?token=1"
NOBODYS = "00000000-0000-4000-8000-000000000000"


async def subscribed(partner: Partner, **more: Any) -> dict[str, Any]:
    """A new webhook, as it was answered."""
    answer = await partner.http.post("/v2/webhooks", json={"url": URL, **more})
    assert answer.status_code == 201, answer.text
    webhook: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/v2/webhooks/{webhook['id']}"
    return webhook


async def test_the_secret_is_shown_once_and_never_again(house: House) -> None:
    partner = await house.partner()
    made = await subscribed(partner, events=["application.in_review", "decision.made"])
    assert made["secret"].startswith("whsec_")
    assert len(made["secret"]) == len("whsec_") + 44
    shown = {name: value for name, value in made.items() if name != "secret"}
    assert shown["events"] == ["application.in_review", "decision.made"]
    assert (shown["url"], shown["enabled"], shown["disabled_reason"]) == (URL, True, None)
    place = f"/v2/webhooks/{made['id']}"
    assert await partner.get(place) == shown
    assert await partner.get("/v2/webhooks") == {"data": [shown]}
    changed = await partner.http.patch(place, json={"events": None})
    assert changed.json() == {**shown, "events": None}


async def test_a_repeated_request_makes_one_webhook(house: House) -> None:
    partner = await house.partner()
    key = {"Idempotency-Key": "once"}
    first, again = [
        await partner.http.post("/v2/webhooks", json={"url": URL}, headers=key) for _ in range(2)
    ]
    assert first.content == again.content
    assert again.headers["idempotent-replayed"] == "true"
    assert len((await partner.get("/v2/webhooks"))["data"]) == 1
    callback = {"url": URL, "secret": "one"}
    key = {"Idempotency-Key": "other"}
    await partner.http.post("/v1/callbacks", json=callback, headers=key)
    other = await partner.http.post(
        "/v1/callbacks", json={**callback, "secret": "two"}, headers=key
    )
    assert other.status_code == 409


async def test_what_is_changed_is_shown_and_on_record(house: House) -> None:
    partner = await house.partner()
    made = await subscribed(partner)
    place = f"/v2/webhooks/{made['id']}"
    moved = await partner.http.patch(place, json={"url": "https://new.partner.test/"})
    assert (moved.json()["url"], moved.json()["events"]) == ("https://new.partner.test/", None)
    paused = await partner.http.patch(place, json={"enabled": False})
    assert (paused.json()["enabled"], paused.json()["disabled_reason"]) == (False, "requested")
    assert (await partner.http.patch(place, json={})).json() == paused.json()
    for path in ("test", "replay"):
        body = {"since": datetime.now(UTC).isoformat()} if path == "replay" else None
        refused = await partner.http.post(f"{place}/{path}", json=body)
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/webhook-disabled")
    assert (await partner.http.delete(place)).status_code == 204
    assert (await partner.http.get(place)).status_code == 404
    done = [each.action for each in await history(house.db, made["id"])]
    assert done == ["webhook.created", "webhook.changed", "webhook.changed", "webhook.removed"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/url"),
        ({"url": ""}, "/url"),
        ({"url": "hooks.partner.test"}, "/url"),
        ({"url": "ftp://hooks.partner.test/"}, "/url"),
        ({"url": "https://u:p@hooks.partner.test/"}, "/url"),
        ({"url": "https://127.0.0.1/"}, "/url"),
        ({"url": "https://[::ffff:10.0.0.1]/"}, "/url"),
        ({"url": "https://169.254.169.254/latest/meta-data/"}, "/url"),
        ({"url": "https://2130706433/"}, "/url"),
        ({"url": "https://hooks.partner.test:25/"}, "/url"),
        ({"url": URL, "events": []}, "/events"),
        ({"url": URL, "events": ["application.sold"]}, "/events/0"),
        ({"url": URL, "secret": "mine"}, "/secret"),
    ],
)
async def test_what_nothing_may_be_sent_to_is_refused(
    house: House, body: dict[str, Any], pointer: str
) -> None:
    partner = await house.partner()
    made = await subscribed(partner)
    refused = await partner.http.post("/v2/webhooks", json=body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == pointer
    if body:
        patch = await partner.http.patch(f"/v2/webhooks/{made['id']}", json=body)
        assert patch.status_code == 422
    old = await partner.http.post("/v1/callbacks", json={"secret": "s", **body})
    if pointer == "/url":
        assert (old.status_code, old.json()["error"]["code"]) == (400, "invalid")


async def test_a_strangers_webhook_and_one_of_another_version_are_not_found(house: House) -> None:
    partner, stranger = await house.partner(), await house.partner("Fremd")
    made = await subscribed(partner)
    old = (await partner.http.post("/v1/callbacks", json={"url": URL, "secret": "s"})).json()
    now = datetime.now(UTC).isoformat()
    unknown = (await stranger.http.get(f"/v2/webhooks/{NOBODYS}")).content
    for caller, which in ((stranger, made["id"]), (partner, old["id"]), (partner, "none")):
        place = f"/v2/webhooks/{which}"
        for method, path, body in (
            ("GET", "", None),
            ("PATCH", "", {"enabled": False}),
            ("DELETE", "", None),
            ("POST", "/test", None),
            ("POST", "/rotate-secret", None),
            ("POST", "/replay", {"since": now}),
            ("GET", "/deliveries", None),
            ("POST", f"/deliveries/{NOBODYS}/redeliver", None),
        ):
            answer = await caller.http.request(method, place + path, json=body)
            assert (answer.status_code, answer.content) == (404, unknown), (method, path)
    for which in (made["id"], NOBODYS):
        assert (await partner.http.delete(f"/v1/callbacks/{which}")).status_code == 404
    listed = await partner.get("/v1/callbacks")
    assert [each["id"] for each in listed["items"]] == [old["id"]]
    assert [each["id"] for each in (await partner.get("/v2/webhooks"))["data"]] == [made["id"]]
    assert (await partner.http.delete(f"/v1/callbacks/{old['id']}")).status_code == 204
    assert (await partner.get("/v1/callbacks")) == {"items": []}


async def test_a_key_needs_the_scope(house: House) -> None:
    partner = await house.partner(scopes=[each for each in Scope if each != "webhooks:manage"])
    assert (await partner.http.get("/v2/webhooks")).status_code == 403
    assert (await partner.http.get("/v1/callbacks")).status_code == 403


async def test_twenty_are_enough_over_all_versions(house: House) -> None:
    partner = await house.partner()
    for _ in range(10):
        await subscribed(partner)
        await partner.http.post("/v1/callbacks", json={"url": URL, "secret": "s"})
    one_more = await partner.http.post("/v2/webhooks", json={"url": URL})
    assert (one_more.status_code, one_more.json()["type"]) == (409, "/problems/too-many-webhooks")
    old = await partner.http.post("/v1/callbacks", json={"url": URL, "secret": "s"})
    assert (old.status_code, old.json()["error"]["code"]) == (409, "too_many_webhooks")


async def test_deliveries_are_listed_page_by_page(house: House) -> None:
    partner = await house.partner()
    made = await subscribed(partner)
    place = f"/v2/webhooks/{made['id']}"
    ids = [(await partner.http.post(f"{place}/test")).json()["id"] for _ in range(5)]
    first = await partner.get(f"{place}/deliveries?limit=3")
    rest = await partner.get(f"{place}/deliveries?limit=3&after={first['next']}")
    assert [each["id"] for each in first["data"] + rest["data"]] == ids[::-1]
    assert rest["next"] is None
    shown = first["data"][0]
    assert shown["next_attempt_at"]
    assert {name: shown[name] for name in shown if name not in ("id", "timestamp")} == {
        "type": "webhook.test",
        "application_id": None,
        "status": "pending",
        "attempts": 0,
        "next_attempt_at": shown["next_attempt_at"],
        "last_attempt_at": None,
        "last_status": None,
        "last_error": None,
    }
    again = await partner.http.post(f"{place}/deliveries/{shown['id']}/redeliver")
    assert (again.status_code, again.json()["status"]) == (202, "pending")
    missing = await partner.http.post(f"{place}/deliveries/{NOBODYS}/redeliver")
    assert (missing.status_code, missing.json()["detail"]) == (404, "There is no such delivery.")


@pytest.mark.parametrize(
    "since", ["yesterday", "2026-01-31", "2026-01-31T08:00:00", "2020-01-01T00:00:00Z", 5]
)
async def test_a_replay_says_since_when(house: House, since: object) -> None:
    partner = await house.partner()
    place = f"/v2/webhooks/{(await subscribed(partner))['id']}/replay"
    refused = await partner.http.post(place, json={"since": since})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/since")
    hour_ago = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    taken = await partner.http.post(place, json={"since": hour_ago})
    assert taken.status_code == 202


async def test_version_1_shows_no_secret_and_ignores_what_it_does_not_know(house: House) -> None:
    partner = await house.partner()
    body = {"url": URL, "secret": "geheim", "colour": "red"}
    answer = await partner.http.post("/v1/callbacks", json=body)
    assert answer.status_code == 201
    assert set(answer.json()) == {"id", "url", "created"}
    assert "geheim" not in (await partner.http.get("/v1/callbacks")).text
    for broken in (
        {"url": URL},
        {"secret": "s"},
        {"url": 7, "secret": "s"},
        {"url": URL, "secret": ""},
    ):
        assert (await partner.http.post("/v1/callbacks", json=broken)).status_code == 400


async def test_no_secret_is_in_the_audit_log(house: House) -> None:
    partner = await house.partner()
    made = await subscribed(partner)
    await partner.http.post(f"/v2/webhooks/{made['id']}/rotate-secret")
    details = Query("SELECT string_agg(detail::text, '') AS details FROM audit_entry", (), {})
    row = await house.db.one(details)
    assert row is not None
    assert "whsec" not in row["details"]
    assert "token" not in row["details"]
