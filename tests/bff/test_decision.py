"""Deciding a case."""

import asyncio
import re
from typing import Any
from uuid import UUID

import pytest
from starlette.routing import Route

from bff.app import routes
from bff.static import DIST
from tests.bff.conftest import Screen
from tests.builders import House, Partner, company

APPROVED = {"outcome": "approved", "reasons": ["known_customer"]}
CHANGES: dict[str, dict[str, Any]] = {
    "the amount": {"amount": {"value": "99000000.00", "currency": "EUR"}},
    "the term": {"term_months": 120},
    "the applicant": {"applicant": {"legal_name": "Andere GmbH"}},
    "the reference": {"external_reference": "another"},
}
DECLINED = {"outcome": "declined", "reasons": ["seizure", "other"], "note": "Told by phone."}


async def decide(browser: Screen, case_id: str, **ruling: Any) -> int:
    """Send the decision form; the status of the answer."""
    headers = await browser.shown(case_id)
    path = f"/bff/cases/{case_id}/decision"
    return (await browser.http.post(path, json=ruling, headers=headers)).status_code


async def test_a_decision_closes_the_case_and_is_told(house: House, uta: Screen) -> None:
    partner = await house.partner()
    case_id = await house.case(partner, company(months=3))
    assert await decide(uta, case_id, **DECLINED) == 204
    case = await uta.get(f"/bff/cases/{case_id}")
    assert case["application"]["status"] == "declined"
    assert case["decision"]["reasons"] == ["seizure", "other"]
    assert case["decision"]["note"] == "Told by phone."
    assert case["decision"]["decided_by"] == "Uta Winter"
    assert not case["may_decide"]
    assert not case["may_hand_in"]
    decision = await partner.get(f"/v2/applications/{case_id}/decision")
    assert decision["outcome"] == "declined"


async def test_a_case_is_decided_once(house: House, uta: Screen) -> None:
    case_id = await house.case(await house.partner(), company(months=3))
    assert await decide(uta, case_id, outcome="approved", reasons=["known_customer"]) == 204
    assert await decide(uta, case_id, **DECLINED) == 409
    case = await uta.get(f"/bff/cases/{case_id}")
    assert case["decision"]["outcome"] == "approved"


async def test_a_decision_that_does_not_say_why_is_refused(house: House, uta: Screen) -> None:
    case_id = await house.case(await house.partner(), company(months=3))
    assert await decide(uta, case_id, outcome="declined", reasons=[]) == 422
    assert await decide(uta, case_id, outcome="declined", reasons=["known_customer"]) == 422
    assert await decide(uta, case_id, outcome="declined", reasons=["other"]) == 422
    assert await decide(uta, case_id, outcome="maybe", reasons=["policy"]) == 422
    assert (await uta.get(f"/bff/cases/{case_id}"))["decision"] is None


async def test_who_may_only_look_decides_nothing(house: House, vera: Screen) -> None:
    case_id = await house.case(await house.partner(), company(months=3))
    assert await decide(vera, case_id, **DECLINED) == 403
    assert not (await vera.get(f"/bff/cases/{case_id}"))["may_decide"]


async def test_a_case_that_is_still_being_read_waits(house: House, uta: Screen) -> None:
    partner = await house.partner()
    case_id = await partner.submit()
    await partner.upload(case_id, b"<a/>")
    assert await decide(uta, case_id, **DECLINED) == 409


async def moved_on(partner: Partner, case_id: str, by: str) -> None:
    """Let something happen to a case while somebody looks at it."""
    if by == "a document":
        await partner.upload(case_id, b"<a/>")
        return
    answer = await partner.change(case_id, **CHANGES[by])
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("by", ["a document", *CHANGES])
async def test_what_was_not_seen_is_not_approved(house: House, uta: Screen, by: str) -> None:
    partner = await house.partner()
    case_id = await house.case(partner, company(months=3))
    path, seen = f"/bff/cases/{case_id}/decision", await uta.shown(case_id)
    await moved_on(partner, case_id, by)
    for _ in range(2):  # before what happened was read, and after
        answer = await uta.http.post(path, json=APPROVED, headers=seen)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "case_changed")
        await house.work()
    assert (await uta.get(f"/bff/cases/{case_id}"))["decision"] is None
    again = await uta.http.post(path, json=APPROVED, headers=await uta.shown(case_id))
    assert again.status_code == 204


async def test_a_case_that_is_computed_anew_is_another_though_it_reads_the_same(
    house: House, uta: Screen
) -> None:
    case_id = await house.case(await house.partner(), company(months=3))
    path, seen = f"/bff/cases/{case_id}/decision", await uta.shown(case_id)
    assert await uta.shown(case_id) == seen
    await house.reader.renew(UUID(case_id))
    answer = await uta.http.post(path, json=APPROVED, headers=seen)
    assert answer.json()["error"]["code"] == "case_changed"


async def test_a_click_beside_a_change_decides_what_was_shown_or_nothing(
    house: House, uta: Screen
) -> None:
    partner = await house.partner()
    for _ in range(4):
        case_id = await house.case(partner, company(months=3), [])
        await partner.upload(case_id, b"<a/>")
        await house.work()
        seen = await uta.shown(case_id)
        before = (await partner.get(f"/v2/applications/{case_id}"))["amount"]
        decided, changed = await asyncio.gather(
            uta.http.post(f"/bff/cases/{case_id}/decision", json=APPROVED, headers=seen),
            partner.change(case_id, **CHANGES["the amount"]),
        )
        assert (decided.status_code, changed.status_code) in ((204, 409), (409, 200))
        after = (await partner.get(f"/v2/applications/{case_id}"))["amount"]
        assert (after == before) == (decided.status_code == 204)


async def test_a_page_that_names_no_revision_is_loaded_anew_and_decides_nothing(
    house: House, uta: Screen
) -> None:
    case_id = await house.case(await house.partner(), company(months=3))
    for headers in ({}, {"Case-Revision": ""}):
        answer = await uta.http.post(
            f"/bff/cases/{case_id}/decision", json=APPROVED, headers=headers
        )
        assert (answer.status_code, answer.json()) == (409, {"reload": True})
    assert (await uta.get(f"/bff/cases/{case_id}"))["decision"] is None


async def test_every_action_on_a_case_names_the_revision_that_was_shown(
    house: House, uta: Screen
) -> None:
    case_id = await house.case(await house.partner(), company(months=3))
    actions = [
        (method, route.path)
        for route in routes(DIST)
        if isinstance(route, Route) and route.path.startswith("/bff/cases/")
        for method in sorted((route.methods or set()) - {"GET", "HEAD"})
    ]
    assert len(actions) > 1
    for method, path in actions:
        place = re.sub(r"{\w+:\w+}", case_id, path)
        answer = await uta.http.request(method, place, json={})
        assert answer.json() == {"reload": True}, path
