"""An example for every schema, of what its version says that the fields may hold."""

from typing import Any

from public_api.docs.shapes import Contract
from public_api.documentation import OTHER_ID
from public_api.schemas import JsonObject, Schema

TYPES = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    list: "array",
    dict: "object",
    type(None): "null",
}
FORMATS = {"uuid": OTHER_ID, "date": "2026-09-30", "date-time": "2026-11-02T09:14:03Z"}
PLAIN = {"boolean": False, "integer": 12, "number": 12.5, "string": "text", "null": None}


def sample(schema: Schema, contract: Contract, name: str = "", owner: str = "") -> Any:
    """An example that is valid by the schema; `name` and `owner` say where it stands."""
    kinds = [
        contract.resolved(each) for each in schema.get("anyOf", schema.get("oneOf", (schema,)))
    ]
    for key in (f"{owner}.{name}", name):
        if key in contract.samples and any(_fits(contract.samples[key], kind) for kind in kinds):
            return contract.samples[key]
    first = kinds[0]
    if first.get("type") == "object":
        return _object(first, contract)
    if first.get("type") == "array":
        return [sample(first.get("items", {}), contract)]
    return _plain(first)


def _object(schema: Schema, contract: Contract) -> JsonObject:
    """An object with its required fields, and those others that have an example of their own."""
    owner, needed = str(schema.get("title", "")), schema.get("required", ())
    return {
        name: sample(part, contract, name, owner)
        for name, part in schema.get("properties", {}).items()
        if name in needed or f"{owner}.{name}" in contract.samples
    }


def _fits(value: object, schema: Schema) -> bool:
    words = schema.get("enum", schema.get("x-extensible-enum"))
    if "const" in schema:
        words = [schema["const"]]
    return schema.get("type") == TYPES[type(value)] and (words is None or value in words)


def _plain(schema: Schema) -> Any:
    if "const" in schema:
        return schema["const"]
    if words := schema.get("enum", schema.get("x-extensible-enum")):
        return words[0]
    return FORMATS.get(schema.get("format", "")) or PLAIN.get(schema.get("type", "null"))
