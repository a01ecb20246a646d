"""The reference of a version: its operations by noun, as its published document has them."""

from collections.abc import Iterator
from dataclasses import dataclass

from public_api.docs.calls import LANGUAGES, call_of, dumped
from public_api.docs.prose import coloured, tabs
from public_api.docs.samples import sample
from public_api.docs.shapes import Contract, Field, field, fields
from public_api.schemas import JsonObject

PLACES = {"path": "In the path", "query": "In the query", "header": "In headers"}


@dataclass(frozen=True, slots=True)
class RequestBody:
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
    """One operation as its chapter has it."""

    name: str
    method: str
    path: str
    summary: str
    scope: str
    parameters: tuple[tuple[str, tuple[Field, ...]], ...]
    bodies: tuple[RequestBody, ...]
    replies: tuple[Reply, ...]
    refusals: tuple[Reply, ...]
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OperationGroup:
    """The operations on one noun."""

    anchor: str
    title: str
    operations: tuple[OperationChapter, ...]


@dataclass(frozen=True, slots=True)
class DeliveryChapter:
    """What a partner's own address is sent, and what it may answer."""

    name: str
    summary: str
    headers: tuple[Field, ...]
    links: tuple[str, ...]
    replies: tuple[tuple[str, str], ...]
    sample: str


@dataclass(frozen=True, slots=True)
class ObjectChapter:
    """An object of the version: its fields, and an example."""

    name: str
    meaning: str
    fields: tuple[Field, ...]
    sample: str


def groups(contract: Contract) -> tuple[OperationGroup, ...]:
    """All operations by noun, in the order in which a case goes."""
    by_noun: dict[str, list[OperationChapter]] = {}
    for path, methods in contract.document["paths"].items():
        for method, operation in methods.items():
            chapter = _operation(contract, path, method, operation)
            by_noun.setdefault(_noun(path), []).append(chapter)
    return tuple(
        OperationGroup(
            noun, noun.replace("-", " ").capitalize(), tuple(sorted(operations, key=_order))
        )
        for noun, operations in by_noun.items()
    )


def deliveries(contract: Contract) -> tuple[DeliveryChapter, ...]:
    """All that is sent to partners, as the document's webhooks have it."""
    webhooks = contract.document.get("webhooks", {})
    return tuple(_delivery(each["post"], contract) for each in webhooks.values())


def objects(contract: Contract) -> tuple[ObjectChapter, ...]:
    """All objects that answers are made of, by name."""
    return tuple(
        ObjectChapter(
            name,
            str(schema.get("description", "")),
            fields(schema, contract, deep=False),
            json_block(sample(schema, contract), name),
        )
        for name, schema in contract.schemas.items()
    )


def _delivery(webhook: JsonObject, contract: Contract) -> DeliveryChapter:
    (content,) = webhook["requestBody"]["content"].values()
    ((_, headers),) = _parameters(webhook["parameters"], contract)
    return DeliveryChapter(
        webhook["operationId"],
        webhook["summary"],
        headers,
        field("", content["schema"], contract, required=True).links,
        tuple((status, each["description"]) for status, each in webhook["responses"].items()),
        json_block(sample(content["schema"], contract), "What is sent"),
    )


def _noun(path: str) -> str:
    """What an operation is about: `documents` in `/vN/applications/{id}/documents`."""
    pieces = [each for each in path.split("/")[2:] if not each.startswith("{")]
    return pieces[1] if len(pieces) > 1 and pieces[0] == "applications" else pieces[0]


def _order(operation: OperationChapter) -> tuple[int, int]:
    methods = ("POST", "GET", "PATCH", "DELETE")
    return operation.path.count("/"), methods.index(operation.method)


def _operation(
    contract: Contract, path: str, method: str, operation: JsonObject
) -> OperationChapter:
    content = operation.get("requestBody", {}).get("content", {})
    replies = [
        Reply(int(status), each["description"], *_content(each, contract))
        for status, each in sorted(operation["responses"].items())
    ]
    call = call_of(path, method.upper(), operation)
    good = next(each for each in replies if each.status < 300)
    return OperationChapter(
        name=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        scope=operation["x-beleg-scope"],
        parameters=tuple(_parameters(operation["parameters"], contract)),
        bodies=tuple(
            RequestBody(media, fields(each["schema"], contract, deep=True))
            for media, each in content.items()
        ),
        replies=tuple(each for each in replies if each.status < 400),
        refusals=tuple(each for each in replies if each.status >= 400),
        samples=(
            tabs([(name, language, write(call)) for name, language, write in LANGUAGES]),
            *_answered(operation["responses"][str(good.status)], good, contract),
        ),
    )


def _content(response: JsonObject, contract: Contract) -> tuple[str, tuple[str, ...]]:
    for media, each in response.get("content", {}).items():
        return media, field("", each["schema"], contract, required=True).links
    return "", ()


def _parameters(
    parameters: list[JsonObject], contract: Contract
) -> Iterator[tuple[str, tuple[Field, ...]]]:
    for place, title in PLACES.items():
        fields_ = tuple(
            field(
                each["name"],
                each["schema"],
                contract,
                required=each["required"],
                meaning=each.get("description", ""),
                owner="Path" if place == "path" else "",
            )
            for each in parameters
            if each["in"] == place
        )
        if fields_:
            yield title, fields_


def _answered(response: JsonObject, reply: Reply, contract: Contract) -> Iterator[str]:
    for media, each in response.get("content", {}).items():
        if "json" in media:
            yield json_block(sample(each["schema"], contract), f"Answer {reply.status}")


def json_block(value: object, title: str) -> str:
    """A value as coloured JSON."""
    return coloured(dumped(value), "json", title)
