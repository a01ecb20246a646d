"""Which operation a request is of, by the documents that both builds publish."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

METHODS = {"get", "put", "post", "delete", "patch"}
FORM = "multipart/form-data"
TOKEN = "POST /oauth/token"  # noqa: S105 - a path, in no version's document
VERSIONS = tuple(f"/v{number}/openapi.json" for number in range(1, 10))


@dataclass(frozen=True, slots=True)
class Contract:
    """What a build publishes: its operations, and every field that a body of a version may have.

    `uploads` are those that take a document.
    """

    operations: frozenset[str] = frozenset()
    uploads: frozenset[str] = frozenset()
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, documents: Iterable[Mapping[str, Any]]) -> "Contract":
        """By the documents of its versions."""
        found, uploads, fields = {TOKEN}, set(), {}
        for document in documents:
            for path, operations in document["paths"].items():
                for method in operations.keys() & METHODS:
                    name = f"{method.upper()} {path}"
                    found.add(name)
                    if FORM in operations[method].get("requestBody", {}).get("content", ()):
                        uploads.add(name)
            version = next(iter(document["paths"]), "").split("/")[1]
            fields[version] = frozenset(_fields(document))
        return cls(frozenset(found), frozenset(uploads), fields)


def _fields(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        properties = node.get("properties")
        if isinstance(properties, dict):
            yield from properties
        for each in node.values():
            yield from _fields(each)
    elif isinstance(node, list):
        for each in node:
            yield from _fields(each)


class Routes:
    """The operations of two builds: which one a request is of, and what only B has."""

    def __init__(self, a: Contract, b: Contract) -> None:
        self.operations = a.operations | b.operations
        self.uploads = a.uploads | b.uploads
        self.new_in_b = b.operations - a.operations if a.operations else frozenset()
        self._fields = {
            version: names - a.fields[version]
            for version, names in b.fields.items()
            if version in a.fields
        }
        self._by_method: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for operation in sorted(self.operations, key=lambda each: each.count("{")):
            method, _, path = operation.partition(" ")
            self._by_method.setdefault(method, []).append((tuple(path.split("/")), operation))

    def find(self, method: str, path: str) -> str | None:
        """The operation that this is a call of; None for all that no contract names."""
        parts = path.split("/")
        for template, operation in self._by_method.get("GET" if method == "HEAD" else method, ()):
            if len(template) == len(parts) and all(
                mine == others or (mine[:1] == "{" and others)
                for mine, others in zip(template, parts, strict=True)
            ):
                return operation
        return None

    def is_new_field(self, operation: str, path: str) -> bool:
        """Whether a place in a body bears a name that only B's document of that version has."""
        version = operation.split("/")[1]
        return path.rpartition("/")[2] in self._fields.get(version, ())
