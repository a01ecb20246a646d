"""Holds every answer of the public API, in every test, to the contract it was published under."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx
import orjson
from jsonschema_rs import Draft202012Validator, Registry

from public_api.app import VERSIONS
from public_api.openapi import published
from public_api.versions import AnyOperation, Version

HERE = "urn:published"
BINARY = ("application/octet-stream", "application/pdf")


async def check(response: httpx.Response) -> None:
    """Assert that the answer's status, media type, headers and body are what was published."""
    path = response.request.url.path
    version = next((each for each in VERSIONS if path.startswith(f"/{each.name}/")), None)
    if version is None or path == f"/{version.name}/openapi.json":
        return
    assert response.headers["beleg-version"] == version.name
    assert "request-id" in response.headers
    if "access-control-allow-methods" in response.headers:
        return  # to what a browser asks on its own account, in the words of fetch's standard
    operation = _operation(version, response.request.method, path)
    if operation is None:
        await _hold(response, {version.problem_media_type: _of_problems(version.name)})
        return
    steps = ("paths", f"/{version.name}{operation.path}", operation.method.lower(), "responses")
    responses = _document(version.name)
    for step in steps:
        responses = responses[step]
    status = str(response.status_code)
    assert status in responses, f"{operation.name} never said that it answers {status}"
    content = responses[status].get("content", {})
    validators = {
        each: _validator(version.name, (*steps, status, "content", each)) for each in content
    }
    await _hold(response, validators)


def check_delivery(version: str, body: bytes) -> None:
    """Assert that what a receiver got is what was published."""
    payload = orjson.loads(body)
    if version == "v1":
        name = "callback"
    else:
        name = "toldTest" if payload["type"] == "webhook.test" else "toldEvent"
    steps = ("webhooks", name, "post", "requestBody", "content", "application/json")
    validator = _validator(version, steps)
    assert validator is not None
    validator.validate(payload)


async def _hold(
    response: httpx.Response, published: Mapping[str, Draft202012Validator | None]
) -> None:
    """Assert that the answer has one of the published media types, and a body as published."""
    media_type = response.headers.get("content-type", "").partition(";")[0]
    if BINARY[0] in published:
        return
    assert media_type in (published or {"": None}), f"{media_type} was never published"
    if media_type in BINARY:
        return
    await response.aread()
    if response.request.method == "HEAD" or not published:
        assert response.content == b""
    elif validator := published[media_type]:
        validator.validate(response.json())


def _operation(version: Version, method: str, path: str) -> AnyOperation | None:
    documented = "GET" if method == "HEAD" else method
    for operation in version.operations:
        pattern = re.sub(r"{\w+}", "[^/]+", f"/{version.name}{operation.path}")
        if operation.method == documented and re.fullmatch(pattern, path):
            return operation
    return None


@cache
def _document(name: str) -> Any:
    return _closed(published(_version(name)))


def _version(name: str) -> Version:
    return next(version for version in VERSIONS if version.name == name)


def _closed(part: Any) -> Any:
    """The same schemas, taking no field that they do not name: what is said must be published."""
    if isinstance(part, list):
        return [_closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    closed = {name: _closed(value) for name, value in part.items()}
    if part.get("type") == "object" and "properties" in part:
        closed.setdefault("additionalProperties", False)
    return closed


@cache
def _of_problems(name: str) -> Draft202012Validator:
    title = _version(name).problem_schema["title"]
    return _at(name, f"/components/schemas/{title}")


@cache
def _validator(version: str, steps: tuple[str, ...]) -> Draft202012Validator | None:
    pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in (*steps, "schema"))
    return _at(version, f"/{pointer.replace('{', '%7B').replace('}', '%7D')}")


def _at(version: str, pointer: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"{HERE}#{pointer}"}, registry=_registry(version))


@cache
def _registry(version: str) -> Registry:
    return Registry([(HERE, _document(version))])
