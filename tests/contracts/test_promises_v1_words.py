"""What version 1 says when it says no: in its own words, and of several faults the first."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from core import lifecycle
from core.applications import Applicant, Declared, Money, Product, Property, Terms
from core.applications.model import check
from core.audit import SYSTEM
from core.errors import Invalid
from core.webhooks import MOST_WEBHOOKS
from public_api.app import VERSIONS
from public_api.openapi import published
from public_api.v1.applications import FIELD
from public_api.v1.version import V1
from public_api.v2.version import V2
from tests.builders import House, Partner
from tests.contracts.exchange import FOLDER, load
from tests.contracts.play import CALLERS, STEPS
from tests.contracts.requests import FORM, OLD

PLACE, HOOKS = "/v1/applications", "/v1/callbacks"
HOOK = {"url": "https://hooks.partner.example/", "secret": "s"}
PLAIN = {"closing", "from"}  # English, though version 2 has something of this name
REST = {
    "/amount/currency": "there are only euros",
    "/applicant/country": "there is only Germany",
    "/declared/annual_revenue": "no such field",
    "/declared/monthly_debt_service": "no such field",
}
"""What core may complain of and this version's callers cannot send."""


def names(document: Any) -> Iterator[str]:
    """Every name that a document gives: of fields, parameters, operations, paths, and its words."""
    if isinstance(document, list):
        for each in document:
            yield from names(each)
    if not isinstance(document, dict):
        return
    yield from document.get("properties", {})
    for path in document.get("paths", {}):
        yield from (each for each in path.split("/") if "{" not in each)
    for key in ("enum", "x-extensible-enum"):
        words = document.get(key)
        yield from (str(each) for each in words or () if isinstance(words, list))
    for key in ("name", "operationId"):
        if isinstance(document.get(key), str):
            yield document[key]
    for each in document.values():
        yield from names(each)


@cache
def foreign_words() -> set[str]:
    """The names of version 2 that stand nowhere in what was published of version 1."""
    own = re.findall(r"[a-z0-9_]+", json.dumps(published(V1)).lower())
    theirs = {each.lower() for each in names(published(V2))} | {"webhook", "patch", "if-match"}
    return theirs - set(own) - PLAIN - {""}


def foreign(message: str, sent: str = "") -> set[str]:
    """The words of a message that only version 2 has, and that the caller did not use itself."""
    words = set(re.findall(r"[a-z0-9_.-]*[a-z0-9_]", message.lower()))
    return words & foreign_words() - set(re.findall(r"\w+", sent.lower()))


def recorded() -> set[str]:
    """Every message that was recorded: it stays as it is, byte for byte, whatever its words."""
    return {
        json.loads(each.reply.body)["error"]["message"]
        for file in (FOLDER / "v1").glob("*.json")
        for each in load(file)
        if each.reply.status >= 400 and each.ask.line.split(" ")[0] not in ("HEAD", "RECEIVE")
    }


def broken(schema: Any) -> Iterator[Any]:
    """What a field's schema does not allow, in every way in which it forbids something."""
    kinds = schema.get("anyOf", [schema])
    yield from ({"x": 1}, ["x"], True)
    if {"type": "null"} not in kinds:
        yield None
    for kind in kinds:
        match kind.get("type"):
            case "string":
                yield from (7, "a\x00b", "\ud800", "")
                yield "x" * (kind.get("maxLength", 10_000) + 1)
                yield "not/of\\the list"
            case "number":
                yield from ("7", 1.005, 0, -1, -0.01, kind["exclusiveMaximum"] * 10)
            case "integer":
                yield from ("7", 1.5, kind["minimum"] - 1, kind["maximum"] + 1, 10**30)


def broken_bodies(name: str, good: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A good body, one field of it broken or missing, for each field of its published shape."""
    shape = published(V1)["components"]["schemas"][name]
    for field, schema in shape["properties"].items():
        yield {each: value for each, value in good.items() if each != field}
        for value in broken(schema):
            yield {**good, field: value}


async def refused(answers: AsyncIterator[httpx.Response]) -> list[tuple[str, str]]:
    """What was refused: each message with what had been sent."""
    return [
        (each.json()["error"]["message"], (await each.request.aread()).decode("latin-1"))
        async for each in answers
        if each.status_code >= 400 and each.request.method != "HEAD"
    ]


async def bodies(partner: Partner) -> AsyncIterator[httpx.Response]:
    """Every body of version 1 broken in every way that its schema knows."""
    mortgage = {**OLD, "type": "MORTGAGE", "property_value_eur": 1}
    for path, shape, good in (
        (PLACE, "SubmitApplication", OLD),
        (PLACE, "SubmitApplication", mortgage),
        (HOOKS, "AddCallback", HOOK),
    ):
        for body in broken_bodies(shape, good):
            yield await partner.http.post(path, content=json.dumps(body))
        for text in ("", "{", "[]", "null", '"x"', "\x00", '{"a":NaN}', "[" * 5_000):
            yield await partner.http.post(path, content=text)
        yield await partner.http.post(path, content=b" " * 2_000_000)
        for key in ("", "a b", "x" * 256):
            yield await partner.http.post(path, json=good, headers={"Idempotency-Key": key})
        used = {"Idempotency-Key": path}
        await partner.http.post(path, json=good, headers=used)
        yield await partner.http.post(path, json={**good, "reference": "B", **HOOK}, headers=used)
    yield await partner.http.post(PLACE, json={**OLD, "property_value_eur": 1})
    yield await partner.http.post(PLACE, json={**mortgage, "property_value_eur": -1})
    for url in (
        *("x", "ftp://a.example", "https://", "https://a:b@c.example", "https://a.example:22"),
        *("https://10.0.0.1/", "https://ü.example/", "https://a.example/#x", "https://[::1"),
    ):
        yield await partner.http.post(HOOKS, json={**HOOK, "url": url})
    for number in range(MOST_WEBHOOKS + 1):
        yield await partner.http.post(HOOKS, json={**HOOK, "url": f"{HOOK['url']}{number}"})


async def uploads(partner: Partner, application_id: str) -> AsyncIterator[httpx.Response]:
    """Documents that are refused, whatever is wrong with them."""
    place = f"{PLACE}/{application_id}/documents"
    yield await partner.http.post(place, content=b"")
    yield await partner.http.post(place, files={"file": ("a.xml", b"")})
    yield await partner.http.post(place, files={"other": ("a.xml", b"x")})
    yield await partner.http.post(place, files=[("file", b"x"), ("file", b"y")])
    yield await partner.http.post(place, files={"file": b"x"}, data={"kind": "novel"})
    yield await partner.http.post(place, files={"file": b"x"}, data={"kind": "x" * 2_000})
    for content_type in (*FORM.values(), "multipart/form-data"):
        headers = {"Content-Type": content_type}
        for body in (b"x", b"--golden", b"--golden\r\n"):
            yield await partner.http.post(place, content=body, headers=headers)


async def paths(house: House, partner: Partner, ids: dict[str, str]) -> AsyncIterator[Any]:
    """Every path with ids that are none, queries that are wrong, methods that are none."""
    await partner.http.delete(f"{PLACE}/{ids['id']}")
    yield await partner.http.post(f"{PLACE}/{ids['id']}/documents", files={"file": b"late"})
    for operation in V1.operations:
        path = f"/v1{operation.path}"
        for wrong in ("none", "00000000-0000-4000-8000-000000000000"):
            for known in ({}, {"id": ids["id"]}):
                place = path.format_map(dict.fromkeys(ids, wrong) | known)
                yield await partner.http.request(operation.method, place)
                yield await partner.http.request("PATCH", place)
        for parameter in (each for each in operation.parameters if each.where == "query"):
            for value in ("", "x", "-1", "0", "1.5", "9" * 30, "%00", "%F0"):
                yield await partner.http.get(f"{path}?{parameter.name}={value}")
    yield await partner.http.get("/v1/nothing")
    yield await partner.http.get(f"{PLACE}?page=1&x=%00")
    for name in ("nobody", "expired", "reader", "busy"):
        other = await CALLERS[name](house)
        http = other.http if other else house.http
        for _ in range(2):
            for operation in V1.operations:
                place = f"/v1{operation.path}".format(**ids)
                yield await http.request(operation.method, place, headers={"Authorization": "x"})
                yield await http.request(operation.method, place)


async def endings(house: House, partner: Partner) -> AsyncIterator[httpx.Response]:
    """What is said of builds and of the version itself as they end."""
    await STEPS["kill"](house, "3.1")
    yield await partner.http.get(PLACE, headers={"App-Version": "ios/3.1"})
    await STEPS["brownout"](house, "v1")
    yield await partner.http.get(PLACE)
    dates = [each.dates for each in VERSIONS]
    await house.db.write(
        lambda tx: lifecycle.retire(tx, SYSTEM, dates, "v1", "a test", anyway=True)
    )
    await house.look_again()
    yield await partner.http.get(PLACE)


async def test_a_refusal_speaks_the_words_of_version_1(house: House) -> None:
    """No message of v1 names a field, word or path that only v2 has, but for those recorded."""
    partner = await house.partner()
    ids = {"id": (await partner.http.post(PLACE, json=OLD)).json()["id"]}
    ids |= {"document_id": ids["id"], "webhook_id": ids["id"]}
    said = await refused(bodies(partner))
    said += await refused(uploads(partner, ids["id"]))
    said += await refused(paths(house, partner, ids))
    said += await refused(endings(house, partner))
    kept = recorded()
    wrong = {
        message: words
        for message, sent in said
        if message not in kept and (words := foreign(message, sent))
    }
    assert wrong == {}
    assert len({message for message, _ in said}) > 50


async def test_what_was_recorded_is_said_as_it_was(house: House) -> None:
    """Old clients may match on them: messages that were in v1's own words are what they were."""
    partner = await house.partner()
    for change, message in (
        ({"amount_eur": 0}, "amount: more than zero is needed"),
        ({"amount_eur": 1.005}, "amount_eur must have at most two decimals"),
        ({"company_name": ""}, "company_name is required"),
        ({"duration": "x"}, "duration must be a whole number of months"),
        ({"duration": 0}, "duration: 1 to 600 is possible"),
        ({"duration": 601}, "duration: 1 to 600 is possible"),
        ({"property_value_eur": 1}, "property_value_eur: only a mortgage has one"),
        (
            {"type": "MORTGAGE", "property_value_eur": -1},
            "property_value_eur: zero or more is needed",
        ),
    ):
        answer = await partner.http.post(PLACE, json={**OLD, **change})
        assert answer.json()["error"] == {"code": "invalid", "message": message}


async def test_of_several_faults_the_first_field_is_told(house: House) -> None:
    """Which complaint is told goes by the order of the published fields."""
    partner = await house.partner()
    faults = {
        "company_name": 7,
        "type": "x",
        "amount_eur": "x",
        "duration": "x",
        "company_number": 7,
        "vat_number": 7,
        "reference": 7,
        "property_value_eur": "x",
    }
    rules = {"amount_eur": 0, "duration": 0, "property_value_eur": -1}
    told = {"amount_eur": "amount"}
    shapes = published(V1)["components"]["schemas"]
    assert list(faults) == list(shapes["SubmitApplication"]["properties"])
    for wrong, named in ((faults, {}), (rules, told)):
        left = dict(wrong)
        while left:
            answer = await partner.http.post(PLACE, json={**OLD, **left})
            first = next(iter(left))
            message = answer.json()["error"]["message"]
            assert re.match(rf"{named.get(first, first)}\b", message), message
            del left[first]
    for body, first in (({}, "url"), ({"url": HOOK["url"]}, "secret")):
        answer = await partner.http.post(HOOKS, json=body)
        assert answer.json()["error"]["message"].startswith(first)


@pytest.mark.unit
def test_every_field_that_core_may_complain_of_has_a_name_in_version_1() -> None:
    """A new rule of core's is said in v1's words too, or of what v1 cannot send."""
    francs = Money(-1, "CHF")
    pointers = set()
    for product in Product:
        with pytest.raises(Invalid) as refusal:
            check(
                Terms(
                    *(product, Applicant("", ""), Money(-1, "???"), 0, None, Property(francs)),
                    Declared(francs, francs),
                )
            )
        assert all(each.rule for each in refusal.value.complaints)
        pointers |= {each.pointer for each in refusal.value.complaints}
    source = (Path(check.__code__.co_filename)).read_text()
    assert pointers >= set(re.findall(r'of_field\(\s*"([^"]+)"', source))
    assert pointers <= FIELD.keys() | REST.keys()
    own = {*published(V1)["components"]["schemas"]["SubmitApplication"]["properties"], "amount"}
    assert set(FIELD.values()) <= own
