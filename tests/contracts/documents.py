"""What became of a published document, in words: what was added, and what would break."""

from collections.abc import Iterator
from typing import Any

from public_api.contract.gate import breaks
from public_api.schemas import PROMISES
from tests.contracts.comparison import Difference

Path = tuple[str, ...]
TEXTS = frozenset(("description", "summary", "title", "example", "examples"))
"""What explains and promises nothing."""


def differences(version: str, old: Any, new: Any) -> Iterator[Difference]:
    """All that is not as it was in a version's document; what breaks in the gate's own words."""
    for each in breaks(old, new):
        place = f"{version} openapi.json, {each.place}"
        yield Difference(place, f"{each.affected} would break: {each.how}", breaks=True)
    for path in _added(old, new):
        yield Difference(f"{version} openapi.json", f"{_named(path)} is new", breaks=False)


def _added(old: Any, new: Any, path: Path = ()) -> Iterator[Path]:
    """Where something stands that was not there, the outermost of it only."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name, value in new.items():
            if name in TEXTS and not isinstance(value, dict):
                continue
            if name not in old:
                yield (*path, name)
            else:
                yield from _added(old[name], value, (*path, name))
    elif isinstance(old, list) and isinstance(new, list):
        for each in new:
            known = [it for it in old if _name_of(it) == _name_of(each)]
            if not known:
                yield (*path, _name_of(each))
            elif isinstance(each, dict):
                yield from _added(known[0], each, (*path, _name_of(each)))


def _name_of(item: Any) -> str:
    """What tells one item of a list from others."""
    if isinstance(item, dict):
        return str(item.get("name") or item.get("$ref") or item.get("type") or sorted(item))
    return str(item)


def _named(path: Path) -> str:
    """A place in a document, as people speak of it."""
    match path:
        case (name, *rest) if name == PROMISES:
            return f"the promise {' '.join(rest)}"
        case ("paths", place):
            return f"the path {place}"
        case ("paths", place, method):
            return f"{method.upper()} {place}"
        case ("paths", place, method, "parameters", name):
            return f"the parameter {name} of {method.upper()} {place}"
        case ("paths", place, method, "responses", status):
            return f"the answer {status} of {method.upper()} {place}"
        case ("paths", place, method, "responses", status, "headers", name):
            return f"the header {name} of the answer {status} of {method.upper()} {place}"
        case ("webhooks", name):
            return f"the webhook {name}"
        case ("components", "schemas", name):
            return f"the shape {name}"
        case ("components", "schemas", name, "properties", field):
            return f"the field {field} of {name}"
        case _:
            return "/".join(path)
