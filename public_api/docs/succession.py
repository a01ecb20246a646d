"""From one version to the next: each newer version says what became of the one before it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from public_api.docs.shapes import Contract, Field, fields
from public_api.documentation import Succession
from public_api.versions import Version

CONVENTIONS = {
    "money": "Money",
    "times": "Times",
    "enumerations": "Words",
    "unknown_fields": "Fields that are not known",
    "absent_null_empty": "Absent, null, empty",
    "end_of_list": "The end of a list",
    "ids": "Ids",
}
"""The promises that two versions are compared by, where both make them."""


@dataclass(frozen=True, slots=True)
class SuccessionPage:
    """The way from a version to its successor, where both are served."""

    old: Version
    new: Version
    data: Succession

    @property
    def address(self) -> str:
        """Where it is told, as the old version's `Link` has it."""
        return f"/docs/{self.old.name}-to-{self.new.name}"

    @property
    def title(self) -> str:
        """What the page is called."""
        return f"From {self.old.name} to {self.new.name}"

    @property
    def entry(self) -> tuple[str, str]:
        """Its place in the menu."""
        return self.address, self.title


@dataclass(frozen=True, slots=True)
class FieldSuccession:
    """One field's way from the old version to the new."""

    old: Field
    place: str
    new: Field | None
    note: str


@dataclass(frozen=True, slots=True)
class ObjectTable:
    """The ways of all fields of one object of the old version."""

    name: str
    title: str
    fields: tuple[FieldSuccession, ...]


def successions(versions: Sequence[Version]) -> list[SuccessionPage]:
    """Every way between two of these versions, newest first."""
    by_name = {version.name: version for version in versions}
    return [
        SuccessionPage(by_name[data.predecessor], version, data)
        for version in versions
        if (data := version.documentation.succession) and data.predecessor in by_name
    ]


def object_tables(data: Succession, old: Contract, new: Contract) -> Iterator[ObjectTable]:
    """Every object of the old version and where its fields went, by both published documents."""
    for name, succession in data.objects.items():
        ways = []
        for field in fields(old.schemas[name], old, deep=False):
            place, note = succession.fields[field.name]
            ways.append(FieldSuccession(field, place, _at(place, new) if place else None, note))
        yield ObjectTable(name, succession.title, tuple(ways))


def _at(place: str, contract: Contract) -> Field:
    """The field at `Object/field/…`; raises KeyError where there is none."""
    name, *path = place.split("/")
    field = None
    for each in path:
        known = {it.name: it for it in fields(contract.schemas[name], contract, deep=False)}
        field = known[each]
        name = field.links[0] if field.links else ""
    if field is None:
        raise KeyError(place)
    return field


def example(document: Mapping[str, Any], operation: str) -> tuple[str, Any]:
    """The path of an operation, and what a caller may send to it."""
    return next(
        (path, each["requestBody"]["content"]["application/json"]["example"])
        for path, methods in document["paths"].items()
        for each in methods.values()
        if each["operationId"] == operation
    )
