"""One case from a partner's first call to the outcome that an old client sees."""

from uuid import UUID
from xml.etree import ElementTree

from core import decisions
from core.decisions import DecisionOutcome, DecisionReason
from tests.builders import House, company, statements_without


async def test_a_case_comes_all_the_way_through(house: House) -> None:
    partner = await house.partner()
    application_id = await house.case(partner, company())
    place = f"/v2/applications/{application_id}"
    assert (await partner.get(place))["status"] == "in_review"
    answers = {each["question"]: each for each in (await partner.get(f"{place}/answers"))["data"]}
    assert answers["monthly_revenue"]["state"] == "answered"
    assert answers["completeness"]["value"] == 24

    await partner.get(f"{place}/decision", 404)
    person = await house.person()
    await house.db.write(
        lambda tx: decisions.decide(
            tx,
            person,
            UUID(application_id),
            DecisionOutcome.APPROVED,
            (DecisionReason.SOUND_FIGURES,),
            None,
        )
    )
    assert (await partner.get(f"/v1/applications/{application_id}"))["status"] == "accepted"
    assert (await partner.get(f"{place}/decision"))["outcome"] == "approved"
    result = await partner.get(f"/v1/applications/{application_id}/result")
    assert result["ready"]
    for version, reason in (("v1", ""), ("v2", "?reason=other")):
        late = await partner.http.delete(f"/{version}/applications/{application_id}{reason}")
        assert late.status_code == 409
    late = await partner.http.post(f"{place}/documents", files={"file": ("late.xml", b"<a/>")})
    assert (late.status_code, late.json()["type"]) == (409, "/problems/application-closed")
    assert len(list((house.folder / "blobs" / "documents").iterdir())) == len(company().accounts)


async def test_the_bytes_of_the_evidence_are_the_booking(house: House) -> None:
    partner = await house.partner()
    application_id = await house.case(partner, company(2))
    place = f"/v2/applications/{application_id}"
    rows = await partner.get(f"{place}/transactions?evidence_of=customer_debits_bounced")
    assert rows["data"]
    for row in rows["data"]:
        evidence = row["evidence"]
        answer = await partner.http.get(
            f"{place}/documents/{evidence['document_id']}/content",
            headers={"Range": f"bytes={evidence['start']}-{evidence['end'] - 1}"},
        )
        assert answer.status_code == 206
        entry = ElementTree.fromstring(answer.content)
        assert entry.tag == "Ntry"
        assert entry.findtext("Amt") == row["amount"]["value"].removeprefix("-")


async def test_an_answer_names_how_much_it_rests_on_and_where_the_rest_is(house: House) -> None:
    partner = await house.partner()
    application_id = await house.case(partner, company(3, months=12))
    place = f"/v2/applications/{application_id}"
    for answer in (await partner.get(f"{place}/answers"))["data"]:
        evidence, after, rows = answer["evidence"], "", []
        while True:
            page = await partner.get(f"{evidence['href']}&limit=100{after}")
            rows += page["data"]
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
        assert len(rows) == evidence["count"]
        assert len(evidence["items"]) == min(20, evidence["count"])
        cents = sum(round(float(each["amount"]["value"]) * 100) for each in rows)
        assert cents == round(float(evidence["sum"]["value"]) * 100)


async def test_a_missing_month_is_named_and_keeps_the_case_waiting(house: House) -> None:
    partner = await house.partner()
    whole = company(5, months=12)
    application_id = await house.case(partner, whole, statements_without(whole, months_back=4))
    place = f"/v2/applications/{application_id}"
    assert (await partner.get(place))["status"] == "needs_documents"
    answers = {each["question"]: each for each in (await partner.get(f"{place}/answers"))["data"]}
    missing = answers["completeness"]["missing"]
    assert answers["completeness"]["state"] == "not_answerable"
    assert {each["account"] for each in missing} >= {each.iban for each in whole.accounts}
    result = await partner.get(f"/v1/applications/{application_id}/result")
    assert "statements_incomplete" in result["flags"]


async def test_a_file_that_is_no_statement_says_so_and_harms_nothing_else(house: House) -> None:
    partner = await house.partner()
    application_id = await partner.submit()
    document_id = await partner.upload(application_id, b"%PDF-1.7 no text", "holiday.pdf")
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><Document>&b;</Document>'
    bomb_id = await partner.upload(application_id, bomb)
    await house.work()
    place = f"/v2/applications/{application_id}/documents"
    for each in (document_id, bomb_id):
        read = await partner.get(f"{place}/{each}")
        assert read["status"] == "unreadable"
        assert read["findings"][0]["detail"]
    assert (await partner.get(f"/v2/applications/{application_id}"))["status"] == "needs_documents"
