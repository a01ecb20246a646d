"""Holds every answer of the public API, in every test, to the contract it was published under."""

import re
from functools import cache
from typing import Any

import httpx
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from public_api.app import VERSIONS
from public_api.openapi import published
from public_api.versions import Operation, Version

HERE = "urn:published"


async def check(response: httpx.Response) -> None:
    """Assert that the answer's status, media type, headers and body are what was published."""
    found = _operation(response.request.method, response.request.url.path)
    if found is None:
        return
    version, operation = found
    assert response.headers["beleg-version"] == version.name
    assert "request-id" in response.headers
    path, method = f"/{version.name}{operation.path}", operation.method.lower()
    said = _document(version.name)["paths"][path][method]["responses"].get(
        str(response.status_code)
    )
    if response.status_code == 405:
        return
    assert said is not None, f"{operation.name} never said it answers {response.status_code}"
    content = said.get("content")
    if content is None:
        await response.aread()
        assert response.content == b""
        return
    media_type = response.headers["content-type"].partition(";")[0]
    if media_type not in content:
        assert list(content) == ["application/octet-stream"]
        return
    await response.aread()
    if response.request.method != "HEAD":
        status = str(response.status_code)
        _validator(version.name, path, method, status, media_type).validate(response.json())


def _operation(method: str, path: str) -> tuple[Version, Operation] | None:
    for version in VERSIONS:
        for operation in version.operations:
            pattern = re.sub(r"{\w+}", "[^/]+", f"/{version.name}{operation.path}")
            if re.fullmatch(pattern, path) and operation.method in (
                method,
                "GET" if method == "HEAD" else method,
            ):
                return version, operation
    return None


@cache
def _document(name: str) -> Any:
    return published(next(version for version in VERSIONS if version.name == name))


@cache
def _validator(
    version: str, path: str, method: str, status: str, media_type: str
) -> Draft202012Validator:
    registry: Registry[Any] = Registry().with_resource(
        HERE,
        Resource.from_contents(_document(version), default_specification=DRAFT202012),
    )
    steps = ("paths", path, method, "responses", status, "content", media_type, "schema")
    pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)
    return Draft202012Validator(
        {"$ref": f"{HERE}#/{pointer.replace('{', '%7B').replace('}', '%7D')}"}, registry=registry
    )
