"""The OpenAPI 3.1 document of a version, made from its operations."""

import re
from functools import cache
from typing import Any, cast

import orjson

from public_api import promises
from public_api.schemas import PROMISES, JsonObject, Schema
from public_api.versions import AnyOperation, Version, WebhookBody

ALWAYS = (401, 403, 410, 426, 429, 500, 503)
MEANINGS = {
    200: "Done",
    201: "Created",
    202: "Taken in; work on it follows",
    204: "Done; there is nothing to say",
    206: "The range asked for",
    304: "Your copy is current",
    400: "The request makes no sense",
    401: "Who calls is not known",
    403: "The key may not do this",
    404: "There is no such thing, or none of yours",
    406: "Not offered in any form that is taken",
    409: "Not possible in the state it is in",
    410: "This version is no longer served, or is in a brownout",
    412: "Changed since it was read; read it again",
    413: "Too large",
    415: "Media type not taken",
    416: "No such range",
    422: "The request breaks a rule; each place is named",
    426: "This build of the app is no longer served",
    428: "`If-Match` is needed",
    429: "Too many calls; come back when `Retry-After` says",
    500: "An error of ours; name the Request-Id to support",
    503: "Not available now; try again soon",
}
HEADERS = {
    401: ("WWW-Authenticate", "How to say who calls"),
    410: ("Retry-After", "Seconds to the end of a brownout; not there once it is gone for good"),
    415: ("Accept-Patch", "The media types that are taken"),
    429: ("Retry-After", "Seconds until the next window"),
    503: ("Retry-After", "Seconds to wait"),
}
NOT_ALWAYS = frozenset((410,))
_PLACEHOLDER = re.compile(r"{(\w+)}")


def published(version: Version) -> JsonObject:
    """The document as it is served and committed; a test holds it to OpenAPI 3.1."""
    components: JsonObject = {}
    paths: JsonObject = {}
    for operation in version.operations:
        place = paths.setdefault(f"/{version.name}{operation.path}", {})
        place[operation.method.lower()] = _operation(version, operation, components)
    return {
        "openapi": "3.1.0",
        "info": {"title": version.title, "version": version.name.removeprefix("v")},
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        PROMISES: _promises(version),
        "paths": paths,
        "webhooks": {
            each.name: _webhook(version, each, components)
            for each in version.webhook_contract.bodies
        },
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "An API key."}
            },
        },
    }


def _promises(version: Version) -> JsonObject:
    """What was promised beside the schemas, with the version's dates."""
    dates = {
        "published": version.published,
        "deprecated": version.deprecated,
        "sunset": version.sunset,
    }
    known_dates = {name: date.isoformat() for name, date in dates.items() if date}
    return {
        **known_dates,
        **promises.shared(),
        "every_answer_carries": sorted({"Request-Id", *(name for name, _ in version.headers())}),
        **version.promises,
    }


def _operation(version: Version, operation: AnyOperation, components: JsonObject) -> JsonObject:
    written: JsonObject = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": f"Needs the scope `{operation.scope}`.",
        "x-beleg-scope": operation.scope,
        "parameters": [
            {
                "name": name,
                "in": "path",
                "required": True,
                "schema": {"type": "string", "format": "uuid"},
            }
            for name in _PLACEHOLDER.findall(operation.path)
        ]
        + [
            {
                "name": each.name,
                "in": each.where,
                "required": each.required,
                "description": each.description,
                "schema": _by_reference(each.schema, components),
            }
            for each in operation.parameters
        ],
        "responses": _responses(version, operation, components),
    }
    if version.deprecated:
        written["deprecated"] = True
    if operation.body:
        written["requestBody"] = {
            "required": True,
            "content": {
                media: _content(schema, components, operation.example if "json" in media else None)
                for media, schema in operation.body.items()
            },
        }
    return written


def _webhook(version: Version, body: WebhookBody, components: JsonObject) -> JsonObject:
    """What a receiver gets, and how it is to answer."""
    schema = _answer_schema(version, body.schema)
    operation: JsonObject = {
        "operationId": body.name,
        "summary": body.summary,
        "security": [],
        "parameters": [
            {
                "name": each.name,
                "in": "header",
                "required": True,
                "description": each.description,
                "schema": each.schema,
            }
            for each in version.webhook_contract.headers
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": _content(schema, components)},
        },
        "responses": {
            "2XX": {"description": "Taken; anything else is tried again for three days"},
            "410": {"description": "Not wanted any more; the webhook is disabled"},
        },
    }
    return {"post": operation}


def _responses(version: Version, operation: AnyOperation, components: JsonObject) -> JsonObject:
    responses: JsonObject = {}
    for status, schema in operation.responses.items():
        responses[str(status)] = {"description": MEANINGS[status]}
        if schema is not None:
            binary = schema.get("format") == "binary"
            media = "application/octet-stream" if binary else "application/json"
            responses[str(status)]["content"] = {
                media: _content(_answer_schema(version, schema), components)
            }
    for media, schema in operation.also.items():
        first = str(next(iter(operation.responses)))
        responses[first]["content"][media] = _content(schema, components)
    for status in sorted({*operation.refusals, *ALWAYS}):
        responses[str(status)] = {
            "description": MEANINGS[status],
            "content": {version.problem_media_type: _content(version.problem_schema, components)},
        }
        if status in HEADERS:
            name, meaning = HEADERS[status]
            header = {
                "required": status not in NOT_ALWAYS,
                "description": meaning,
                "schema": {"type": "string"},
            }
            responses[str(status)]["headers"] = {name: header}
    return responses


def _answer_schema(version: Version, schema: Schema) -> Schema:
    """The schema of an answer; where new words may come, a list of words is no limit."""
    open_ended = version.promises.get("enumerations") == "extensible"
    return cast(Schema, _extensible(schema)) if open_ended else schema


def _extensible(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_extensible(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        "x-extensible-enum" if name == "enum" and isinstance(part, list) else name: _extensible(
            part
        )
        for name, part in schema.items()
    }


def _content(schema: Schema, components: JsonObject, example: Any = None) -> JsonObject:
    content: JsonObject = {"schema": _by_reference(schema, components)}
    if example is not None:
        content["example"] = example
    return content


def _by_reference(schema: Schema, components: JsonObject) -> Schema:
    """The schema with its parts, and itself where it has a name, moved to the components."""
    for name, part in schema.get("$defs", {}).items():
        _add(name, part, components)
    bare = {name: value for name, value in schema.items() if name != "$defs"}
    title = bare.get("title")
    if title and bare.get("type") == "object" and " " not in title:
        _add(title, bare, components)
        return {"$ref": f"#/components/schemas/{title}"}
    return bare


def _add(name: str, schema: JsonObject, components: JsonObject) -> None:
    if components.setdefault(name, schema) != schema:
        raise ValueError(f"two shapes are called {name}")


@cache
def as_file(version: Version) -> bytes:
    """The document as it is served and committed."""
    return orjson.dumps(published(version), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
