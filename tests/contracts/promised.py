"""What a version promised beside its schemas, as the committed document says it.

A test of a promise takes it from here and nowhere else: `promised("v2", "page_items", "most")`. So
`test_promises_held.py` can see which are held, and none can be published without a test.
"""

from functools import cache
from pathlib import Path
from typing import Any

import orjson

import public_api

PROMISES = "x-beleg-promises"


@cache
def published(version: str) -> Any:
    """A version's document as it is committed."""
    file = Path(public_api.__file__).parent / version / "openapi.json"
    return orjson.loads(file.read_bytes())


def promised(version: str, *path: str) -> Any:
    """What stands at this place among the promises of a version."""
    value = published(version)[PROMISES]
    for name in path:
        value = value[name]
    return value
