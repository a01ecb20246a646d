"""The reference of a version: its operations by noun, as its published document has them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from public_api.docs.prose import coloured
from public_api.docs.samples import APPLICATION_ID, DOCUMENT_ID, OTHER_ID, sample
from public_api.docs.shapes import Components, Field, field, fields
from public_api.versions import Schema

HOST = "https://api.lender.example"
"""Stands for this instance's own address, which the browser puts in its place."""
IDS = {"id": APPLICATION_ID, "document_id": DOCUMENT_ID}
PLACES = {"path": "In the path", "query": "In the query", "header": "In headers"}
VALUES = {
    "If-Match": '"1"',
    "If-None-Match": '"1"',
    "Idempotency-Key": "order-4711",
    "Range": "bytes=0-1023",
    "reason": "customer_request",
}

_ONE_DECIMAL = re.compile(r"(?<=: )\d+\.\d(?=[,\n])")


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
class Operation:
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
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """An object of the version: its fields, and an example."""

    name: str
    meaning: str
    fields: tuple[Field, ...]
    sample: str


def groups(document: Mapping[str, Any]) -> tuple[Group, ...]:
    """All operations by noun, in the order in which a case goes."""
    found: dict[str, list[Operation]] = {}
    for path, place in document["paths"].items():
        for method, said in place.items():
            found.setdefault(_noun(path), []).append(_operation(document, path, method, said))
    return tuple(
        Group(noun, noun.replace("-", " ").capitalize(), tuple(sorted(operations, key=_order)))
        for noun, operations in found.items()
    )


def things(document: Mapping[str, Any]) -> tuple[Thing, ...]:
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


def _noun(path: str) -> str:
    """What an operation is about: `documents` in `/v2/applications/{id}/documents`."""
    pieces = [each for each in path.split("/")[2:] if not each.startswith("{")]
    return pieces[1] if len(pieces) > 1 and pieces[0] == "applications" else pieces[0]


def _order(operation: Operation) -> tuple[int, int]:
    methods = ("POST", "GET", "PATCH", "DELETE")
    return operation.path.count("/"), methods.index(operation.method)


def _operation(
    document: Mapping[str, Any], path: str, method: str, said: Mapping[str, Any]
) -> Operation:
    components: Components = document["components"]["schemas"]
    content = said.get("requestBody", {}).get("content", {})
    replies = [
        Reply(int(status), each["description"], *_content(each))
        for status, each in sorted(said["responses"].items())
    ]
    good = next(each for each in replies if each.status < 300)
    return Operation(
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
            coloured(_curl(path, method.upper(), said), "sh", "Request"),
            *_answered(said["responses"][str(good.status)], good, components),
        ),
    )


def _content(response: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    for media, each in response.get("content", {}).items():
        told = field("", each["schema"], _Named(), required=True)
        return media, told.links
    return "", ()


class _Named(dict[str, Schema]):
    """Components of which only the names are asked."""

    def __missing__(self, name: str) -> Schema:
        return {}


def _parameters(
    said: list[Mapping[str, Any]], components: Components
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


def _curl(path: str, method: str, said: Mapping[str, Any]) -> str:
    """The operation as a command for a shell."""
    needed = [each for each in said["parameters"] if each["required"] and each["in"] != "path"]
    query = "&".join(
        f"{each['name']}={VALUES.get(each['name'], '…')}"
        for each in needed
        if each["in"] == "query"
    )
    address = HOST + path.format_map(_Ids(IDS)) + (f"?{query}" if query else "")
    lines = [f'curl "{address}"', '-H "Authorization: Bearer $BELEG_KEY"']
    if method not in ("GET", "POST"):
        lines[0] = f'curl -X {method} "{address}"'
    content = said.get("requestBody", {}).get("content", {})
    if method == "POST" and not content:
        lines[0] = f'curl -X POST "{address}"'
    for each in said["parameters"]:
        wanted = each["required"] or each["name"] == "Idempotency-Key"
        if each["in"] == "header" and wanted:
            lines.append(f"-H '{each['name']}: {VALUES.get(each['name'], '…')}'")
    lines += _sent(content)
    if "application/octet-stream" in said["responses"].get("200", {}).get("content", {}):
        lines.append("-o document.xml")
    return " \\\n  ".join(lines)


class _Ids(dict[str, str]):
    """Ids by the names of a path's placeholders."""

    def __missing__(self, name: str) -> str:
        return OTHER_ID


def _sent(content: Mapping[str, Any]) -> Iterator[str]:
    if "multipart/form-data" in content:
        yield "-F file=@statement.xml"
        return
    for media, each in content.items():
        if "json" in media:
            yield f"-H 'Content-Type: {media}'"
            yield f"-d '{_dumped(each.get('example', {}))}'"
            return


def _answered(response: Mapping[str, Any], reply: Reply, components: Components) -> Iterator[str]:
    for media, each in response.get("content", {}).items():
        if "json" in media:
            yield json_block(sample(each["schema"], components), f"Answer {reply.status}")


def json_block(value: Any, title: str) -> str:
    """A value as coloured JSON."""
    return coloured(_dumped(value), "json", title)


def _dumped(value: Any) -> str:
    """JSON to look at; an amount that is a number keeps both decimals, as it does on the wire."""
    said = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    return _ONE_DECIMAL.sub(r"\g<0>0", said)
