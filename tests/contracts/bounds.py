"""What a published request schema takes at each of its bounds, and what it refuses just beyond.

Every limit that the schema names gives a pair of values: one exactly at it, one a step further.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from public_api.contract.shapes import resolved

Place = tuple[str, ...]
LONG = "https://hooks.partner.example/"
MATCHING = {
    "^[A-Z]{2}$": (("DE", "AT"), ("de", "D", "DEU", "D1", "DE\n")),
    "^[A-Z]{3}$": (("EUR",), ("eur", "EU", "EURO", "EUR ", "EUR\n")),
    r"^-?[0-9]{1,15}(\.[0-9]{1,8})?$": (
        ("1", "0.1", "0.01", "1.00", "999999999999999", "999999999999999.99"),
        ("", "1.", ".1", "1,0", "1e3", "+1", "1 ", "1000000000000000", "0.001", "0.000000001"),
    ),
}
"""Examples of what the patterns take and refuse, in euros; a pattern without any fails the test."""
PRINTABLE = {
    r"^[^\x00-\x1f\x7f]*$": "\n",
    r"^[^\x00-\x08\x0b-\x1f\x7f]*$": "\x0b",
    "^https?://[!-~]+$": " ",
}
"""Patterns of free texts, and a character that each refuses."""


class Probe(NamedTuple):
    """A value for one field of a request, and whether the schema takes it."""

    place: Place
    value: Any
    fits: bool


ABSENT = object()


def probes(schema: Any, document: Any, place: Place = ()) -> Iterator[Probe]:
    """A pair for every bound of the schema, and of all that is within it."""
    schema = resolved(document, schema)
    for branch in schema.get("anyOf", ()):
        if branch.get("type") == "null":
            yield Probe(place, None, fits=True)
        else:
            yield from probes(branch, document, place)
    kind = schema.get("type")
    if "enum" in schema:
        for word in schema["enum"]:
            yield Probe(place, word, fits=True)
            yield Probe(place, word.swapcase(), fits=False)
        yield Probe(place, f"{schema['enum'][0]} ", fits=False)
    elif kind == "object":
        yield from _fields(schema, document, place)
    elif kind == "array":
        yield from _items(schema, document, place)
    elif kind == "string":
        yield from _texts(schema, place)
    elif kind in ("integer", "number"):
        yield from _numbers(schema, place)


def _fields(schema: Any, document: Any, place: Place) -> Iterator[Probe]:
    for name, part in schema["properties"].items():
        yield from probes(part, document, (*place, name))
    for name in schema.get("required", ()):
        yield Probe((*place, name), ABSENT, fits=False)
    closed = schema.get("additionalProperties") is False
    yield Probe((*place, "colour"), "red", fits=not closed)


def _items(schema: Any, document: Any, place: Place) -> Iterator[Probe]:
    item = resolved(document, schema["items"])
    one = item["enum"][0] if "enum" in item else "Bank"
    if "maxItems" in schema:
        yield Probe(place, [one] * schema["maxItems"], fits=True)
        yield Probe(place, [one] * (schema["maxItems"] + 1), fits=False)
    if least := schema.get("minItems", 0):
        yield Probe(place, [one] * least, fits=True)
        yield Probe(place, [one] * (least - 1), fits=False)
    for each in probes(item, document, place):
        yield each._replace(value=[each.value])


def _texts(schema: Any, place: Place) -> Iterator[Probe]:
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    pattern = schema.get("pattern")
    yield Probe(place, 7, fits=False)
    if pattern in MATCHING:
        for fits, values in zip((True, False), MATCHING[pattern], strict=True):
            yield from (Probe(place, value, fits) for value in values)
        return
    if pattern is not None:
        yield Probe(place, f"a{PRINTABLE[pattern]}b", fits=False)
    address = place[-1:] == ("url",)
    if most is not None:
        for size in (most, most + 1):
            text = LONG.ljust(size, "x") if address else ("ä" * size)
            yield Probe(place, text, fits=size == most)
    if least and not address:
        yield Probe(place, "ä" * least, fits=True)
    if least:
        yield Probe(place, "ä" * (least - 1), fits=False)


def _numbers(schema: Any, place: Place) -> Iterator[Probe]:
    step = 1 if schema["type"] == "integer" else "0.01"
    yield Probe(place, "7", fits=False)
    if "minimum" in schema:
        yield Probe(place, schema["minimum"], fits=True)
        yield Probe(place, schema["minimum"] - 1, fits=False)
    if "maximum" in schema:
        yield Probe(place, schema["maximum"], fits=True)
        yield Probe(place, schema["maximum"] + 1, fits=False)
    if "exclusiveMinimum" in schema:
        yield Probe(place, Digits(step), fits=True)
        yield Probe(place, schema["exclusiveMinimum"], fits=False)
    if "exclusiveMaximum" in schema:
        most = int(schema["exclusiveMaximum"])
        yield Probe(place, Digits(f"{most - 1}.99"), fits=True)
        yield Probe(place, Digits(str(most)), fits=False)
    if schema["type"] == "number":
        yield Probe(place, Digits("1.001"), fits=False)
    else:
        yield Probe(place, Digits("1.5"), fits=False)


class Digits(str):
    """A number as it is written, digit by digit; a float would round it."""

    __slots__ = ()
