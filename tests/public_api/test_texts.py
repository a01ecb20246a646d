"""Strange texts, numbers and files: each is taken or refused, and none is an error of ours."""

import json
from typing import Any

import pytest

from tests.builders import House, Partner, application

STRANGE = (
    "\x00",
    "a\x00b",
    "\x1b[31m",
    "\x7f",
    "\x85",
    "\u2028",
    "\ud800",
    "\U0001f4a9",
    "a" * 100_000,
    "' OR 1=1 --",
    "%s%n",
    "../../etc/passwd",
    "",
    " ",
)
NUMBERS = (
    *("0", "-0", "-1", "1e-3", "1E+2", "1e999999999", "1e-999999999999999999999", "0e999999"),
    *("9" * 5_000, "0." + "0" * 5_000 + "1", "1" + "0" * 4_200, "NaN", "Infinity", "true"),
    *("null", '"1"', "[]", "{}"),
)
OLD = {"company_name": "A", "type": "LOAN", "amount_eur": 1, "duration": 1}


def places(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Where texts stand in a body."""
    if isinstance(value, dict):
        return [found for name in value for found in places(value[name], (*path, name))]
    return [path] if isinstance(value, str) else []


def put(value: Any, path: tuple[str, ...], new: Any) -> Any:
    """The body with something else at this place."""
    if not path:
        return new
    return {**value, path[0]: put(value[path[0]], path[1:], new)}


FULL = application(
    product="mortgage",
    applicant={
        "legal_name": "x",
        "country": "DE",
        "legal_form": "x",
        "register_court": "x",
        "register_number": "x",
        "vat_id": "x",
        "lei": "x",
    },
    purpose="x",
    property={"market_value": {"value": "1.00", "currency": "EUR"}, "address": "x"},
    declared={"annual_revenue": {"value": "1.00", "currency": "EUR"}},
    external_reference="x",
)
OLD_FULL = {**OLD, "company_number": "x", "vat_number": "x", "reference": "x"}


@pytest.mark.parametrize("text", STRANGE, ids=ascii)
async def test_any_text_in_any_field_is_taken_as_it_is_or_refused(house: House, text: str) -> None:
    partner = await house.partner()
    for version, body in (("v2", FULL), ("v1", OLD_FULL)):
        for path in places(body):
            sent = json.dumps(put(body, path, text))
            answer = await partner.http.post(f"/{version}/applications", content=sent)
            assert answer.status_code in (201, 400, 422), (version, path, answer.text)
            if answer.status_code == 201:
                shown = answer.json()
                for step in path:
                    shown = shown[step]
                assert shown == (text or None), (version, path)


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number[:30])
async def test_any_number_is_taken_or_refused(house: House, number: str) -> None:
    partner = await house.partner()
    for version, body, names in (
        ("v1", OLD, ("amount_eur", "duration", "property_value_eur")),
        ("v2", application(), ("term_months",)),
    ):
        for name in names:
            sent = json.dumps({**body, name: "HERE"}).replace('"HERE"', number)
            answer = await partner.http.post(f"/{version}/applications", content=sent)
            assert answer.status_code in (201, 400, 422), (version, name, answer.text)


@pytest.mark.parametrize("text", ["%00", "%ff", "%ed%a0%80", "%F0%9F%92%A9", "a" * 5_000, "%", "+"])
async def test_any_text_in_a_query_or_a_path_is_taken_or_refused(house: House, text: str) -> None:
    partner = await house.partner()
    application_id = await partner.submit()
    one = f"/v2/applications/{application_id}"
    for path in (
        f"/v2/applications?status={text}",
        f"/v2/applications?external_reference={text}",
        f"/v2/applications?limit={text}",
        f"/v2/applications?after={text}",
        f"/v2/applications?{text}={text}",
        f"/v1/applications?page={text}&per_page={text}",
        *(
            f"{one}/transactions?{name}={text}"
            for name in ("account", "category", "counterparty", "from", "to", "evidence_of")
        ),
        f"/v2/applications/{text}",
        f"/v1/applications/{text}",
        f"{one}/documents/{text}",
    ):
        answer = await partner.http.get(path)
        assert answer.status_code in (200, 400, 404, 422), (path, answer.text)
    assert (await partner.http.delete(f"{one}?reason={text}")).status_code == 422


async def upload(partner: Partner, application_id: str, disposition: bytes, kind: str) -> Any:
    """Hand in raw bytes under this Content-Disposition."""
    return await partner.http.post(
        f"/v2/applications/{application_id}/documents",
        content=disposition or b"-",
        headers=[(b"Content-Disposition", disposition), (b"Content-Type", kind.encode())],
    )


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (b"attachment; filename=plain.xml", "plain.xml"),
        (b'attachment; filename="with space.xml"', "with space.xml"),
        (b"attachment; filename=\"a.xml\"; filename*=UTF-8''%E2%82%AC.xml", "€.xml"),
        (b"attachment; filename*=UTF-8'de'%E2%82%AC.xml", "€.xml"),
        (b"attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", "passwd"),
        (b"attachment; filename*=UTF-8''C%3A%5Cx%5Cy.xml", "y.xml"),
        (b"attachment; filename*=UTF-8''a%00b%0d%0aX.xml", "abX.xml"),
        (b"attachment; filename*=UTF-8''%ff%fe", "��"),
        (b"attachment", "document"),
        (b"", "document"),
    ],
)
async def test_a_file_name_is_shown_as_far_as_it_may_be(
    house: House, disposition: bytes, name: str
) -> None:
    partner = await house.partner()
    application_id = await partner.submit()
    answer = await upload(partner, application_id, disposition, "application/xml")
    assert (answer.status_code, answer.json()["filename"]) == (202, name)
    content = f"/v2/applications/{application_id}/documents/{answer.json()['id']}/content"
    assert (await partner.http.get(content)).status_code == 200


async def test_a_media_type_that_is_none_is_not_given_back(house: House) -> None:
    partner = await house.partner()
    application_id = await partner.submit()
    answer = await upload(partner, application_id, b"attachment", "text/html<script>")
    assert answer.json()["media_type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("currency", "value", "taken"),
    [
        ("JPY", "5000", True),
        ("JPY", "5000.0", False),
        ("KWD", "1.234", True),
        ("KWD", "1.2345", False),
        ("EUR", "1.234", False),
        ("EUR", "999999999999999.99", True),
        ("EUR", "1000000000000000.00", False),
        ("EUR", "+1.00", False),
        ("EUR", "1,00", False),
        ("EUR", "١.00", False),
        ("eur", "1.00", False),
    ],
)
async def test_an_amount_has_the_decimals_of_its_currency(
    house: House, currency: str, value: str, taken: bool
) -> None:
    partner = await house.partner()
    amount = {"value": value, "currency": currency}
    answer = await partner.http.post("/v2/applications", json=application(amount=amount))
    assert answer.status_code == (201 if taken else 422)
    if taken:
        assert answer.json()["amount"] == amount


async def test_a_form_has_one_file(house: House) -> None:
    partner = await house.partner()
    place = f"/v2/applications/{await partner.submit()}/documents"
    two = [("file", ("a.xml", b"<a/>")), ("file", ("b.xml", b"<b/>"))]
    assert (await partner.http.post(place, files=two)).status_code == 422
    kinds = {"kind": "x" * 2_000}
    answer = await partner.http.post(place, files={"file": ("a", b"<a/>")}, data=kinds)
    assert answer.status_code in (400, 422)
    answer = await partner.http.post(
        place, files={"file": ("a", b"<a/>")}, data={"kind": "car", "other": "ignored"}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/kind"
    assert (await partner.get(place))["data"] == []
    assert list((house.folder / "blobs" / "documents").iterdir()) == []
