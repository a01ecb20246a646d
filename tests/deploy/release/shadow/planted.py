"""B's that speak otherwise than A: a version with one operation's words changed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from public_api.app import VERSIONS
from public_api.messages import Request, Response, Translation
from public_api.versions import Version

Change = Callable[[bytes], bytes]


def said_otherwise(version: str, operation: str, change: Change) -> tuple[Version, ...]:
    """The versions, one operation of which changes the body that it would answer with."""

    def altered(translation: Translation[Any, Any]) -> Translation[Any, Any]:
        def write(result: Any) -> Response:
            response = translation.write(result)
            changed = change(response.body)
            assert changed != response.body, "nothing was planted"
            return response._replace(body=changed)

        return Translation(translation.read, write)

    return _planted(version, operation, altered)


def read_otherwise(
    version: str, operation: str, refuse: Callable[[Request], None]
) -> tuple[Version, ...]:
    """The versions, one operation of which refuses some of what it would take."""

    def altered(translation: Translation[Any, Any]) -> Translation[Any, Any]:
        def read(request: Request) -> Any:
            refuse(request)
            return translation.read(request)

        return Translation(read, translation.write)

    return _planted(version, operation, altered)


def _planted(
    version: str,
    operation: str,
    altered: Callable[[Translation[Any, Any]], Translation[Any, Any]],
) -> tuple[Version, ...]:
    (found,) = (each for each in VERSIONS if each.name == version)
    method, _, path = operation.partition(" ")
    chosen = [each for each in found.operations if (each.method, each.path) == (method, path)]
    assert len(chosen) == 1
    operations = tuple(
        replace(each, translation=altered(each.translation)) if each in chosen else each
        for each in found.operations
    )
    b = replace(found, operations=operations)
    return tuple(b if each is found else each for each in VERSIONS)
