"""JSON schemas as people read them: what a field is, whether it must be there, what it may hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from public_api.docs.glossary import meaning_of
from public_api.versions import Schema

REF = "#/components/schemas/"
FORMATS = {"uuid": "UUID", "date": "date", "date-time": "time", "binary": "file", "uri": "URL"}
LARGEST_TOLD = 10**12  # a bound beyond it says nothing to people
RULES = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "maxLength": "at most {} characters",
    "maxItems": "at most {} items",
}
PATTERNS = {
    "^[A-Z]{2}$": "two capital letters",
    "^[A-Z]{3}$": "three capital letters",
    r"^-?[0-9]{1,15}(\.[0-9]{1,8})?$": "a decimal number as text",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field, parameter or header: its type, its rules, and the fields inside it."""

    name: str
    type: str
    links: tuple[str, ...]
    required: bool
    nullable: bool
    words: tuple[str, ...]
    open_ended: bool
    rules: tuple[str, ...]
    meaning: str
    inside: tuple["Field", ...] = ()


Components = Mapping[str, Schema]


def fields(schema: Schema, components: Components, *, deep: bool) -> tuple[Field, ...]:
    """The fields of an object; `deep` tells those inside them too, else they are linked to."""
    schema = resolved(schema, components)
    needed = schema.get("required", ())
    owner = str(schema.get("title", ""))
    return tuple(
        field(name, part, components, required=name in needed, owner=owner, deep=deep)
        for name, part in schema.get("properties", {}).items()
    )


def field(
    name: str,
    schema: Schema,
    components: Components,
    *,
    required: bool,
    owner: str = "",
    meaning: str = "",
    deep: bool = False,
) -> Field:
    """One field by its schema."""
    kinds = list(_kinds(schema))
    real = [each for each in kinds if each.get("type") != "null"]
    links = tuple(link for each in real if (link := _link(each)))
    first = real[0] if real else schema
    words = _words(first)
    said = meaning or meaning_of(owner, name)
    if not said and links:
        said = str(components[links[0]].get("description", ""))
    return Field(
        name=name,
        type=" or ".join(dict.fromkeys(_type(each) for each in real)),
        links=links,
        required=required,
        nullable=len(real) < len(kinds),
        words=words,
        open_ended="x-extensible-enum" in _item(first),
        rules=tuple(_rules(first, schema)),
        meaning=said,
        inside=fields(components[links[0]], components, deep=True) if deep and links else (),
    )


def resolved(schema: Schema, components: Components) -> Schema:
    """The schema itself, where it only names a component."""
    name = schema.get("$ref", "").removeprefix(REF)
    return components[name] if name else schema


def _kinds(schema: Schema) -> Iterator[Schema]:
    yield from schema.get("anyOf", schema.get("oneOf", (schema,)))


def _item(schema: Schema) -> Schema:
    return schema.get("items", {}) if schema.get("type") == "array" else schema


def _link(schema: Schema) -> str:
    return str(_item(schema).get("$ref", "")).removeprefix(REF)


def _words(schema: Schema) -> tuple[str, ...]:
    item = _item(schema)
    return tuple(item.get("enum", item.get("x-extensible-enum", ())))


def _type(schema: Schema) -> str:
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if name := schema.get("$ref", "").removeprefix(REF):
        return str(name)
    if "const" in schema:
        return str(schema["const"]).lower()
    return FORMATS.get(schema.get("format", ""), str(schema.get("type", "any")))


def _rules(schema: Schema, whole: Schema) -> Iterator[str]:
    for name, said in RULES.items():
        bound = schema.get(name)
        if bound is not None and abs(bound) < LARGEST_TOLD:
            yield said.format(f"{bound:,}" if isinstance(bound, int) else bound)
    if (pattern := PATTERNS.get(schema.get("pattern", ""))) is not None:
        yield pattern
    default: Any = whole.get("default")
    if default is not None:
        yield f"default {default}"
