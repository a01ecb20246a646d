"""What version 2 promises of a change: it says of which copy it speaks, and is whole or nothing."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from core import analysis, audit
from core.applications import Terms
from public_api.v2.applications import SubmitApplication
from public_api.v2.changes import ChangeApplication, merged
from tests.builders import House, Partner, application, company, events_of

SECRET = "Der Schwager des Müllers"
FULL = application(
    product="mortgage",
    applicant={"legal_name": "Muster GmbH", "country": "DE", "vat_id": "DE136695976"},
    purpose="Ein Haus",
    property={"market_value": {"value": "9.00", "currency": "EUR"}, "address": "Am Markt 1"},
    declared={"annual_revenue": {"value": "5.00", "currency": "EUR"}, "existing_lenders": ["A"]},
)


async def change(partner: Partner, place: str, patch: Any, **headers: str) -> httpx.Response:
    """Send a merge patch, meant for the copy as it stands unless said otherwise."""
    if "if_match" not in headers:
        headers["if_match"] = (await partner.http.get(place)).headers["etag"]
    return await partner.http.patch(
        place,
        json=patch,
        headers={
            "content-type": "application/merge-patch+json",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
    )


async def submitted(partner: Partner, **changes: Any) -> str:
    """The place of a mortgage with everything in it."""
    return f"/v2/applications/{await partner.submit(**{**FULL, **changes})}"


async def test_what_is_sent_changes_and_all_else_stays(house: House) -> None:
    partner = await house.partner()
    place = await submitted(partner)
    before = await partner.get(place)
    answer = await change(
        partner,
        place,
        {
            "amount": {"value": "300000.50"},
            "applicant": {"vat_id": None, "lei": "5299009QN55YRQC69H56"},
            "property": {"address": None},
            "purpose": None,
            "external_reference": "B-7",
        },
    )
    assert answer.status_code == 200, answer.text
    after = answer.json()
    assert after["updated_at"] > before["updated_at"]
    assert after == {
        **before,
        "amount": {"value": "300000.50", "currency": "EUR"},
        "applicant": {**before["applicant"], "vat_id": None, "lei": "5299009QN55YRQC69H56"},
        "property": {**before["property"], "address": None},
        "purpose": None,
        "external_reference": "B-7",
        "updated_at": after["updated_at"],
    }
    again = await partner.http.get(place)
    assert (again.content, again.headers["etag"]) == (answer.content, answer.headers["etag"])


async def test_a_change_of_nothing_changes_nothing(house: House) -> None:
    partner = await house.partner()
    place = await submitted(partner)
    before = await partner.http.get(place)
    for patch in ({}, {"term_months": 60}, {"declared": {"monthly_debt_service": None}}):
        answer = await change(partner, place, patch)
        assert (answer.status_code, answer.content) == (200, before.content)
        assert answer.headers["etag"] == before.headers["etag"]


async def test_only_a_caller_who_knows_how_it_stands_may_change_it(house: House) -> None:
    partner = await house.partner()
    place = await submitted(partner)
    tag = (await partner.http.get(place)).headers["etag"]
    bare = await partner.http.patch(place, json={"term_months": 12})
    assert (bare.status_code, bare.json()["type"]) == (428, "/problems/precondition-required")
    for other in ('"99"', f"W/{tag}", "1", '"x"', '"01"'):
        stale = await change(partner, place, {"term_months": 12}, if_match=other)
        assert (stale.status_code, stale.json()["type"]) == (412, "/problems/stale")
    for months, known in ((12, tag), (13, "*"), (14, '"99", "3"')):
        done = await change(partner, place, {"term_months": months}, if_match=known)
        assert (done.status_code, done.json()["term_months"]) == (200, months)
    assert (await change(partner, place, {"term_months": 1}, if_match=tag)).status_code == 412


async def test_of_two_changes_at_once_one_is_told_that_it_came_late(house: House) -> None:
    partner = await house.partner()
    place = await submitted(partner)
    patches = [{"term_months": 12}, {"purpose": "Zwei"}, {"external_reference": "C"}]
    answers = await asyncio.gather(
        *(change(partner, place, each, if_match='"1"') for each in patches)
    )
    assert sorted(each.status_code for each in answers) == [200, 412, 412]


async def test_a_change_is_json_by_its_media_type(house: House) -> None:
    partner = await house.partner()
    place = await submitted(partner)
    for taken in ("application/json", "Application/Merge-Patch+JSON; charset=utf-8"):
        answer = await change(partner, place, {"term_months": 9}, content_type=taken, if_match="*")
        assert answer.status_code == 200
    for other in ("text/plain", "application/json-patch+json", ""):
        answer = await change(partner, place, {}, content_type=other, if_match="*")
        assert (answer.status_code, answer.json()["type"]) == (
            415,
            "/problems/unsupported-media-type",
        )
        assert answer.headers["accept-patch"].startswith("application/merge-patch+json")
    broken = await partner.http.patch(
        place, content=b"{", headers={"content-type": taken, "if-match": "*"}
    )
    assert broken.status_code == 400


@pytest.mark.parametrize(
    ("patch", "pointer"),
    [
        ({"colour": None}, "/colour"),
        ({"status": "approved"}, "/status"),
        ({"applicant": {"shoe_size": 44}}, "/applicant/shoe_size"),
        ({"amount": None}, "/amount"),
        ({"applicant": {"legal_name": None}}, "/applicant/legal_name"),
        ({"amount": {"currency": None}}, "/amount/currency"),
        ({"term_months": None}, "/term_months"),
        ({"term_months": "12"}, "/term_months"),
        ({"term_months": 601}, "/term_months"),
        ({"property": {"market_value": None}}, "/property/market_value"),
        ({"product": "loan"}, "/property"),
        ({"amount": {"value": "1.005"}}, "/amount/value"),
        ({"amount": {"value": "0.00"}}, "/amount/value"),
        ({"amount": {"currency": "JPY"}}, "/amount/value"),
        ({"amount": {"currency": "USD"}}, "/declared/annual_revenue"),
        ({"applicant": {"country": "XX"}}, "/applicant/country"),
        ({"declared": {"monthly_debt_service": {"value": "1.00"}}}, "currency"),
        ({"declared": {"annual_revenue": {"value": "-1.00"}}}, "/declared/annual_revenue"),
        ([], ""),
    ],
)
async def test_what_would_break_a_rule_changes_nothing(
    house: House, patch: Any, pointer: str
) -> None:
    partner = await house.partner()
    place = await submitted(partner)
    before = await partner.http.get(place)
    answer = await change(partner, place, patch)
    assert answer.status_code == 422, answer.text
    assert any(each["pointer"].endswith(pointer) for each in answer.json()["errors"]), answer.text
    assert (await partner.http.get(place)).content == before.content


async def test_a_loan_may_become_a_mortgage_and_back(house: House) -> None:
    partner = await house.partner()
    place = f"/v2/applications/{await partner.submit()}"
    worth = {"market_value": {"value": "7.00", "currency": "EUR"}}
    answer = await change(partner, place, {"product": "mortgage", "property": worth})
    assert answer.json()["property"] == {**worth, "address": None}
    answer = await change(partner, place, {"product": "loan", "property": None})
    assert (answer.status_code, answer.json()["property"]) == (200, None)


async def test_another_currency_hides_it_from_a_version_that_only_knows_the_euro(
    house: House,
) -> None:
    partner = await house.partner()
    application_id = await partner.submit()
    yen = {"amount": {"value": "5000000", "currency": "JPY"}}
    assert (await change(partner, f"/v2/applications/{application_id}", yen)).json()[
        "amount"
    ] == yen["amount"]
    await partner.get(f"/v1/applications/{application_id}", 404)
    assert (await partner.get("/v1/applications"))["total"] == 0


@pytest.mark.unit
def test_every_field_that_is_handed_in_may_change() -> None:
    assert set(ChangeApplication.__annotations__) == set(SubmitApplication.model_fields)
    assert set(SubmitApplication.model_fields) == set(Terms._fields)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_patch_is_laid_over_as_the_standard_shows(target: Any, patch: Any, result: Any) -> None:
    assert merged(target, patch) == result


async def test_a_case_that_is_closed_stays_as_it_was(house: House) -> None:
    partner = await house.partner()
    place = await submitted(partner)
    await partner.http.delete(f"{place}?reason=test")
    for known in ("*", '"1"', '"2"'):
        answer = await change(partner, place, {"term_months": 12}, if_match=known)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/application-closed")
    assert (await partner.get(place))["term_months"] == 60


async def test_a_strangers_application_is_as_unknown_as_none(house: House) -> None:
    owner, stranger = await house.partner(), await house.partner("Andere")
    place = await submitted(owner)
    unknown = "/v2/applications/00000000-0000-4000-8000-000000000000"
    theirs = await change(stranger, place, {"term_months": 12}, if_match="*")
    none = await change(stranger, unknown, {"term_months": 12}, if_match="*")
    assert (theirs.status_code, theirs.content) == (404, none.content)
    reader = await house.partner("Leser", scopes=["applications:read"])
    assert (await change(reader, place, {}, if_match="*")).status_code == 403


async def test_the_log_names_what_changed_and_never_the_values(house: House) -> None:
    partner = await house.partner()
    application_id = UUID(await partner.submit())
    await change(
        partner,
        f"/v2/applications/{application_id}",
        {"purpose": SECRET, "applicant": {"legal_name": SECRET}, "declared": {}},
    )
    noted = (await audit.history(house.db, application_id))[-1]
    event = (await events_of(house.db, application_id))[-1]
    fields = {"fields": ["applicant.legal_name", "purpose"]}
    assert (noted.action, noted.actor_id, noted.detail) == (
        "application.changed",
        partner.client_id,
        fields,
    )
    assert (event.kind, event.data) == ("application.changed", fields)


async def undeclared(partner: Partner, place: str) -> dict[str, Any]:
    """The answer to the question that rests on what was declared."""
    answers = await partner.get(f"{place}/answers")
    found: dict[str, Any] = next(
        each for each in answers["data"] if each["question"] == "undeclared_lenders"
    )
    return found


async def test_what_answers_rest_on_is_answered_anew(house: House) -> None:
    partner, made = await house.partner(), company(months=13)
    place = f"/v2/applications/{await house.case(partner, made)}"
    assert (await partner.get(place))["status"] == "in_review"
    before = await undeclared(partner, place)
    answer = await change(partner, place, {"declared": {"existing_lenders": None}})
    assert answer.json()["status"] == "reading"
    assert (await partner.get(place.replace("v2", "v1") + "/result", 202)) == {"ready": False}
    await house.work()
    assert (await partner.get(place))["status"] == "in_review"
    after = await undeclared(partner, place)
    assert (before["state"], after["state"]) == ("answered", "not_answerable")


async def test_what_no_answer_rests_on_leaves_the_case_with_the_underwriter(house: House) -> None:
    partner = await house.partner()
    place = f"/v2/applications/{await house.case(partner, company(months=13))}"
    answer = await change(partner, place, {"purpose": "Neu", "external_reference": None})
    assert answer.json()["status"] == "in_review"


async def test_a_renewal_that_is_done_twice_leaves_the_same(house: House) -> None:
    partner = await house.partner()
    application_id = await house.case(partner, company(months=3))
    place = f"/v2/applications/{application_id}"
    await change(partner, place, {"declared": {"existing_lenders": []}})
    states = []
    for _ in range(2):
        await house.reader.renew(UUID(application_id))
        case, answers = await partner.http.get(place), await partner.http.get(f"{place}/answers")
        states.append((case.content, case.headers["etag"], answers.content))
    assert states[0] == states[1]


async def test_a_renewal_that_fails_on_us_hands_the_case_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = await house.partner()
    application_id = await house.case(partner, company(months=3))
    place = f"/v2/applications/{application_id}"
    await change(partner, place, {"term_months": 12})

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(analysis, "analyse", broken)
    with pytest.raises(RuntimeError):
        await house.reader.renew(UUID(application_id))
    await house.reader.hand_back(UUID(application_id))
    assert (await partner.get(place))["status"] == "needs_documents"
