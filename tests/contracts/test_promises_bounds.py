"""Every limit that is published: what stands at it is taken and comes back, one beyond is refused.

The limits come from the committed documents: every field of every JSON body, every parameter of
every query, every header with a length; of both versions.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from tests.builders import House, Partner
from tests.contracts.bodies import OLD, VERSION
from tests.contracts.bounds import ABSENT, LONG, Digits, Place, Probe, probes
from tests.contracts.promised import promised, published
from tests.contracts.requests import NEW_FULL

JSON = "application/json"
PATCHED = "application/merge-patch+json"
ACCEPTED = {200, 201, 202, 204}
REFUSED = {"v1": 400, "v2": 422}
OLD_FULL = {**OLD, "type": "MORTGAGE", "reference": "A", "property_value_eur": 5}
HOOK = {"url": LONG, "events": ["application.received"]}
BODIES: dict[tuple[str, str], Any] = {
    ("post", "/v1/applications"): OLD_FULL,
    ("post", "/v1/callbacks"): {"url": LONG, "secret": "s"},
    ("post", "/v2/applications"): NEW_FULL,
    ("patch", "/v2/applications/{id}"): NEW_FULL,
    ("post", "/v2/webhooks"): HOOK,
    ("patch", "/v2/webhooks/{webhook_id}"): HOOK,
}
UNBOUNDED = {("post", "/v2/webhooks/{webhook_id}/replay")}
"""Its only field is a time; how far back is a promise in figures."""
TAKEN_ALL_THE_SAME = [("v1", Probe(("property_value_eur",), 0, fits=False))]
"""Refused by the document and taken since the first day: so it stays, since it would be missed."""
SAME = {
    "company_name": ("applicant", "legal_name"),
    "company_number": ("applicant", "register_number"),
    "vat_number": ("applicant", "vat_id"),
    "duration": ("term_months",),
    "reference": ("external_reference",),
}
"""What one version calls a field, and where the other has it."""


class Sending(NamedTuple):
    """An operation that takes JSON: where, in which media type, by which schema."""

    method: str
    path: str
    media_type: str
    schema: Any


def sendings(version: str) -> Iterator[Sending]:
    """Every operation of the committed document that takes a JSON body."""
    for path, place in published(version)["paths"].items():
        for method, operation in place.items():
            for media, content in operation.get("requestBody", {}).get("content", {}).items():
                if "json" in media:
                    yield Sending(method, path, media, content["schema"])


def filled(base: Any, probe: Probe) -> Any:
    """The body with the probed value in it; a loan has no property."""
    body = deepcopy(base)
    inside = body
    for name in probe.place[:-1]:
        inside = inside[name]
    if probe.value is ABSENT:
        del inside[probe.place[-1]]
    else:
        inside[probe.place[-1]] = probe.value
    if probe.fits and probe.value in ("loan", "LOAN"):
        body |= {name: None for name in ("property", "property_value_eur") if name in body}
    return body


def written(value: Any) -> str:
    """JSON in which digits stand as they were given."""
    if isinstance(value, Digits):
        return str(value)
    if isinstance(value, dict):
        return f"{{{','.join(f'{json.dumps(k)}:{written(v)}' for k, v in value.items())}}}"
    if isinstance(value, list):
        return f"[{','.join(map(written, value))}]"
    return json.dumps(value, ensure_ascii=False)


def at(value: Any, place: Place) -> Any:
    """What stands at a place."""
    for name in place:
        value = None if value is None else value[name]
    return value


def shown(probe: Probe) -> Any:
    """How the accepted value is written in answers: money with its decimals, nothing as null."""
    if probe.place[-1] == "value":
        return f"{Decimal(probe.value):.2f}"
    if isinstance(probe.value, Digits):
        return float(probe.value)
    return probe.value or None


async def given_back(partner: Partner, version: str, which: str, probe: Probe, answer: Any) -> None:
    """Assert that both versions show what was accepted as it was sent."""
    told = [answer, await partner.get(f"/{version}/applications/{which}")]
    rows = {"v1": "items", "v2": "data"}[version]
    told.append((await partner.get(f"/{version}/applications"))[rows][0])
    other_place = f"/{'v2' if version == 'v1' else 'v1'}/applications/{which}"
    if probe.place[-1] in ("colour", "property_value_eur", "declared"):
        return
    for each in told:
        assert at(each, probe.place) == shown(probe), probe
    digits = promised("v1", "largest_amount_digits")
    if version == "v2" and Decimal(answer["amount"]["value"]) >= 10**digits:
        await partner.get(other_place, 404)
        return
    other = await partner.get(other_place)
    for old, new in SAME.items():
        mine, theirs = ((old,), new) if version == "v1" else (new, (old,))
        if mine == probe.place:
            assert at(other, theirs) == shown(probe), probe


async def send(partner: Partner, sending: Sending, body: str, ids: dict[str, str]) -> Any:
    """The answer to a body."""
    headers = {"Content-Type": sending.media_type, "If-Match": "*"}
    path = sending.path.format(**ids)
    return await partner.http.request(sending.method, path, content=body.encode(), headers=headers)


async def forget(partner: Partner, sending: Sending, answer: Any) -> None:
    """Remove a webhook that was made, for there may be twenty."""
    if sending.method == "post" and sending.path in ("/v1/callbacks", "/v2/webhooks"):
        await partner.http.delete(f"{sending.path}/{answer.json()['id']}")


@VERSION
async def test_every_field_is_taken_at_its_bound_and_refused_beyond(
    house: House, version: str
) -> None:
    """Lengths, numbers, counts, words, patterns; what is accepted is shown as it was sent."""
    partner, document = await house.partner(), published(version)
    made = await partner.http.post("/v2/webhooks", json=HOOK)
    ids = {"webhook_id": made.json()["id"], "id": ""}
    asked = 0
    for sending in sendings(version):
        if (where := (sending.method, sending.path)) in UNBOUNDED:
            continue
        base = BODIES[where]
        for probe in probes(sending.schema, document):
            if not probe.place or (probe.place == ("property",) and probe.value is None):
                continue
            if sending.method == "patch":
                ids["id"] = await partner.submit(**NEW_FULL)
            answer = await send(partner, sending, written(filled(base, probe)), ids)
            fits = probe.fits or (version, probe) in TAKEN_ALL_THE_SAME
            wanted = ACCEPTED if fits else {REFUSED[version]}
            assert answer.status_code in wanted, (where, probe, answer.text)
            if probe.fits and sending.path.endswith(("applications", "{id}")):
                which = answer.json()["id"]
                await given_back(partner, version, which, probe, answer.json())
            elif probe.fits:
                if probe.place == ("url",):
                    assert answer.json()["url"] == probe.value
                await forget(partner, sending, answer)
            asked += 1
    assert asked > {"v1": 40, "v2": 300}[version]


def asked_for(schema: Any) -> Iterator[tuple[str, bool]]:
    """What a query parameter may say by its schema, and what it may not."""
    for probe in probes(schema, {}, ("query",)):
        if str(probe.value) != "7":  # everything in a query is text
            yield str(probe.value), probe.fits
    if schema.get("format") == "date":
        yield from (("2025-02-28", True), ("2025-02-29", False), ("2025-2-1", False))


@VERSION
async def test_every_parameter_is_taken_at_its_bound_and_refused_beyond(
    house: House, version: str
) -> None:
    """Each parameter of each list, and each header with a length."""
    partner = await house.partner()
    made = await partner.http.post("/v2/webhooks", json=HOOK)
    ids = {"webhook_id": made.json()["id"], "id": await partner.submit(), "document_id": "x"}
    asked = 0
    for path, place in published(version)["paths"].items():
        for parameter in place.get("get", {}).get("parameters", ()):
            if parameter["in"] != "query":
                continue
            for value, fits in asked_for(parameter["schema"]):
                query = {parameter["name"]: value}
                answer = await partner.http.get(path.format(**ids), params=query)
                expected = 200 if fits else REFUSED[version]
                assert answer.status_code == expected, (path, query)
                asked += 1
    assert asked >= 6


@VERSION
async def test_every_header_is_taken_at_its_bound_and_refused_beyond(
    house: House, version: str
) -> None:
    """The keys of repeated requests, by the length that each operation publishes."""
    partner = await house.partner()
    mine = [each for each in BODIES if each[0] == "post" and each[1].startswith(f"/{version}/")]
    for number, (method, path) in enumerate(mine):
        parameters = published(version)["paths"][path][method]["parameters"]
        (schema,) = (it["schema"] for it in parameters if it["name"] == "Idempotency-Key")
        for size in (schema["minLength"], schema["maxLength"], schema["maxLength"] + 1):
            headers, body = {"Idempotency-Key": "AB"[number] * size}, BODIES[method, path]
            fits = size <= schema["maxLength"]
            for replayed in (None, "true" if fits else None):
                answer = await partner.http.post(path, json=body, headers=headers)
                assert answer.status_code == (201 if fits else REFUSED[version]), (path, size)
                assert answer.headers.get("idempotent-replayed") == replayed


@pytest.mark.unit
def test_every_operation_that_takes_json_is_tried() -> None:
    """No body is published of which nothing is tried here."""
    found = {(each.method, each.path) for version in ("v1", "v2") for each in sendings(version)}
    assert found == BODIES.keys() | UNBOUNDED
