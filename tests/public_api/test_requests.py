"""What a partner is still asked for, and that it is asked once and no longer than needed."""

from typing import Any

from tests.builders import House, Partner, company, statements, statements_without


async def open_requests(partner: Partner, application_id: str) -> list[dict[str, Any]]:
    """What the lender asks for."""
    found: list[dict[str, Any]] = (
        await partner.get(f"/v2/applications/{application_id}/requests")
    )["data"]
    return found


async def test_a_case_without_documents_is_asked_for_statements(house: House) -> None:
    partner = await house.partner()
    (only,) = await open_requests(partner, await partner.submit())
    assert only["document"]["kind"] == "statements"
    assert only["document"]["text"]["en"] == "bank statements of the last 12 months"
    assert only["because"]["de"] == "Es liegt kein Kontoauszug vor."
    assert {"monthly_revenue", "completeness"} <= set(only["questions"])


async def test_a_gap_is_asked_for_once_with_all_that_it_would_settle(house: House) -> None:
    partner, made = await house.partner(), company(months=13)
    application_id = await house.case(partner, made, statements_without(made, 5))
    requests = await open_requests(partner, application_id)
    documents = [tuple(each["document"].values())[:4] for each in requests]
    assert len(set(documents)) == len(documents) > 0
    answers = await partner.get(f"/v2/applications/{application_id}/answers")
    missing = {
        (each["question"], document["text"]["en"])
        for each in answers["data"]
        for document in each["missing"]
    }
    assert missing == {
        (question, each["document"]["text"]["en"])
        for each in requests
        for question in each["questions"]
    }
    gap = next(each for each in requests if "completeness" in each["questions"])
    completeness = next(a for a in answers["data"] if a["question"] == "completeness")
    assert completeness["because"]["en"] in gap["because"]["en"]


async def test_what_is_declared_or_handed_in_is_asked_no_more(house: House) -> None:
    partner, made = await house.partner(), company(months=13)
    applicant = {"legal_name": made.cast.name, "country": "DE"}
    application_id = await partner.submit(applicant=applicant)
    await partner.upload(application_id, statements(made)[0])
    assert await open_requests(partner, application_id) == []
    for content in statements(made)[1:]:
        await partner.upload(application_id, content)
    await house.work()
    (lenders,) = await open_requests(partner, application_id)
    assert (lenders["document"]["kind"], lenders["questions"]) == (
        "lenders",
        ["undeclared_lenders"],
    )
    place = f"/v2/applications/{application_id}"
    patch: dict[str, Any] = {"declared": {"existing_lenders": []}}
    await partner.http.patch(place, json=patch, headers={"If-Match": "*"})
    await house.work()
    assert await open_requests(partner, application_id) == []


async def test_a_closed_case_is_asked_for_nothing(house: House) -> None:
    partner, made = await house.partner(), company(months=13)
    application_id = await house.case(partner, made, statements_without(made, 5))
    assert await open_requests(partner, application_id)
    await partner.http.delete(f"/v2/applications/{application_id}?reason=test")
    assert await open_requests(partner, application_id) == []
