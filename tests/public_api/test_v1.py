"""What version 1 promised, byte by byte."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.applications import Application, ApplicationStatus
from core.documents import DocumentStatus as DocumentStatus
from core.errors import Invalid, Refused
from core.ids import new_id
from public_api.messages import Request
from public_api.v1 import applications, documents
from public_api.v1.errors import TABLE
from tests.builders import House, application, company

NEW = {"company_name": "Muster GmbH", "type": "LOAN", "amount_eur": 250000, "duration": 60}


async def test_an_application_is_written_as_the_first_partners_wrote_it(house: House) -> None:
    partner = await house.partner()
    body = {**NEW, "company_number": "HRB 1", "reference": "A-1", "colour": "ignored"}
    answer = await partner.http.post("/v1/applications", json=body)
    assert answer.status_code == 201
    expected = (
        rb'{"id":"[0-9a-f-]{36}","company_name":"Muster GmbH","company_number":"HRB 1",'
        rb'"vat_number":null,"type":"LOAN","amount_eur":250000\.00,"duration":60,'
        rb'"reference":"A-1","status":"pending","created":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"}'
    )
    assert re.fullmatch(expected, answer.content)
    again = await partner.http.get(f"/v1/applications/{answer.json()['id']}")
    assert again.content == answer.content


async def test_every_answer_says_that_the_version_is_ending(house: House) -> None:
    partner = await house.partner()
    for path in ("/v1/applications", "/v1/applications/none", "/v1/nothing", "/v1/openapi.json"):
        answer = await partner.http.get(path)
        assert answer.headers["beleg-version"] == "v1"
        assert answer.headers["deprecation"] == "@1780272000"
        assert answer.headers["sunset"] == "Fri, 31 Dec 2027 23:59:59 GMT"
        assert answer.headers["link"] == '</docs/v1-to-v2>; rel="deprecation"'


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("0.1", b"0.10"), ("1e3", b"1000.00"), ("9999999999999.99", b"9999999999999.99")],
)
async def test_an_amount_has_exactly_two_decimals(house: House, amount: str, shown: bytes) -> None:
    partner = await house.partner()
    body = f'{{"company_name":"A","type":"LOAN","duration":1,"amount_eur":{amount}}}'
    answer = await partner.http.post("/v1/applications", content=body)
    assert b'"amount_eur":' + shown + b"," in answer.content


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"amount_eur": 1.234}, "amount_eur must have at most two decimals"),
        ({"amount_eur": 10**13}, "amount_eur must have at most 13 digits before the point"),
        ({"amount_eur": "250000"}, "amount_eur must be a number"),
        ({"amount_eur": True}, "amount_eur must be a number"),
        ({"amount_eur": 0}, "amount: more than zero is needed"),
        ({"company_name": ""}, "company_name is required"),
        ({"company_name": "a\x00b"}, "without control characters"),
        ({"company_name": "\ud800"}, "without control characters"),
        ({"type": "loan"}, "type must be LOAN or MORTGAGE"),
        ({"duration": 0}, "duration: 1 to 600 is possible"),
        ({"duration": "60"}, "duration must be a whole number of months"),
    ],
)
async def test_what_is_wrong_is_said_by_the_first_complaint(
    house: House, changes: dict[str, object], complaint: str
) -> None:
    partner = await house.partner()
    answer = await partner.http.post("/v1/applications", content=json.dumps({**NEW, **changes}))
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["code"] == "invalid"
    assert complaint in error["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"NaN", b"[" * 100_000, b"\xff{}"])
async def test_a_body_that_is_no_object_is_refused(house: House, body: bytes) -> None:
    partner = await house.partner()
    answer = await partner.http.post("/v1/applications", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "invalid"


async def test_pages_are_numbered_and_say_the_total(house: House) -> None:
    partner = await house.partner()
    ids = [(await partner.http.post("/v1/applications", json=NEW)).json()["id"] for _ in range(5)]
    listed = []
    for number in (1, 2, 3):
        page = await partner.get(f"/v1/applications?page={number}&per_page=2")
        assert (page["page"], page["per_page"], page["total"]) == (number, 2, 5)
        listed += [each["id"] for each in page["items"]]
    assert listed == ids[::-1]
    assert (await partner.get("/v1/applications"))["per_page"] == 50
    for wrong in ("per_page=201", "page=0", "page=x", "per_page=-1"):
        await partner.get(f"/v1/applications?{wrong}", 400)


async def test_what_it_cannot_say_is_not_there(house: House) -> None:
    partner = await house.partner()
    dollars = await partner.submit(amount={"value": "5.00", "currency": "USD"})
    euros = await partner.submit()
    listed = await partner.get("/v1/applications")
    assert (listed["total"], [each["id"] for each in listed["items"]]) == (1, [euros])
    await partner.get(f"/v1/applications/{dollars}", 404)
    assert (await partner.http.delete(f"/v1/applications/{dollars}")).status_code == 404
    assert (await partner.get(f"/v2/applications/{dollars}"))["status"] == "received"


async def test_withdrawing_needs_no_reason_and_says_rejected(house: House) -> None:
    partner = await house.partner()
    application_id = await partner.submit()
    for _ in range(2):
        answer = await partner.http.delete(f"/v1/applications/{application_id}")
        assert (answer.status_code, answer.content) == (204, b"")
    assert (await partner.get(f"/v1/applications/{application_id}"))["status"] == "rejected"
    in_v2 = await partner.get(f"/v2/applications/{application_id}")
    assert (in_v2["status"], in_v2["delete_reason"]) == ("withdrawn", "unspecified")


async def test_a_result_is_not_ready_until_documents_are_read(house: House) -> None:
    partner = await house.partner()
    application_id = await partner.submit()
    place = f"/v1/applications/{application_id}/result"
    answer = await partner.http.get(place)
    assert (answer.status_code, answer.content) == (202, b'{"ready":false}')
    ready = await house.case(partner, company(7, months=12))
    result = await partner.http.get(f"/v1/applications/{ready}/result")
    assert re.match(
        rb'{"ready":true,"figures":{"monthly_revenue_eur":\d+\.\d\d,"average_balance_eur":'
        rb'-?\d+\.\d\d,"returned_debits":\d+,"debt_service_monthly_eur":\d+\.\d\d},"flags":\[',
        result.content,
    )


async def test_a_document_is_handed_in_listed_and_shown(house: House) -> None:
    partner = await house.partner()
    application_id = await partner.submit()
    place = f"/v1/applications/{application_id}/documents"
    answer = await partner.http.post(place, files={"file": ("a.xml", b"<a/>")})
    assert answer.status_code == 201
    document = answer.json()
    assert document["status"] == "processing"
    await house.work()
    failed = {"document_id": document["document_id"], "status": "failed"}
    assert (await partner.get(place))["items"] == [failed]
    assert await partner.get(f"{place}/{document['document_id']}") == failed


async def test_what_only_the_newer_version_knows_survives(house: House) -> None:
    partner = await house.partner()
    application_id = await partner.submit(purpose="A mill", declared={"existing_lenders": ["B"]})
    await partner.http.delete(f"/v1/applications/{application_id}")
    in_v2 = await partner.get(f"/v2/applications/{application_id}")
    assert (in_v2["purpose"], in_v2["declared"]["existing_lenders"]) == ("A mill", ["B"])


@pytest.mark.unit
def test_every_status_of_core_has_a_word() -> None:
    assert set(applications.STATUS) == set(ApplicationStatus)
    assert set(documents.STATUS) == set(DocumentStatus)
    pending = {each for each, word in applications.STATUS.items() if word == "pending"}
    assert pending == {each for each in ApplicationStatus if not each.final}


@pytest.mark.unit
def test_every_refusal_has_an_answer() -> None:
    kinds = [Refused]
    for kind in kinds:
        kinds += kind.__subclasses__()
    for kind in (each for each in kinds[1:] if each.__module__.startswith(("core", "public_api"))):
        assert any(each in TABLE for each in kind.__mro__), kind


async def test_dollars_over_the_newer_version_stay_dollars(house: House) -> None:
    partner = await house.partner()
    body = application(amount={"value": "5.10", "currency": "USD"})
    answer = await partner.http.post("/v2/applications", json=body)
    assert answer.json()["amount"] == {"value": "5.10", "currency": "USD"}


@pytest.mark.unit
@settings(deadline=None)
@given(
    st.text(min_size=1, max_size=200),
    st.decimals(min_value=Decimal("0.01"), max_value=Decimal("9999999999999.99"), places=2),
    st.one_of(st.none(), st.text(max_size=200)),
    st.sampled_from(["LOAN", "MORTGAGE"]),
)
def test_any_application_comes_back_over_v1_as_it_was_written(
    name: str, euros: Decimal, reference: str | None, kind: str
) -> None:
    payload = {"company_name": name, "type": kind, "duration": 12, "reference": reference}
    body = json.dumps(payload)[:-1] + f', "amount_eur": {euros}}}'
    try:
        new = applications.read_new(Request({}, {}, {}, body.encode()))
    except Invalid:
        assert re.search(r"[\x00-\x1f\x7f]", name + (reference or ""))
        return
    now = datetime.now(UTC)
    application = Application(
        new_id(), new_id(), ApplicationStatus.RECEIVED, new, None, 1, now, now
    )
    shown = orjson.dumps(applications.write(application))
    assert f'"amount_eur":{euros:.2f},'.encode() in shown
    back = json.loads(shown)
    assert {each: back[each] for each in payload} == {**payload, "reference": reference or None}
