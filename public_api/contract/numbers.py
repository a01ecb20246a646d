"""In a version whose money is text, a number that is new says what it counts, and is no amount.

Numbers are told by where they stand: `Statement/transactions`, `GET /v2/applications query limit`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from public_api.contract.shapes import Break, Document
from public_api.schemas import PROMISES, UNIT, Schema

UNITS = frozenset(
    ("bytes", "count", "days", "http_status", "months", "page", "points", "seconds", "stated")
)
"""What a number may count; `stated` is what a field beside it says, where money is no number."""
_NAMED = """
amount amounts balance balances cent cents charge cost costs credit debit debt due euro euros fee
fees gross income inflow instalment minor money net outflow paid payment price prices revenue salary
sum sums tax total totals turnover value values worth"""
AMOUNTS = frozenset(_NAMED.split())
"""Words that a number is not named by, whatever it says of itself."""
AFFECTED = "clients that were told that money is text"
_WORD = re.compile(r"[a-z]+|[A-Z][a-z]*")
_TYPED = ("$ref", "anyOf", "oneOf", "allOf", "const", "enum")
_ALTERNATIVES = ("anyOf", "oneOf", "allOf")
_KEYWORDS = """
$ref anyOf oneOf allOf const enum type properties items prefixItems additionalProperties required
title description default deprecated examples example format pattern minLength maxLength minimum
maximum exclusiveMinimum exclusiveMaximum multipleOf minItems maxItems uniqueItems minProperties
maxProperties readOnly writeOnly contentEncoding contentMediaType"""
_UNDERSTOOD = frozenset(_KEYWORDS.split())
_REF = "#/components/schemas/"


class Holds(StrEnum):
    """What may stand at a place, of that which could be an amount unseen."""

    NUMBER = "a number"
    ANYTHING = "anything"
    REFERENCE = "what another schema says"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a document where a number may come, the field it is in, and its schema."""

    path: str
    field: str
    holds: Holds
    schema: Schema


def bare_amounts(old: Document, new: Document) -> Iterator[Break]:
    """Every new number that is an amount or does not say what it is, and all that may hide one.

    What a number was said to count, it goes on counting.
    """
    if not str(new.get(PROMISES, {}).get("money", "")).startswith("a decimal text"):
        return
    published = {(each.path, each.holds): each.schema.get(UNIT) for each in places(old)}
    for place in places(new):
        key, unit = (place.path, place.holds), place.schema.get(UNIT)
        if key not in published:
            if how := _fault(place, new):
                yield Break(place.path, AFFECTED, how)
        elif published[key] not in (None, unit):
            yield Break(place.path, AFFECTED, f"it counted {published[key]}, now {unit}")


def places(document: Document) -> Iterator[Place]:
    """All places of a document where a number may come, each once."""
    found: dict[tuple[str, Holds], Place] = {}
    for path, schema in _schemas(document):
        for place in _within(path, path.split()[-1], schema):
            found.setdefault((place.path, place.holds), place)
    yield from found.values()


def _fault(place: Place, document: Document) -> str | None:
    """What is wrong with a new place; None where nothing is."""
    if place.holds is Holds.ANYTHING:
        return "it may hold anything, an amount too: say each of its fields"
    if place.holds is Holds.REFERENCE:
        hidden = _hidden(document, place.schema["$ref"])
        return f"it leads to {hidden}, which may hold anything" if hidden else None
    if words := AMOUNTS.intersection(each.lower() for each in _WORD.findall(place.field)):
        return f"a number is called {min(words)}: amounts are money, a text with its currency"
    if place.schema.get(UNIT) not in UNITS:
        return f"a number does not say by {UNIT} what it counts; an amount is money, and no number"
    return None


def _schemas(document: Document) -> Iterator[tuple[str, Schema]]:
    """Every schema of a document, with where it stands."""
    yield from document.get("components", {}).get("schemas", {}).items()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield from _of_operation(f"{method.upper()} {path}", operation)
    for name, webhook in document.get("webhooks", {}).items():
        yield from _of_operation(f"webhook {name}", webhook.get("post", {}))


def _of_operation(place: str, operation: Document) -> Iterator[tuple[str, Schema]]:
    for each in operation.get("parameters", ()):
        yield f"{place} {each['in']} {each['name']}", each["schema"]
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"{place} body {media}", content["schema"]
    for status, response in operation.get("responses", {}).items():
        for name, header in response.get("headers", {}).items():
            yield f"{place} {status} header {name}", header["schema"]
        for media, content in response.get("content", {}).items():
            yield f"{place} {status} {media}", content["schema"]


def _within(path: str, field: str, schema: Any) -> Iterator[Place]:
    """The places in a schema; `field` is the name that what stands here goes by."""
    if not isinstance(schema, dict) or _is_open(schema):
        if schema is not False:
            yield Place(path, field, Holds.ANYTHING, schema if isinstance(schema, dict) else {})
        return
    if "$ref" in schema:
        yield Place(path, field, Holds.REFERENCE, schema)
    if _may_be_number(schema):
        yield Place(path, field, Holds.NUMBER, schema)
    for keyword in _ALTERNATIVES:
        for each in schema.get(keyword, ()):
            yield from _within(path, field, each)
    for name, each in schema.get("properties", {}).items():
        yield from _within(f"{path}/{name}", name, each)
    if isinstance(more := schema.get("additionalProperties"), dict):
        yield from _within(f"{path}/*", field, more)
    for each in (schema.get("items"), *schema.get("prefixItems", ())):
        if each is not None:
            yield from _within(f"{path}[]", field, each)


def _is_open(schema: Schema) -> bool:
    """Whether it may hold what nobody has named, or what is not understood here says what."""
    if any(name not in _UNDERSTOOD and not name.startswith("x-") for name in schema):
        return True
    types = _types(schema)
    if not types and not any(name in schema for name in _TYPED):
        return True
    more = schema.get("additionalProperties")
    unnamed = "properties" not in schema and more is None
    return ("object" in types and (more is True or unnamed)) or (
        "array" in types and "items" not in schema and "prefixItems" not in schema
    )


def _may_be_number(schema: Schema) -> bool:
    values = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else ())]
    return bool({"integer", "number"} & _types(schema)) or any(
        isinstance(each, int | float) and not isinstance(each, bool) for each in values
    )


def _types(schema: Schema) -> frozenset[str]:
    named = schema.get("type", ())
    return frozenset((named,) if isinstance(named, str) else named)


def _hidden(document: Document, reference: str) -> str | None:
    """The first place that may hold anything among those that a reference leads to."""
    waiting, seen = [reference], set()
    while waiting:
        name = waiting.pop().removeprefix(_REF)
        if name in seen:
            continue
        seen.add(name)
        for place in _within(name, name, document["components"]["schemas"][name]):
            if place.holds is Holds.ANYTHING:
                return place.path
            if place.holds is Holds.REFERENCE:
                waiting.append(place.schema["$ref"])
    return None
