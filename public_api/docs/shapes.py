"""JSON schemas as people read them: what a field is, whether it must be there, what it may hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from public_api.openapi import published
from public_api.schemas import Schema
from public_api.versions import Version

REF = "#/components/schemas/"
FORMATS = {"uuid": "UUID", "date": "date", "date-time": "time", "binary": "file", "uri": "URL"}
LARGEST_BOUND = 10**12  # a bound beyond it says nothing to people
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
    deprecated: bool
    rules: tuple[str, ...]
    meaning: str
    inside: tuple["Field", ...] = ()


class Contract(NamedTuple):
    """The document that a version has published, and what it says of the fields in it."""

    document: Mapping[str, Any]
    meanings: Mapping[str, str]
    samples: Mapping[str, Any]

    @classmethod
    def of(cls, version: Version) -> "Contract":
        """A version's own."""
        documentation = version.documentation
        return cls(published(version), documentation.meanings, documentation.samples)

    @property
    def schemas(self) -> Mapping[str, Schema]:
        """The objects, by name."""
        schemas: Mapping[str, Schema] = self.document["components"]["schemas"]
        return schemas

    def meaning(self, owner: str, name: str) -> str:
        """What a field of an object means, or nothing where nobody has said."""
        return self.meanings.get(f"{owner}.{name}", self.meanings.get(name, ""))

    def resolved(self, schema: Schema) -> Schema:
        """The schema itself, where it only names a component."""
        name = schema.get("$ref", "").removeprefix(REF)
        return self.schemas[name] if name else schema


def fields(schema: Schema, contract: Contract, *, deep: bool) -> tuple[Field, ...]:
    """The fields of an object; `deep` tells those inside them too, else they are linked to."""
    schema = contract.resolved(schema)
    needed = schema.get("required", ())
    owner = str(schema.get("title", ""))
    return tuple(
        field(name, part, contract, required=name in needed, owner=owner, deep=deep)
        for name, part in schema.get("properties", {}).items()
    )


def field(
    name: str,
    schema: Schema,
    contract: Contract,
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
    meaning = meaning or contract.meaning(owner, name)
    if not meaning and links:
        meaning = str(contract.schemas[links[0]].get("description", ""))
    return Field(
        name=name,
        type=" or ".join(dict.fromkeys(_type(each) for each in real)),
        links=links,
        required=required,
        nullable=len(real) < len(kinds),
        words=words,
        open_ended="x-extensible-enum" in _item(first),
        deprecated=bool(schema.get("deprecated")),
        rules=tuple(_rules(first, schema)),
        meaning=meaning,
        inside=fields(contract.schemas[links[0]], contract, deep=True) if deep and links else (),
    )


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
    for name, rule in RULES.items():
        bound = schema.get(name)
        if bound is not None and abs(bound) < LARGEST_BOUND:
            yield rule.format(f"{bound:,}" if isinstance(bound, int) else bound)
    if (pattern := PATTERNS.get(schema.get("pattern", ""))) is not None:
        yield pattern
    default: Any = whole.get("default")
    if default is not None:
        yield f"default {default}"
