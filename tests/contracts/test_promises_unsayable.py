"""What version 1 has no words for, it does not say: whatever version 2 or core may hold."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from core import analysis
from core.db import Tx
from core.query import Query
from public_api.schemas import shape
from public_api.v1.applications import SubmitApplication
from public_api.v1.wire import LARGEST_CENTS
from tests.builders import House, Partner, application, company

LARGEST = "9999999999999.99"
BEYOND = "10000000000000.00"
PLACE = "/v1/applications"
TAKEN = Draft202012Validator(shape(SubmitApplication, "validation"))
"""What version 1 takes: what it shows of an application, it would also take."""
INFLATE = Query("UPDATE figure SET value = $1 WHERE unit = 'money'", ("value",), {})
ONE_BY_ONE = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NAMES = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=200)
AT_THE_BOUNDS = st.sampled_from(["0.01", LARGEST, BEYOND, "999999999999999.99"])
LONGEST = st.sampled_from(["\U0001f3e6" * 200, "ß", " ", '"\\'])


def euros(value: str) -> dict[str, str]:
    """Euros as version 2 says them."""
    return {"value": value, "currency": "EUR"}


@st.composite
def applications(draw: st.DrawFn) -> dict[str, Any]:
    """An application as version 2 takes it, each of its fields likely at one of its bounds."""
    mortgage = draw(st.booleans())
    maybe = st.none() | NAMES | LONGEST
    return application(
        product="mortgage" if mortgage else "loan",
        applicant={
            "legal_name": draw(NAMES | LONGEST),
            "country": draw(st.sampled_from(["DE", "JP"])),
            "register_number": draw(maybe),
            "vat_id": draw(maybe),
        },
        amount=draw(
            AT_THE_BOUNDS.map(euros)
            | st.sampled_from(
                [{"value": "1", "currency": "JPY"}, {"value": "1.000", "currency": "KWD"}]
            )
        ),
        term_months=draw(st.sampled_from([1, 600]) | st.integers(1, 600)),
        external_reference=draw(maybe),
    )


async def everything(partner: Partner, application_id: str) -> list[int]:
    """Call all that version 1 has about an application, and hand in to it; each answer's status.

    Every answer is held to the published schema as it comes.
    """
    place = f"{PLACE}/{application_id}"
    document = (await partner.get(f"/v2/applications/{application_id}/documents"))["data"][0]["id"]
    answers = [
        await partner.http.get(f"{place}{below}")
        for below in ("", "/documents", f"/documents/{document}", "/result")
    ]
    answers.append(await partner.http.post(f"{place}/documents", files={"file": ("a", b"<b/>")}))
    return [each.status_code for each in answers]


async def change(partner: Partner, application_id: str, **changes: Any) -> None:
    """Change an application over version 2."""
    place = f"/v2/applications/{application_id}"
    etag = (await partner.http.get(place)).headers["etag"]
    answer = await partner.http.patch(place, json=changes, headers={"If-Match": etag})
    assert answer.status_code == 200, answer.text


@ONE_BY_ONE
@given(payload=applications())
async def test_whatever_version_2_holds_is_said_as_published_or_is_not_there(
    house: House, payload: dict[str, Any]
) -> None:
    """An application at any bound of v2 is shown within v1's own bounds, or is 404 throughout."""
    partner = await house.partner()
    application_id = await partner.submit(**payload)
    await partner.upload(application_id, b"<a/>")
    sayable = payload["amount"]["currency"] == "EUR" and len(payload["amount"]["value"]) <= 16
    statuses = await everything(partner, application_id)
    assert statuses == ([200, 200, 200, 202, 201] if sayable else [404] * 5)
    listed = await partner.get(PLACE)
    assert (len(listed["items"]), listed["total"]) == (int(sayable), int(sayable))
    if sayable:
        shown = await partner.http.get(f"{PLACE}/{application_id}")
        sent = {name: each for name, each in shown.json().items() if each is not None}
        TAKEN.validate(sent)
        assert f'"amount_eur":{payload["amount"]["value"]},'.encode() in shown.content


async def test_what_is_too_large_is_in_no_list_and_no_total(house: House) -> None:
    """More than 13 digits before the point: left out and 404; a change on v2 moves it in or out."""
    partner = await house.partner()
    small, large = (
        await partner.submit(amount=euros(LARGEST)),
        await partner.submit(amount=euros(BEYOND)),
    )
    for each in (small, large):
        await partner.upload(each, b"<a/>")
    for inside, outside in ((small, large), (large, small)):
        listed = await partner.get(f"{PLACE}?per_page=1")
        assert ([each["id"] for each in listed["items"]], listed["total"]) == ([inside], 1)
        assert 404 not in await everything(partner, inside)
        assert set(await everything(partner, outside)) == {404}
        assert (await partner.http.delete(f"{PLACE}/{outside}")).status_code == 404
        unknown = await partner.http.get(f"{PLACE}/00000000-0000-4000-8000-000000000000")
        assert (await partner.http.get(f"{PLACE}/{outside}")).content == unknown.content
        await change(partner, inside, amount=euros(BEYOND))
        await change(partner, outside, amount=euros(LARGEST))
    assert (await partner.get(f"/v2/applications/{large}"))["status"] != "withdrawn"


async def test_a_property_beyond_what_version_1_takes_hides_nothing(house: House) -> None:
    """v1 shows no property, so that one of any value leaves its application where it was."""
    partner = await house.partner()
    worth = {"market_value": euros(BEYOND)}
    large = await partner.submit(product="mortgage", property=worth)
    assert (await partner.get(f"{PLACE}/{large}"))["type"] == "MORTGAGE"


@pytest.mark.parametrize(
    ("cents", "said"),
    [
        (LARGEST_CENTS, "9999999999999.99"),
        (-LARGEST_CENTS, "-9999999999999.99"),
        (LARGEST_CENTS + 1, "null"),
        (-LARGEST_CENTS - 1, "null"),
    ],
)
async def test_a_figure_that_is_too_large_is_null(house: House, cents: int, said: str) -> None:
    """A result figure of more than 13 digits before the point is null: v1 cannot answer it."""
    partner = await house.partner()
    application_id = await house.case(partner, company(4, months=12))

    async def inflate(tx: Tx) -> None:
        await tx.run(INFLATE, value=cents)

    await house.db.write(inflate)
    assert len(await analysis.list_figures(house.db, UUID(application_id))) > 9
    answer = await partner.http.get(f"{PLACE}/{application_id}/result")
    for name in ("monthly_revenue_eur", "average_balance_eur", "debt_service_monthly_eur"):
        assert f'"{name}":{said}'.encode() in answer.content
