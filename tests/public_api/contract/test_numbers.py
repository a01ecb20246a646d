"""Where money is text, a number that is new says what it counts, and is no amount."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest
from jsonschema_rs import ValidationError

from public_api.contract.gate import breaks
from public_api.contract.numbers import AMOUNTS, UNITS, Holds, bare_amounts, places
from public_api.openapi import published
from public_api.schemas import PROMISES, UNIT
from public_api.v2.version import V2
from tests.contracts.exchange import FOLDER, Exchange, load
from tests.public_api.contract.planting import (
    Change,
    add,
    both,
    drop,
    field,
    put,
    sent,
    shape,
    v1,
    v2,
)
from tests.published import check

pytestmark = pytest.mark.unit
COUNTED = {"type": "integer", UNIT: "count"}
BARE = "does not say by x-beleg-unit what it counts"
OPEN = "it may hold anything"
LIST2 = ("paths", "/v2/applications", "get")
POST2 = ("paths", "/v2/applications", "post")

# What was planted in version 2 as it was published, and what the gate has to say about it.
PLANTED: dict[str, tuple[Change, str]] = {
    "an integer": (put({"type": "integer"}, *field("rate")), f"Application/rate: .*{BARE}"),
    "any number": (put({"type": "number"}, *field("rate")), BARE),
    "a number that may be null": (
        put({"anyOf": [{"type": "integer"}, {"type": "null"}]}, *field("rate")),
        BARE,
    ),
    "one of several types": (put({"type": ["string", "integer"]}, *field("rate")), BARE),
    "a list of numbers": (
        put({"type": "array", "items": {"type": "number"}}, *field("rates")),
        r"Application/rates\[\]: ",
    ),
    "a pair of numbers": (
        put({"type": "array", "prefixItems": [{"type": "number"}]}, *field("rates")),
        BARE,
    ),
    "a table of numbers": (
        put({"type": "object", "additionalProperties": {"type": "integer"}}, *field("by_month")),
        r"Application/by_month/\*: ",
    ),
    "numbers in an object within": (
        put({"type": "object", "properties": {"first": {"type": "number"}}}, *field("terms")),
        "Application/terms/first: ",
    ),
    "a number by its values": (put({"enum": [1, 2]}, *field("grade")), BARE),
    "a constant number": (put({"const": 1.5}, *field("grade")), BARE),
    "a part of all that is said": (
        put({"allOf": [{"type": "integer"}]}, *field("rate")),
        BARE,
    ),
    "a number that counts nothing known": (
        put({"type": "integer", UNIT: "euros"}, *field("rate")),
        BARE,
    ),
    "an amount whatever it says": (put(COUNTED, *field("fee")), "a number is called fee: "),
    "cents": (put(COUNTED, *field("residual_cents")), "called cents"),
    "a sum in another spelling": (put(COUNTED, *field("totalDue")), "called due"),
    "the value of a table": (
        put({"type": "object", "additionalProperties": COUNTED}, *field("revenue")),
        "called revenue",
    ),
    "an object that may hold anything": (
        put({"type": "object", "additionalProperties": True}, *field("extra")),
        OPEN,
    ),
    "an object of which nothing is said": (put({"type": "object"}, *field("extra")), OPEN),
    "a field of which nothing is said": (put({"title": "Extra"}, *field("extra")), OPEN),
    "a field that is any": (put(True, *field("extra")), OPEN),
    "a list of which nothing is said": (put({"type": "array"}, *field("extra")), OPEN),
    "a table of anything": (
        put({"type": "object", "additionalProperties": {}}, *field("extra")),
        OPEN,
    ),
    "what a schema says by words not known here": (
        put({"type": "object", "properties": {}, "patternProperties": {}}, *field("extra")),
        OPEN,
    ),
    "more in an object that had its fields": (
        put(True, *shape("Money", "additionalProperties")),
        "Money: .*may hold anything",
    ),
    "a number in an object that is new": (
        put({"type": "object", "properties": {"price": COUNTED}}, *shape("Offer")),
        "Offer/price: .*called price",
    ),
    "what leads to an old object that may hold anything": (
        put({"$ref": "#/components/schemas/Figure"}, *field("figure")),
        "Application/figure: .*leads to Figure/detail",
    ),
    "a field that is sent": (put({"type": "number"}, *sent("deposit")), BARE),
    "a parameter": (
        add(
            {"name": "least", "in": "query", "required": False, "schema": {"type": "integer"}},
            *(*LIST2, "parameters"),
        ),
        "GET /v2/applications query least: ",
    ),
    "a header": (
        put({"X-Left": {"schema": {"type": "integer"}}}, *POST2, "responses", "201", "headers"),
        "201 header X-Left: ",
    ),
    "what a webhook is told": (
        put({"type": "number"}, *shape("ToldData", "properties", "score")),
        "ToldData/score: ",
    ),
    "a number that counts something else": (
        put("days", *field("term_months", UNIT)),
        "Application/term_months: .*it counted months, now days",
    ),
    "a number that no longer says what it counts": (
        drop(*field("term_months", UNIT)),
        "it counted months, now None",
    ),
    "a text that becomes a number too": (
        put({"type": ["string", "number"]}, *shape("Money", "properties", "value")),
        "Money/value: .*called value",
    ),
}


def unsaid() -> Any:
    """Version 2 where a number does not say what it counts."""
    document = v2()
    drop(*field("term_months", UNIT))(document)
    return document


HARMLESS: dict[str, tuple[Callable[[], Any], Change]] = {
    "a number of something": (v2, put(COUNTED, *field("documents"))),
    "a number of something or none": (
        v2,
        put({"anyOf": [COUNTED, {"type": "null"}]}, *field("documents")),
    ),
    "money": (v2, put({"$ref": "#/components/schemas/Money"}, *field("fee"))),
    "a text": (v2, put({"type": "string"}, *field("amount_in_words"))),
    "a yes or no": (v2, put({"type": "boolean"}, *field("price_is_fixed"))),
    "a table of money": (
        v2,
        put(
            {
                "type": "object",
                "additionalProperties": {"$ref": "#/components/schemas/Money"},
            },
            *field("revenue"),
        ),
    ),
    "what was published says what it counts": (
        unsaid,
        put("months", *field("term_months", UNIT)),
    ),
    "an old number of version 1, whose money is numbers": (
        v1,
        put({"type": "number"}, *field("fee_eur")),
    ),
}


@pytest.mark.thorough
@pytest.mark.parametrize(("plant", "expected"), PLANTED.values(), ids=PLANTED)
def test_a_bare_amount_is_refused_where_money_is_text(plant: Change, expected: str) -> None:
    before, now = v2(), v2()
    plant(now)
    amounts = [str(each) for each in bare_amounts(before, now)]
    found = "\n".join(amounts)
    assert found, "nothing was found"
    assert re.search(expected, found), found
    assert {*amounts} <= {*map(str, breaks(before, now))}


@pytest.mark.parametrize(("before", "change"), HARMLESS.values(), ids=HARMLESS)
def test_what_is_no_amount_passes(before: Callable[[], Any], change: Change) -> None:
    now = before()
    change(now)
    assert now != before()
    assert list(bare_amounts(before(), now)) == []


@pytest.mark.parametrize("word", sorted(AMOUNTS))
def test_every_word_for_an_amount_is_refused(word: str) -> None:
    now = v2()
    both(put(COUNTED, *field(f"net_{word}_of_all")))(now)
    assert "a number is called" in str(*bare_amounts(v2(), now))


def test_every_number_of_version_2_says_what_it_counts() -> None:
    document = published(V2)
    assert document[PROMISES]["money"].startswith("a decimal text")
    numbers = [each for each in places(document) if each.holds is Holds.NUMBER]
    assert len(numbers) > 20
    assert [each.path for each in numbers if each.schema.get(UNIT) not in UNITS] == []
    opened = [each.path for each in places(document) if each.holds is Holds.ANYTHING]
    assert opened == ["Figure/detail"]
    assert document["components"]["schemas"]["Figure"]["properties"]["detail"]["deprecated"]


@pytest.mark.parametrize("file", sorted(FOLDER.glob("v2/*.json")), ids=lambda file: file.stem)
async def test_no_recorded_answer_has_a_number_that_is_not_published(file: Any) -> None:
    for exchange in load(file):
        if not exchange.ask.line.startswith("RECEIVE"):
            await check(answered(exchange, exchange.reply.body))


async def test_a_number_that_is_not_published_is_told() -> None:
    (read,) = [
        each for each in load(FOLDER / "v2/documents.json") if each.ask.line.endswith("/statements")
    ]
    payload = orjson.loads(read.reply.body)
    payload["data"][0]["closing_cents"] = 1
    with pytest.raises(ValidationError, match="closing_cents"):
        await check(answered(read, orjson.dumps(payload).decode()))


def answered(exchange: Exchange, body: str) -> httpx.Response:
    """A recorded answer with this body, as it came."""
    method, _, target = exchange.ask.line.partition(" ")
    lines = (each.partition(": ") for each in exchange.reply.headers)
    headers = {name: value for name, _, value in lines if name != "content-length"}
    return httpx.Response(
        exchange.reply.status,
        headers={**headers, "request-id": "recorded"},
        content=body.encode(),
        request=httpx.Request(method, f"http://api.test{target}"),
    )
