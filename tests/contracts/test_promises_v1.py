"""What version 1 promises of its own, a test a promise."""

import re
from functools import partial
from typing import Any
from uuid import UUID

import httpx
import pytest

from core import decisions
from core.decisions import DecisionOutcome, DecisionReason
from public_api.v1.results import FLAGS
from tests.builders import House, Partner, application, company

OLD: dict[str, Any] = {"company_name": "A", "type": "LOAN", "amount_eur": 250000, "duration": 60}
PLACE = "/v1/applications"


async def create(partner: Partner, **changes: Any) -> httpx.Response:
    """An application over version 1."""
    answer = await partner.http.post(PLACE, json={**OLD, **changes})
    assert answer.status_code == 201, answer.text
    return answer


async def status(partner: Partner, application_id: str) -> str:
    """What version 1 calls the state of an application."""
    value: str = (await partner.get(f"{PLACE}/{application_id}"))["status"]
    return value


async def test_created_is_utc_without_a_zone(house: House) -> None:
    """`created` is written as `2024-05-01T10:00:00`."""
    shown = (await create(await house.partner())).json()["created"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", shown)


@pytest.mark.parametrize(
    ("digits", "written"),
    [
        ("250000", "250000.00"),
        ("250000.5", "250000.50"),
        ("9999999999999.99", "9999999999999.99"),
        ("10000000000000", None),
        ("0.001", None),
        ("1.230", None),
    ],
)
async def test_euros_have_two_decimals_and_at_most_thirteen_digits_before(
    house: House, digits: str, written: str | None
) -> None:
    """`amount_eur` is a number with exactly two decimals; a third is 400, zero or not."""
    partner = await house.partner()
    body = f'{{"company_name":"A","type":"LOAN","duration":1,"amount_eur":{digits}}}'
    answer = await partner.http.post(PLACE, content=body)
    if written is None:
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid")
    else:
        assert f'"amount_eur":{written},' in answer.text


async def test_a_page_has_fifty_and_at_most_two_hundred(house: House) -> None:
    """`page` from 1, `per_page` 50 unless said and at most 200; with the total."""
    partner = await house.partner()
    await create(partner)
    assert set(usual := await partner.get(PLACE)) == {"items", "page", "per_page", "total"}
    assert (usual["page"], usual["per_page"], usual["total"]) == (1, 50, 1)
    assert (await partner.get(f"{PLACE}?per_page=200"))["per_page"] == 200
    for wrong in ("per_page=201", "per_page=0", "page=0"):
        await partner.get(f"{PLACE}?{wrong}", 400)
    assert (await partner.get(f"{PLACE}?page=9"))["items"] == []


async def test_a_document_is_processing_then_done_or_failed(house: House) -> None:
    """Upload by form: 201 with `processing`; then `done` or `failed`; GET lists and shows."""
    partner, firm = await house.partner(), company(2, months=6)
    good = await house.case(partner, firm)
    place = f"{PLACE}/{good}/documents"
    answer = await partner.http.post(place, files={"file": ("a.xml", b"<a/>")})
    assert (answer.status_code, answer.json()["status"]) == (201, "processing")
    assert set(answer.json()) == {"document_id", "status"}
    await house.work()
    items = (await partner.get(place))["items"]
    assert [each["status"] for each in items] == ["done"] * len(firm.accounts) + ["failed"]
    for each in items:
        assert await partner.get(f"{place}/{each['document_id']}") == each


async def test_a_result_is_null_where_nothing_can_be_answered(house: House) -> None:
    """202 while reading; then figures, null where not answerable, and flags of a closed list."""
    partner = await house.partner()
    application_id = (await create(partner)).json()["id"]
    place = f"{PLACE}/{application_id}"
    waiting = await partner.http.get(f"{place}/result")
    assert (waiting.status_code, waiting.json()) == (202, {"ready": False})
    await partner.http.post(f"{place}/documents", files={"file": ("a.xml", b"<a/>")})
    assert (await partner.http.get(f"{place}/result")).status_code == 202
    await house.work()
    result = await partner.get(f"{place}/result")
    assert set(result["figures"]) == {
        "monthly_revenue_eur",
        "average_balance_eur",
        "returned_debits",
        "debt_service_monthly_eur",
    }
    assert set(result["figures"].values()) == {None}
    assert result["flags"] == ["statements_incomplete"]


@pytest.mark.unit
def test_the_flags_are_a_closed_list_of_seven() -> None:
    """Clients were told these seven flags, and no other may ever come."""
    assert list(FLAGS) == [
        "returned_debits",
        "overdrawn",
        "seizure",
        "gambling",
        "undeclared_lender",
        "statements_incomplete",
        "not_reconciled",
    ]


async def test_a_status_is_pending_accepted_or_rejected(house: House) -> None:
    """Open states are `pending`; approved is `accepted`; declined and withdrawn `rejected`."""
    partner, person = await house.partner(), await house.person()
    withdrawn = (await create(partner)).json()["id"]
    assert await status(partner, withdrawn) == "pending"
    await partner.http.delete(f"{PLACE}/{withdrawn}")
    assert await status(partner, withdrawn) == "rejected"
    for outcome, reason, word in (
        (DecisionOutcome.APPROVED, DecisionReason.SOUND_FIGURES, "accepted"),
        (DecisionOutcome.DECLINED, DecisionReason.POLICY, "rejected"),
    ):
        case = await house.case(partner, company(4, months=6), [b"<a/>"])
        assert await status(partner, case) == "pending"
        decide = partial(decisions.decide, outcome=outcome, reasons=(reason,), note=None)
        await house.db.write(partial(decide, person=person, application_id=UUID(case)))
        assert await status(partner, case) == word


async def test_errors_are_a_code_and_a_message(house: House) -> None:
    """`{"error": {"code", "message"}}`; validation is 400 `invalid`; there is no 422."""
    partner = await house.partner()
    for answer, code in (
        (await partner.http.get(f"{PLACE}/x"), "404 not_found"),
        (await partner.http.post(PLACE, json={**OLD, "duration": 0, "type": "x"}), "400 invalid"),
        (await partner.http.post(PLACE, content=b"{"), "400 invalid"),
        (await partner.http.get(f"{PLACE}?page=x"), "400 invalid"),
        (await partner.http.put(PLACE), "405 method_not_allowed"),
    ):
        error = answer.json()["error"]
        assert f"{answer.status_code} {error['code']}" == code
        assert set(answer.json()) == {"error"}
        assert set(error) == {"code", "message"}
        assert answer.headers["content-type"] == "application/json"


async def test_only_the_first_complaint_is_told(house: House) -> None:
    """Of several faults the first is named, in the order of the fields."""
    partner = await house.partner()
    wrong = await partner.http.post(PLACE, json={"type": "x", "duration": "x"})
    assert wrong.json()["error"]["message"] == "company_name is required"


async def test_other_currencies_are_in_no_list_and_no_total(house: House) -> None:
    """What is not in euros is left out of lists and totals, and 404 with all below it."""
    partner = await house.partner()
    euros = (await create(partner)).json()["id"]
    francs = await partner.submit(amount={"value": "5.00", "currency": "CHF"})
    document = await partner.upload(francs, b"<a/>")
    listed = await partner.get(f"{PLACE}?per_page=1")
    assert ([each["id"] for each in listed["items"]], listed["total"]) == ([euros], 1)
    for below in ("", "/documents", f"/documents/{document}", "/result"):
        await partner.get(f"{PLACE}/{francs}{below}", 404)
    for method, below in (("DELETE", ""), ("POST", "/documents")):
        answer = await partner.http.request(
            method, f"{PLACE}/{francs}{below}", files={"file": ("a", b"<b/>")} if below else None
        )
        assert answer.status_code == 404
    assert (await partner.get(f"/v2/applications/{francs}"))["status"] == "reading"


async def test_applicants_are_german_and_a_mortgage_may_lack_its_value(house: House) -> None:
    """v1's applicants are of DE; a mortgage is taken without the property's value, and with it."""
    partner = await house.partner()
    for change, value in (({}, None), ({"property_value_eur": 500_000.5}, "500000.50")):
        made = (await create(partner, type="MORTGAGE", **change)).json()
        assert "property_value_eur" not in made
        in_v2 = await partner.get(f"/v2/applications/{made['id']}")
        assert (in_v2["applicant"]["country"], in_v2["product"]) == ("DE", "mortgage")
        assert (in_v2["property"] and in_v2["property"]["market_value"]["value"]) == value


async def test_a_case_of_the_newer_version_reads_the_same_here(house: House) -> None:
    """v1 shows what v2 took in, in its own ten fields."""
    partner = await house.partner()
    body = application(
        applicant={"legal_name": "B", "country": "AT", "register_number": "FN 1", "vat_id": "U1"},
        external_reference="R",
    )
    made = (await partner.http.post("/v2/applications", json=body)).json()
    shown = await partner.get(f"{PLACE}/{made['id']}")
    assert shown.pop("created") == made["created_at"][:19]
    assert shown == {
        "id": made["id"],
        "company_name": "B",
        "company_number": "FN 1",
        "vat_number": "U1",
        "type": "LOAN",
        "amount_eur": 250000.0,
        "duration": 60,
        "reference": "R",
        "status": "pending",
    }
