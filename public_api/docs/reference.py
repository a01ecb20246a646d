"""The reference of a version: its operations by noun, as its published document has them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from public_api.docs.calls import LANGUAGES, call_of, dumped
from public_api.docs.prose import coloured, tabs
from public_api.docs.samples import sample
from public_api.docs.shapes import Components, Field, field, fields
from public_api.schemas import JsonObject
from public_api.versions import Schema

PLACES = {"path": "In the path", "query": "In the query", "header": "In headers"}


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent, in one media type."""

    media_type: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered with one status."""

    status: int
    meaning: str
    media_type: str
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OperationChapter:
    """One operation as its chapter tells it."""

    name: str
    method: str
    path: str
    summary: str
    scope: str
    parameters: tuple[tuple[str, tuple[Field, ...]], ...]
    bodies: tuple[Body, ...]
    replies: tuple[Reply, ...]
    refusals: tuple[Reply, ...]
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The operations on one noun."""

    anchor: str
    title: str
    operations: tuple[OperationChapter, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a partner's own address is sent, and what it may answer."""

    name: str
    summary: str
    headers: tuple[Field, ...]
    links: tuple[str, ...]
    replies: tuple[tuple[str, str], ...]
    sample: str


@dataclass(frozen=True, slots=True)
class Thing:
    """An object of the version: its fields, and an example."""

    name: str
    meaning: str
    fields: tuple[Field, ...]
    sample: str


def groups(document: JsonObject) -> tuple[Group, ...]:
    """All operations by noun, in the order in which a case goes."""
    found: dict[str, list[OperationChapter]] = {}
    for path, place in document["paths"].items():
        for method, said in place.items():
            found.setdefault(_noun(path), []).append(_operation(document, path, method, said))
    return tuple(
        Group(noun, noun.replace("-", " ").capitalize(), tuple(sorted(operations, key=_order)))
        for noun, operations in found.items()
    )


def deliveries(document: JsonObject) -> tuple[Delivery, ...]:
    """All that is sent to partners, as the document's webhooks have it."""
    components = document["components"]["schemas"]
    return tuple(
        _delivery(each["post"], components) for each in document.get("webhooks", {}).values()
    )


def things(document: JsonObject) -> tuple[Thing, ...]:
    """All objects that answers are made of, by name."""
    components = document["components"]["schemas"]
    return tuple(
        Thing(
            name,
            str(schema.get("description", "")),
            fields(schema, components, deep=False),
            json_block(sample(schema, components), name),
        )
        for name, schema in components.items()
    )


def _delivery(said: JsonObject, components: Components) -> Delivery:
    (content,) = said["requestBody"]["content"].values()
    ((_, headers),) = _parameters(said["parameters"], components)
    return Delivery(
        said["operationId"],
        said["summary"],
        headers,
        field("", content["schema"], components, required=True).links,
        tuple((status, each["description"]) for status, each in said["responses"].items()),
        json_block(sample(content["schema"], components), "What is sent"),
    )


def _noun(path: str) -> str:
    """What an operation is about: `documents` in `/v2/applications/{id}/documents`."""
    pieces = [each for each in path.split("/")[2:] if not each.startswith("{")]
    return pieces[1] if len(pieces) > 1 and pieces[0] == "applications" else pieces[0]


def _order(operation: OperationChapter) -> tuple[int, int]:
    methods = ("POST", "GET", "PATCH", "DELETE")
    return operation.path.count("/"), methods.index(operation.method)


def _operation(document: JsonObject, path: str, method: str, said: JsonObject) -> OperationChapter:
    components: Components = document["components"]["schemas"]
    content = said.get("requestBody", {}).get("content", {})
    replies = [
        Reply(int(status), each["description"], *_content(each))
        for status, each in sorted(said["responses"].items())
    ]
    call = call_of(path, method.upper(), said)
    good = next(each for each in replies if each.status < 300)
    return OperationChapter(
        name=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said["summary"],
        scope=said["x-beleg-scope"],
        parameters=tuple(_parameters(said["parameters"], components)),
        bodies=tuple(
            Body(media, fields(each["schema"], components, deep=True))
            for media, each in content.items()
        ),
        replies=tuple(each for each in replies if each.status < 400),
        refusals=tuple(each for each in replies if each.status >= 400),
        samples=(
            tabs([(name, language, write(call)) for name, language, write in LANGUAGES]),
            *_answered(said["responses"][str(good.status)], good, components),
        ),
    )


def _content(response: JsonObject) -> tuple[str, tuple[str, ...]]:
    for media, each in response.get("content", {}).items():
        told = field("", each["schema"], _Named(), required=True)
        return media, told.links
    return "", ()


class _Named(dict[str, Schema]):
    """Components of which only the names are asked."""

    def __missing__(self, name: str) -> Schema:
        return {}


def _parameters(
    said: list[JsonObject], components: Components
) -> Iterator[tuple[str, tuple[Field, ...]]]:
    for place, title in PLACES.items():
        found = tuple(
            field(
                each["name"],
                each["schema"],
                components,
                required=each["required"],
                meaning=each.get("description", ""),
                owner="Path" if place == "path" else "",
            )
            for each in said
            if each["in"] == place
        )
        if found:
            yield title, found


def _answered(response: JsonObject, reply: Reply, components: Components) -> Iterator[str]:
    for media, each in response.get("content", {}).items():
        if "json" in media:
            yield json_block(sample(each["schema"], components), f"Answer {reply.status}")


def json_block(value: Any, title: str) -> str:
    """A value as coloured JSON."""
    return coloured(dumped(value), "json", title)
