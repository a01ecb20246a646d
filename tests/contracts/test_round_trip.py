"""What one version wrote reads back unchanged over it, whatever the other does to the rest."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import House, Partner, application

LINES = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=40)
CENTS = st.integers(1, 10**15 - 1)
MAYBE = st.none() | LINES
FEW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
STATUS_ONLY = {"status"}
MOVED = {"status", "updated_at", "delete_reason"}


@st.composite
def olds(draw: st.DrawFn) -> dict[str, Any]:
    """An application as version 1 may say it; its amounts are texts of digits."""
    return {
        "company_name": draw(LINES),
        "company_number": draw(MAYBE),
        "vat_number": draw(MAYBE),
        "type": draw(st.sampled_from(["LOAN", "MORTGAGE"])),
        "amount_eur": digits(draw(CENTS)),
        "duration": draw(st.integers(1, 600)),
        "reference": draw(MAYBE),
    }


@st.composite
def news(draw: st.DrawFn) -> dict[str, Any]:
    """An application as version 2 may say it, in euros."""
    mortgage = draw(st.booleans())
    worth = {"market_value": money(draw(CENTS)), "address": draw(MAYBE)}
    return application(
        product="mortgage" if mortgage else "loan",
        applicant={
            "legal_name": draw(LINES),
            "country": draw(st.sampled_from(["DE", "AT", "FR"])),
            "legal_form": draw(MAYBE),
            "register_court": draw(MAYBE),
            "register_number": draw(MAYBE),
            "vat_id": draw(MAYBE),
            "lei": draw(MAYBE),
        },
        amount=money(draw(CENTS)),
        term_months=draw(st.integers(1, 600)),
        purpose=draw(MAYBE),
        property=worth if mortgage else None,
        declared={
            "annual_revenue": money(draw(CENTS)),
            "monthly_debt_service": None,
            "existing_lenders": draw(st.none() | st.lists(LINES, max_size=3)),
        },
        external_reference=draw(MAYBE),
    )


@st.composite
def patches(draw: st.DrawFn) -> dict[str, Any]:
    """Some fields as version 2 may change them in any application in euros; null removes."""
    may: dict[str, st.SearchStrategy[Any]] = {
        "term_months": st.integers(1, 600),
        "purpose": MAYBE,
        "external_reference": MAYBE,
        "amount": CENTS.map(lambda cents: {"value": digits(cents)}),
    }
    of_applicant = {"legal_name": LINES, "legal_form": MAYBE, "register_number": MAYBE}
    of_declared = {
        "annual_revenue": st.none() | CENTS.map(money),
        "existing_lenders": st.none() | st.lists(LINES, max_size=3),
    }
    return draw(
        st.fixed_dictionaries(
            {},
            optional={
                **may,
                "applicant": st.fixed_dictionaries({}, optional=of_applicant),
                "declared": st.none() | st.fixed_dictionaries({}, optional=of_declared),
            },
        )
    )


def digits(cents: int) -> str:
    """Euros with both decimals."""
    return f"{cents // 100}.{cents % 100:02}"


def money(cents: int) -> dict[str, str]:
    """Euros as version 2 says them."""
    return {"value": digits(cents), "currency": "EUR"}


def body_of(payload: dict[str, Any]) -> str:
    """An application as version 1 is sent it, its amount with all digits: a float loses some."""
    fields = {name: json.dumps(value) for name, value in payload.items()}
    fields["amount_eur"] = payload["amount_eur"]
    return "{" + ",".join(f'"{name}":{value}' for name, value in fields.items()) + "}"


def number_in(body: bytes) -> str:
    """The digits of `amount_eur`, which a float would lose."""
    return body.partition(b'"amount_eur":')[2].partition(b",")[0].decode()


async def touch(partner: Partner, version: str, application_id: str, *, withdraw: bool) -> None:
    """Do over a version whatever it can do with an application that is there."""
    place = f"/{version}/applications/{application_id}"
    upload = await partner.http.post(f"{place}/documents", files={"file": ("a.xml", b"<a/>")})
    assert upload.is_success
    if withdraw:
        query = {"reason": "duplicate"} if version == "v2" else {}
        assert (await partner.http.delete(place, params=query)).status_code == 204


@FEW
@given(payload=olds(), withdraw=st.booleans())
async def test_what_version_1_wrote_stays(
    house: House, payload: dict[str, Any], withdraw: bool
) -> None:
    partner = await house.partner()
    written = await partner.http.post("/v1/applications", content=body_of(payload))
    assert written.status_code == 201, written.text
    assert number_in(written.content) == payload["amount_eur"]
    shown = written.json()
    others = {name: value for name, value in payload.items() if name != "amount_eur"}
    assert {name: shown[name] for name in others} == others
    await touch(partner, "v2", shown["id"], withdraw=withdraw)
    again = await partner.http.get(f"/v1/applications/{shown['id']}")
    assert number_in(again.content) == payload["amount_eur"]
    assert differing(shown, again.json()) <= STATUS_ONLY


@FEW
@given(payload=news(), withdraw=st.booleans())
async def test_what_version_2_wrote_stays(
    house: House, payload: dict[str, Any], withdraw: bool
) -> None:
    partner = await house.partner()
    written = await partner.http.post("/v2/applications", json=payload)
    assert written.status_code == 201, written.text
    shown = written.json()
    assert {name: shown[name] for name in payload} == payload
    await touch(partner, "v1", shown["id"], withdraw=withdraw)
    again = await partner.get(f"/v2/applications/{shown['id']}")
    assert differing(shown, again) <= MOVED


@FEW
@given(payload=olds(), patch=patches())
async def test_what_version_2_changed_stays_and_the_rest_is_as_version_1_wrote_it(
    house: House, payload: dict[str, Any], patch: dict[str, Any]
) -> None:
    partner = await house.partner()
    written = await partner.http.post("/v1/applications", content=body_of(payload))
    place = f"/applications/{written.json()['id']}"
    before = await partner.http.get(f"/v2{place}")
    answer = await partner.http.patch(
        f"/v2{place}", json=patch, headers={"If-Match": before.headers["etag"]}
    )
    assert answer.status_code == 200, answer.text
    changed = answer.json()
    assert changed == {**laid_over(before.json(), patch), "updated_at": changed["updated_at"]}
    shown = await partner.get(f"/v1{place}")
    assert shown["company_name"] == changed["applicant"]["legal_name"]
    await touch(partner, "v1", shown["id"], withdraw=True)
    again = await partner.get(f"/v2{place}")
    assert differing(changed, again) <= MOVED


def laid_over(before: Any, patch: Any) -> Any:
    """What a merge patch makes of what was shown; all that is optional is shown as null."""
    if not isinstance(patch, dict):
        return dict.fromkeys(before) if patch is None and isinstance(before, dict) else patch
    base = before or {}
    return {**base, **{name: laid_over(base.get(name), each) for name, each in patch.items()}}


def differing(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """The fields in which two answers are not the same."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
