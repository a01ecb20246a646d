"""Deciding a case."""

from typing import Any

from tests.bff.conftest import Screen
from tests.builders import House, company

DECLINED = {"outcome": "declined", "reasons": ["seizure", "other"], "note": "Told by phone."}


async def decide(browser: Screen, case_id: str, **ruling: Any) -> int:
    """Send the decision form; the status of the answer."""
    return (await browser.http.post(f"/bff/cases/{case_id}/decision", json=ruling)).status_code


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
