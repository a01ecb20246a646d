"""One case as its page shows it."""

from typing import Any
from uuid import uuid4

from tests.bff.conftest import Screen
from tests.builders import House, company


async def test_a_case_shows_what_was_read_and_answered(house: House, uta: Screen) -> None:
    firm = company()
    case_id = await house.case(await house.partner(), firm)
    case = await uta.get(f"/bff/cases/{case_id}")
    submitted: dict[str, Any] = firm.application()
    assert case["application"]["legal_name"] == submitted["applicant"]["legal_name"]
    assert case["application"]["amount"] == submitted["amount"]
    assert case["application"]["partner"] == "Makler Nord"
    assert case["application"]["status"] == "in_review"
    assert [each["status"] for each in case["documents"]] == ["read", "read"]
    assert {each["state"] for each in case["statements"]} == {"reconciles"}
    assert len(case["months"]) == 24
    assert case["months"][-1]["month"] == case["window"]["ends_on"][:7]
    assert case["may_decide"]
    assert case["may_hand_in"]


async def test_every_number_says_what_it_rests_on(house: House, uta: Screen) -> None:
    case = await uta.get(f"/bff/cases/{await house.case(await house.partner(), company())}")
    for figure in case["figures"]:
        basis, value = figure["basis"], figure["value"]
        if value and value["value"] not in ("0", "0.00"):
            assert basis["bookings"] or basis["statements"], figure["name"]
    for answer in case["answers"]:
        assert set(answer["wording"]) == set(answer["because"]) == {"en", "de"}
        assert answer["wording"]["en"] != answer["wording"]["de"]
        assert answer["basis"]["figure"] in {each["name"] for each in case["figures"]}


async def test_an_open_question_names_the_paper_that_would_settle_it(
    house: House, uta: Screen
) -> None:
    case = await uta.get(f"/bff/cases/{await house.case(await house.partner(), company(months=3))}")
    assert case["application"]["status"] == "needs_documents"
    complete = next(each for each in case["answers"] if each["question"] == "completeness")
    assert complete["state"] == "not_answerable"
    assert complete["missing"][0]["de"]


async def test_the_history_names_who_did_what(house: House, uta: Screen) -> None:
    case = await uta.get(f"/bff/cases/{await house.case(await house.partner(), company(months=3))}")
    latest, *_, earliest = case["history"]
    assert (earliest["actor"], earliest["action"]) == ("Makler Nord", "application.submitted")
    assert (latest["actor"], latest["status"]) == (None, "needs_documents")
    assert any(each["filename"] == "s.xml" for each in case["history"])


async def test_the_status_tells_when_the_screen_is_out_of_date(house: House, uta: Screen) -> None:
    partner = await house.partner()
    case_id = await partner.submit()
    revisions = [(await uta.get(f"/bff/cases/{case_id}"))["revision"]]
    assert (await uta.get(f"/bff/cases/{case_id}/status"))["revision"] == revisions[0]
    await partner.upload(case_id, b"<no-statement/>")
    revisions.append((await uta.get(f"/bff/cases/{case_id}/status"))["revision"])
    await house.work()
    status = await uta.get(f"/bff/cases/{case_id}/status")
    assert status["status"] == "needs_documents"
    assert status["revision"] == (await uta.get(f"/bff/cases/{case_id}"))["revision"]
    assert len({*revisions, status["revision"]}) == 3


async def test_an_unknown_case_is_not_found(uta: Screen) -> None:
    for case_id in (uuid4(), "nonsense"):
        await uta.get(f"/bff/cases/{case_id}", status=404)
        await uta.get(f"/bff/cases/{case_id}/status", status=404)
