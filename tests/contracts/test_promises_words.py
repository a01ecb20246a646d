"""The promises that are words: each as it was published, and as an answer is seen to keep it."""

import re
from typing import Any
from uuid import UUID

import pytest

from core.reports import SHOWN
from public_api.v1.version import V1
from public_api.v2.version import V2
from public_api.versions import Version
from tests.builders import House, application
from tests.contracts.bodies import BODIES, OLD, VERSION
from tests.contracts.promised import promised, published

NINES = "9"


@VERSION
async def test_what_every_answer_carries_is_as_published(house: House, version: str) -> None:
    """Found, made, refused or unknown: each answer has the published headers, each once."""
    partner, place = await house.partner(), f"/{version}/applications"
    for answer in (
        await partner.http.post(place, json=BODIES[version]),
        await partner.http.get(place),
        await partner.http.get(f"{place}/none"),
        await partner.http.get(f"/{version}/nothing"),
        await partner.http.post(place, content=b"{"),
        await house.http.get(place),
    ):
        for name in promised(version, "every_answer_carries"):
            assert len(answer.headers.get_list(name)) == 1, name


@pytest.mark.unit
@pytest.mark.parametrize("version", [V1, V2], ids=lambda it: it.name)
def test_the_dates_are_those_that_were_published(version: Version) -> None:
    """When a version was published, deprecated and ends is as it was told."""
    known = published(version.name)["x-beleg-promises"]
    assert promised(version.name, "published") == str(version.published).replace(" ", "T")
    for name, header in (("deprecated", "Deprecation"), ("sunset", "Sunset")):
        date = getattr(version, name)
        assert known.get(name) == (date and str(date).replace(" ", "T"))
        assert (header in dict(version.headers())) == (name in known)


@pytest.mark.unit
def test_the_older_version_ends_when_it_was_told() -> None:
    """Version 1's two dates, in the words of its headers."""
    headers = dict(V1.headers())
    assert promised("v1", "deprecated") == "2026-06-01T00:00:00+00:00"
    assert headers["Deprecation"] == "@1780272000"
    assert promised("v1", "sunset") == "2027-12-31T23:59:59+00:00"
    assert headers["Sunset"] == "Fri, 31 Dec 2027 23:59:59 GMT"


async def test_version_1_speaks_as_it_was_published(house: House) -> None:
    """Money, times, ids, what is absent or unknown, closed lists, the end of a list."""
    partner = await house.partner()
    assert promised("v1", "unknown_fields") == "ignored"
    sent = {**OLD, "reference": "", "colour": "red"}
    answer = await partner.http.post("/v1/applications", json=sent)
    made = answer.json()
    assert promised("v1", "money") == "euros, a JSON number with exactly two decimals"
    assert re.search(r'"amount_eur":\d+\.\d\d[,}]', answer.text)
    assert promised("v1", "times") == "2024-05-01T10:00:00, UTC without a zone"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", made["created"])
    assert promised("v1", "ids") == "UUID"
    assert UUID(made["id"])
    absent = "absent is null; an empty text is refused where one is required"
    assert promised("v1", "absent_null_empty") == absent
    assert made["reference"] is made["vat_number"] is None
    empty = await partner.http.post("/v1/applications", json={**OLD, "company_name": ""})
    assert empty.status_code == 400
    assert promised("v1", "enumerations") == "closed"
    assert "'x-extensible-enum'" not in str(published("v1")["components"])
    assert promised("v1", "end_of_list") == "page * per_page >= total"
    last = await partner.get("/v1/applications?page=1&per_page=1")
    assert last["page"] * last["per_page"] >= last["total"]


async def test_an_amount_of_version_1_has_so_many_digits(house: House) -> None:
    """The published number of digits before the point is taken whole, one more is refused."""
    partner, digits = await house.partner(), promised("v1", "largest_amount_digits")
    for more, status in ((0, 201), (1, 400)):
        amount = f"{NINES * (digits + more)}.99"
        body = f'{{"company_name":"A","type":"LOAN","duration":1,"amount_eur":{amount}}}'
        answer = await partner.http.post("/v1/applications", content=body)
        assert answer.status_code == status
        assert status != 201 or f'"amount_eur":{amount},' in answer.text


async def test_version_2_speaks_as_it_was_published(house: House) -> None:
    """Money, times, ids, what is absent or unknown, open lists, the ends of lists."""
    partner = await house.partner()
    made = (await partner.http.post("/v2/applications", json=application())).json()
    assert promised("v2", "money") == "a decimal text with all of its currency's decimals"
    assert made["amount"] == {"value": "250000.00", "currency": "EUR"}
    assert promised("v2", "times") == "RFC 3339, UTC with Z"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z", made["created_at"])
    assert promised("v2", "ids") == "UUID"
    assert UUID(made["id"])
    refused: dict[str, Any] = {"external_reference": "", "colour": "red"}
    assert promised("v2", "absent_null_empty") == "absent is null; an empty text is refused"
    assert promised("v2", "unknown_fields") == "refused"
    assert made["external_reference"] is None
    for name, value in refused.items():
        answer = await partner.http.post("/v2/applications", json=application(**{name: value}))
        assert answer.status_code == 422
    assert promised("v2", "enumerations") == "extensible"
    assert "'x-extensible-enum'" in str(published("v2")["components"])
    assert promised("v2", "end_of_list") == "next is null"
    assert (await partner.get("/v2/applications"))["next"] is None
    assert promised("v2", "end_of_events") == "none: next is always given"
    end = await partner.get("/v2/events")
    again = await partner.get(f"/v2/events?after={end['next']}")
    assert (again["data"], bool(again["next"])) == ([], True)


@pytest.mark.unit
def test_evidence_is_shown_in_part() -> None:
    """As many items of evidence stand in an answer as were published."""
    assert promised("v2", "evidence_items") == SHOWN
