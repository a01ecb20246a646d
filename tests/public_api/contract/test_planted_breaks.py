"""The gate over the published contracts: each planted break is caught, and says who would break."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from public_api.contract.gate import SCOPE, breaks
from public_api.schemas import PROMISES
from tests.public_api.contract.planted_promises import KINDER, PLANTED_PROMISES
from tests.public_api.contract.planting import (
    EXTRA,
    LIST1,
    Change,
    add,
    at,
    both,
    drop,
    field,
    put,
    rename,
    sent,
    shape,
    v1,
    v2,
)

POST1 = ("paths", "/v1/applications", "post")
LIST2 = ("paths", "/v2/applications", "get")
POST2 = ("paths", "/v2/applications", "post")
ONE2 = ("paths", "/v2/applications/{id}", "get")
WITHDRAW2 = ("paths", "/v2/applications/{id}", "delete")
UPLOAD2 = ("paths", "/v2/applications/{id}/documents", "post")
TEXT = {"type": "string"}


def conditional(document: Any) -> None:
    """Let callers of a list say which copy they have."""
    header = {"name": "If-None-Match", "in": "header", "required": False, "schema": TEXT}
    add(header, *LIST2, "parameters")(document)
    put({"description": ""}, *LIST2, "responses", "304")(document)


# What was planted, the document it is planted in, and what the gate has to say about it.
PLANTED: dict[str, tuple[Callable[[], Any], Change, str]] = {
    "a path is gone": (v1, drop("paths", "/v1/applications/{id}/result"), "the path is gone"),
    "a method is gone": (v1, drop("paths", "/v1/applications", "post"), "POST /v1/applications: "),
    "a path is renamed": (
        v2,
        rename("/v2/loans", "paths", "/v2/applications"),
        "clients that call it would break: the path is gone",
    ),
    "an operationId is renamed": (
        v1,
        put("submit", *POST1, "operationId"),
        "generated clients would break: the operationId was createApplication",
    ),
    "a scope is changed": (v1, put("admin", *POST1, SCOPE), "keys with the old scope would break"),
    "a scope is dropped from the document": (v2, drop(*LIST2, SCOPE), "now it is None"),
    "a parameter is gone": (v1, drop(*LIST1, "parameters", 1), "query per_page: clients that send"),
    "a parameter is required now": (
        v2,
        put(True, *LIST2, "parameters", 2, "required"),
        "clients that leave it out would break",
    ),
    "a new parameter is required": (
        v2,
        add(EXTRA, *LIST2, "parameters"),
        "query tenant: every client would break",
    ),
    "a parameter moves to a header": (
        v1,
        put("header", *LIST1, "parameters", 0, "in"),
        "query page: clients that send it would break: the parameter is gone",
    ),
    "a page is smaller": (
        v1,
        put(100, *LIST1, "parameters", 1, "schema", "maximum"),
        "maximum is tighter: it was 200, now 100",
    ),
    "a page's default is another": (
        v1,
        put(20, *LIST1, "parameters", 1, "schema", "default"),
        "its default was 50, now 20",
    ),
    "a default is gone": (
        v1,
        drop(*LIST1, "parameters", 1, "schema", "default"),
        "its default was 50, now 'none'",
    ),
    "a field of an answer is gone": (
        v1,
        both(
            drop(*field("reference")), lambda it: at(*shape("Application"))(it)["required"].pop(7)
        ),
        "/reference: clients that read it would break: the field is gone",
    ),
    "a field of an answer is renamed": (
        v1,
        rename("created_at", *map(str, field("created"))),
        "/created: clients that read it would break",
    ),
    "a field of an answer may be absent": (
        v1,
        put(["id"], *shape("Application", "required")),
        "/status: clients that read it would break: the field may be absent now",
    ),
    "a field of an answer may be null": (
        v1,
        put({"anyOf": [TEXT, {"type": "null"}]}, *field("created")),
        "its type was string, now it is null",
    ),
    "a number becomes text": (
        v1,
        put("string", *field("amount_eur", "type")),
        "its type was number, now it is string",
    ),
    "an integer becomes any number": (
        v1,
        put("number", *field("duration", "type")),
        "/duration: clients that read it would break: its type was integer, now it is number",
    ),
    "a closed list of an answer gains a word": (
        v1,
        add("waiting", *field("status", "enum")),
        "waiting may come, which was never named",
    ),
    "a list of an answer is opened": (
        v1,
        drop(*field("status", "enum")),
        "any word may come, which was never named",
    ),
    "a new flag": (
        v1,
        add("late", *shape("Result", "properties", "flags", "items", "enum")),
        "/flags[]: clients that read it would break: late may come",
    ),
    "the format of a time is another": (
        v2,
        put("date", *field("created_at", "format")),
        "format was date-time, now it is date",
    ),
    "the format of an id is no longer told": (
        v2,
        drop(*field("id", "format")),
        "format was uuid, now it is None",
    ),
    "an answer's union gains a branch": (
        v2,
        add({"type": "boolean"}, *shape("AnswerOf", "properties", "value", "anyOf")),
        "/value: clients that read it would break",
    ),
    "a field of a request is gone": (
        v2,
        drop(*sent("purpose")),
        "/purpose: clients that send it would break",
    ),
    "a field of a request is required now": (
        v1,
        add("company_number", *shape("SubmitApplication", "required")),
        "/company_number: clients that send it would break: the field is required now",
    ),
    "a request may not be null any more": (
        v1,
        put(TEXT, *sent("reference")),
        "/reference: clients that send it would break: its type was null",
    ),
    "a request's list loses a word": (
        v1,
        put(["LOAN"], *sent("type", "enum")),
        "MORTGAGE is no longer taken",
    ),
    "a free text becomes a list": (
        v1,
        put(["A GmbH"], *sent("company_name", "enum")),
        "anything else is no longer taken",
    ),
    "a text may be shorter only": (
        v2,
        put(100, *sent("external_reference", "anyOf", 0, "maxLength")),
        "maxLength is tighter: it was 200, now 100",
    ),
    "a length is limited that was not": (
        v2,
        put(80, *LIST2, "parameters", 3, "schema", "maxLength"),
        "maxLength is tighter: it was None, now 80",
    ),
    "a least value is higher": (
        v2,
        put(12, *sent("term_months", "minimum")),
        "minimum is tighter: it was 1, now 12",
    ),
    "a pattern is another": (
        v2,
        put("^[0-9]+$", *shape("MoneyIn", "properties", "value", "pattern")),
        "pattern was ",
    ),
    "unknown fields are refused": (
        v1,
        put(False, *shape("SubmitApplication", "additionalProperties")),
        "unknown fields are refused now",
    ),
    "a reason to withdraw is gone": (
        v2,
        put(["other"], *WITHDRAW2, "parameters", 1, "schema", "enum"),
        "query reason: clients that send it would break: customer_request, duplicate, test",
    ),
    "a body is required": (
        v2,
        put({"required": True, "content": {}}, *ONE2, "requestBody"),
        "a body is required now",
    ),
    "a body is no longer taken": (v2, drop(*POST2, "requestBody"), "the body is no longer taken"),
    "a media type is no longer taken": (
        v2,
        drop(*UPLOAD2, "requestBody", "content", "application/octet-stream"),
        "application/octet-stream: clients that send it would break: the media type is gone",
    ),
    "an answer is of another media type": (
        v2,
        rename(
            "application/json", *LIST2, "responses", "422", "content", "application/problem+json"
        ),
        "application/problem+json: clients that read it would break",
    ),
    "a status is another": (
        v1,
        rename("200", *POST1, "responses", "201"),
        "201: clients that wait for it would break",
    ),
    "a status that was never named": (
        v1,
        put({"description": ""}, *POST1, "responses", "418"),
        "418: every client would break",
    ),
    "a copy is told to be current that nobody spoke of": (
        v2,
        put({"description": ""}, *LIST2, "responses", "304"),
        "304: every client would break",
    ),
    "an answer without a body has one": (
        v2,
        put({"application/json": {"schema": TEXT}}, *WITHDRAW2, "responses", "204", "content"),
        "an answer without a body has one now",
    ),
    "a header is gone": (
        v1,
        drop(*LIST1, "responses", "429", "headers"),
        "the header Retry-After is gone",
    ),
    "a header that every answer carries is gone": (
        v2,
        put(["Beleg-Version"], PROMISES, "every_answer_carries"),
        "promise every_answer_carries: every client would break",
    ),
    "a webhook is gone": (
        v2,
        drop("webhooks", "toldTest"),
        "webhook toldTest: receivers that wait for it would break: it is gone",
    ),
    "a field of a webhook's body is gone": (
        v2,
        drop(*shape("ToldEvent", "properties", "timestamp")),
        "webhook toldEvent body application/json/timestamp: clients that read it would break",
    ),
    "a webhook's body has another number": (
        v1,
        put("string", *field("amount_eur", "type")),
        "webhook callback body application/json/amount_eur: clients that read it would break",
    ),
    "a webhook is signed by another header": (
        v1,
        put("X-Hub-Signature", "webhooks", "callback", "post", "parameters", 0, "name"),
        "receivers that verify by it would break: the header X-Signature is gone",
    ),
    "a receiver may no longer say that it is gone": (
        v2,
        drop("webhooks", "toldEvent", "post", "responses", "410"),
        "webhook toldEvent 410: receivers that answer so would break",
    ),
    "how a caller shows who it is": (
        v1,
        put("basic", "components", "securitySchemes", "key", "scheme"),
        "how a caller shows who it is changed",
    ),
    "a call without a key is refused": (v1, put([], "security"), "security: every client"),
    "the sunset is earlier": (
        v1,
        put("2027-06-30T23:59:59+00:00", PROMISES, "sunset"),
        "promise sunset: every client would break",
    ),
    "a sunset without notice": (
        v2,
        lambda it: it[PROMISES].update(
            deprecated="2026-06-01T00:00:00+00:00", sunset="2026-09-01T00:00:00+00:00"
        ),
        "less than a year is left to move",
    ),
    "keys are kept for less long": (
        v1,
        put(12, PROMISES, "idempotency_hours"),
        "promise idempotency_hours: every client would break: it was 24, now it is 12",
    ),
    "a shorter notice": (
        v1,
        put(7, PROMISES, "brownout_notice_days"),
        "promise brownout_notice_days: every client would break",
    ),
    "fewer calls a minute": (
        v2,
        put(600, PROMISES, "calls_per_minute"),
        "promise calls_per_minute: every client would break",
    ),
    "another order": (
        v2,
        put("oldest first", PROMISES, "order", "applications"),
        "promise order applications: every client would break: it was 'newest first'",
    ),
    "another end of a list": (
        v2,
        put("an empty page", PROMISES, "end_of_list"),
        "promise end_of_list: every client would break",
    ),
    "a condition has another status": (
        v1,
        put([422, "invalid"], PROMISES, "problems", "invalid"),
        "promise problems invalid: every client would break: it was [400, 'invalid']",
    ),
    "a condition has another type": (
        v2,
        put([404, "/problems/missing"], PROMISES, "problems", "not_found"),
        "promise problems not_found: every client would break",
    ),
    "unknown fields are treated otherwise": (
        v1,
        put("refused", PROMISES, "unknown_fields"),
        "promise unknown_fields: every client would break: it was 'ignored'",
    ),
    "absent is not null any more": (
        v2,
        put("distinct", PROMISES, "absent_null_empty"),
        "promise absent_null_empty: every client",
    ),
    "another way to write money": (v1, put("cents", PROMISES, "money"), "promise money"),
    "another way to write times": (v1, put("RFC 3339", PROMISES, "times"), "promise times"),
    "words that may no longer come new": (
        v2,
        put("closed", PROMISES, "enumerations"),
        "promise enumerations",
    ),
    "a promise is no longer told": (v2, drop(PROMISES, "money"), "now it is None"),
}

HARMLESS: dict[str, tuple[Callable[[], Any], Change]] = {
    "an operation more": (
        v2,
        lambda it: it["paths"].update({"/v2/parties": {"get": {"operationId": "listParties"}}}),
    ),
    "a field more in an answer": (v1, put(TEXT, *field("officer"))),
    "a webhook more": (v2, put({"post": {}}, "webhooks", "toldDecision")),
    "a field more in a webhook's body": (v2, put(TEXT, *shape("ToldData", "properties", "by"))),
    "a type more of what a webhook is told": (
        v2,
        add("application.sold", *shape("ToldEvent", "properties", "type", "x-extensible-enum")),
    ),
    "a field more in a request": (v2, put(TEXT, *sent("colour"))),
    "a parameter more": (v2, add({**EXTRA, "required": False}, *LIST2, "parameters")),
    "a word more in a request": (v1, add("LEASE", *sent("type", "enum"))),
    "a word more where new ones were announced": (
        v2,
        add("on_hold", *field("status", "x-extensible-enum")),
    ),
    "a longer text taken": (v2, put(400, *sent("external_reference", "anyOf", 0, "maxLength"))),
    "a field no longer required": (v1, put(["type"], *shape("SubmitApplication", "required"))),
    "an answer never null any more": (v1, put(TEXT, *field("reference"))),
    "a text is explained": (v1, put("Who asks.", *field("company_name", "description"))),
    "a later sunset": (v1, put("2028-12-31T23:59:59+00:00", PROMISES, "sunset")),
    "more calls": (v2, put(9_000, PROMISES, "calls_per_minute")),
    "keys kept longer": (v2, put(48, PROMISES, "idempotency_hours")),
    "a media type more, and the refusal of all others": (
        v2,
        put({"description": ""}, "paths", "/v2/applications", "get", "responses", "406"),
    ),
    "who has a copy may say so, and is told that it is current": (v2, conditional),
    "a condition more": (v2, put([451, "/problems/law"], PROMISES, "problems", "law")),
}


@pytest.mark.parametrize(
    ("published", "plant", "expected"),
    (PLANTED | PLANTED_PROMISES).values(),
    ids=PLANTED | PLANTED_PROMISES,
)
def test_a_planted_break_is_caught_and_says_who_would_break(
    published: Callable[[], Any], plant: Change, expected: str
) -> None:
    now = published()
    plant(now)
    found = [str(each) for each in breaks(published(), now)]
    assert any(expected in each for each in found), found


@pytest.mark.parametrize(
    ("published", "change"), (HARMLESS | KINDER).values(), ids=HARMLESS | KINDER
)
def test_what_nobody_notices_passes(published: Callable[[], Any], change: Change) -> None:
    now = published()
    change(now)
    assert now != published()
    assert breaks(published(), now) == []


def test_a_closed_object_that_gains_a_field_is_caught() -> None:
    before = v1()
    put(False, *shape("Application", "additionalProperties"))(before)
    after = deepcopy(before)
    put(TEXT, *field("officer"))(after)
    assert any("said to be closed" in each.how for each in breaks(before, after))
    opened = deepcopy(before)
    drop(*shape("Application", "additionalProperties"))(opened)
    assert any("now it is open" in each.how for each in breaks(before, opened))


def test_a_shape_that_contains_itself_is_compared_once() -> None:
    before = v2()
    put(
        {"items": {"$ref": "#/components/schemas/Account"}}, *shape("Account", "properties", "sub")
    )(before)
    assert breaks(before, before) == []
