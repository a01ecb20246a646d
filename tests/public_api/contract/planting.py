"""The published documents, and ways to plant a change in them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

import public_api

FOLDER = Path(public_api.__file__).parent
Change = Callable[[Any], object]
LIST1 = ("paths", "/v1/applications", "get")
EXTRA = {"name": "tenant", "in": "query", "required": True, "schema": {"type": "string"}}


def v1() -> Any:
    """Version 1 as it was published."""
    return orjson.loads((FOLDER / "v1/openapi.json").read_bytes())


def v2() -> Any:
    """Version 2 as it was published."""
    return orjson.loads((FOLDER / "v2/openapi.json").read_bytes())


def at(*steps: str | int) -> Callable[[Any], Any]:
    """What stands at these steps of a document."""

    def found(document: Any) -> Any:
        for step in steps:
            document = document[step]
        return document

    return found


def put(value: object, *steps: str | int) -> Change:
    """Set what stands at these steps."""
    *before, last = steps
    return lambda document: at(*before)(document).__setitem__(last, value)


def drop(*steps: str | int) -> Change:
    """Take away what stands at these steps."""
    *before, last = steps
    return lambda document: at(*before)(document).__delitem__(last)


def add(value: object, *steps: str | int) -> Change:
    """Append to the list at these steps."""
    return lambda document: at(*steps)(document).append(value)


def rename(new: str, *steps: str) -> Change:
    """Give what stands at these steps another name."""

    def change(document: Any) -> None:
        owner = at(*steps[:-1])(document)
        owner[new] = owner.pop(steps[-1])

    return change


def both(*changes: Change) -> Change:
    """One change after the other."""
    return lambda document: [each(document) for each in changes]


def shape(name: str, *steps: str | int) -> tuple[str | int, ...]:
    """The steps to a named schema."""
    return ("components", "schemas", name, *steps)


def field(name: str, *steps: str | int) -> tuple[str | int, ...]:
    """The steps into a field of an application as it is written."""
    return shape("Application", "properties", name, *steps)


def sent(name: str, *steps: str | int) -> tuple[str | int, ...]:
    """The steps into a field of an application as it is handed in."""
    return shape("SubmitApplication", "properties", name, *steps)
