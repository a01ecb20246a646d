"""How two answers differ: status, promised headers, and the body by JSON path.

A path has `*` for any place in an array, so that what differs in each of a hundred elements is one
difference. Elements that have ids are held against those of the same id.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from deploy.release.shadow.answers import SAFE, Answer, Outcome
from deploy.release.shadow.masks import Real, mask, member

COMPARED = frozenset(
    (
        *("accept-patch", "accept-ranges", "allow", "beleg-brownout", "beleg-version"),
        *("cache-control", "content-disposition", "content-range", "content-type", "deprecation"),
        *("etag", "link", "location", "ratelimit-policy", "sunset", "vary", "www-authenticate"),
        *("x-content-type-options", "access-control-allow-origin"),
        "access-control-expose-headers",
    )
)
"""The headers that a contract promises and that are the same for the same request."""
PASSED_OVER = frozenset(("idempotent-replayed", "ratelimit", "request-id", "retry-after"))
"""Promised too, but of this one request, its time or its turn."""


class DifferenceKind(StrEnum):
    """In which way something differs; of bodies those are the first five."""

    MISSING = "missing"
    EXTRA = "extra"
    TYPE = "type"
    VALUE = "value"
    ORDER = "order"
    STATUS = "status"
    OUTCOME = "outcome"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Difference:
    """Where B answers otherwise than A, and what both say there, masked.

    `path` is a JSON path of the body, or `body`, `status`, `outcome`, `header:etag`.
    """

    path: str
    kind: DifferenceKind
    a: str
    b: str

    @property
    def key(self) -> tuple[str, DifferenceKind]:
        """What makes it the same difference in another pair."""
        return self.path, self.kind


def differences(method: str, a: Answer, b: Answer) -> tuple[Difference, ...]:
    """How the answers to one request differ, each path once."""
    if Outcome.UNANSWERED in (a.outcome, b.outcome):
        return () if a.outcome is b.outcome else (_otherwise(DifferenceKind.UNANSWERED, a, b),)
    if method not in SAFE and Outcome.ACCEPTED in (a.outcome, b.outcome):
        if a.outcome is not b.outcome:
            return (_otherwise(DifferenceKind.OUTCOME, a, b),)
        if a.at_the_wall or b.at_the_wall:
            return ()
    if a.status != b.status:
        return (Difference("status", DifferenceKind.STATUS, _status(a), _status(b)),)
    found = {each.key: each for each in (*_headers(a, b), *_bodies(a, b))}
    return tuple(found.values())


def _otherwise(kind: DifferenceKind, a: Answer, b: Answer) -> Difference:
    return Difference("outcome", kind, a.said(), b.said())


def _status(answer: Answer) -> str:
    return f"{answer.status} {answer.code}".strip() if answer.status >= 400 else str(answer.status)


def _headers(a: Answer, b: Answer) -> Iterator[Difference]:
    for name in sorted(COMPARED & (a.headers.keys() | b.headers.keys())):
        mine, others = a.headers.get(name), b.headers.get(name)
        if mine != others:
            yield _between(f"header:{name}", mine, others)


def _between(path: str, a: str | None, b: str | None) -> Difference:
    if a is None:
        return Difference(path, DifferenceKind.EXTRA, "", mask(b))
    if b is None:
        return Difference(path, DifferenceKind.MISSING, mask(a), "")
    return Difference(path, DifferenceKind.VALUE, mask(a), mask(b))


def _bodies(a: Answer, b: Answer) -> Iterator[Difference]:
    if a.digest == b.digest:
        return
    if a.whole and b.whole and "json" in a.headers.get("content-type", ""):
        try:
            yield from compared(_parsed(a.body), _parsed(b.body))
        except ValueError:
            pass
        else:
            return
    sizes = (f"{len(each.body)} bytes{'' if each.whole else ' and more'}" for each in (a, b))
    yield Difference("body", DifferenceKind.VALUE, *sizes)


def _parsed(body: bytes) -> Any:
    return json.loads(body, parse_float=Real)


def compared(a: Any, b: Any, path: str = "") -> Iterator[Difference]:
    """How two JSON values differ; nothing where they are equal."""
    place = path or "/"
    if _kind(a) != _kind(b):
        yield Difference(place, DifferenceKind.TYPE, mask(a), mask(b))
    elif isinstance(a, dict):
        yield from _objects(a, b, path)
    elif isinstance(a, list):
        yield from _arrays(a, b, path)
    elif _text(a) != _text(b):
        yield Difference(place, DifferenceKind.VALUE, mask(a), mask(b))


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | Real):
        return "number"
    return type(value).__name__


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) else value


def _objects(a: dict[str, Any], b: dict[str, Any], path: str) -> Iterator[Difference]:
    for name in a | b:
        place = f"{path}/{member(name)}"
        if name not in b:
            yield Difference(place, DifferenceKind.MISSING, mask(a[name]), "")
        elif name not in a:
            yield Difference(place, DifferenceKind.EXTRA, "", mask(b[name]))
        else:
            yield from compared(a[name], b[name], place)


def _arrays(a: list[Any], b: list[Any], path: str) -> Iterator[Difference]:
    place = f"{path}/*"
    left, right = [_canonical(each) for each in a], [_canonical(each) for each in b]
    if left == right:
        return
    if Counter(left) == Counter(right):
        yield Difference(place, DifferenceKind.ORDER, mask(a), mask(b))
        return
    ids = _ids(a), _ids(b)
    if ids[0] and ids[1]:
        yield from _by_id(
            dict(zip(ids[0], a, strict=True)), dict(zip(ids[1], b, strict=True)), place
        )
    else:
        yield from _by_place(*_trimmed(a, b, left, right), place)


def _by_id(a: dict[str, Any], b: dict[str, Any], place: str) -> Iterator[Difference]:
    common = [each for each in a if each in b]
    if common != [each for each in b if each in a]:
        yield Difference(place, DifferenceKind.ORDER, f"array of {len(a)}", f"array of {len(b)}")
    for each in a:
        if each not in b:
            yield Difference(place, DifferenceKind.MISSING, mask(a[each]), "")
    for each in b:
        if each not in a:
            yield Difference(place, DifferenceKind.EXTRA, "", mask(b[each]))
    for each in common:
        yield from compared(a[each], b[each], place)


def _by_place(a: Sequence[Any], b: Sequence[Any], place: str) -> Iterator[Difference]:
    shared = min(len(a), len(b))
    for mine, others in zip(a[:shared], b[:shared], strict=True):
        yield from compared(mine, others, place)
    for each in a[shared:]:
        yield Difference(place, DifferenceKind.MISSING, mask(each), "")
    for each in b[shared:]:
        yield Difference(place, DifferenceKind.EXTRA, "", mask(each))


def _trimmed(
    a: list[Any], b: list[Any], left: list[str], right: list[str]
) -> tuple[Sequence[Any], Sequence[Any]]:
    """Both without what they begin and end with in common."""
    shared = min(len(a), len(b))
    first = next((at for at in range(shared) if left[at] != right[at]), shared)
    last = next(
        (at for at in range(shared - first) if left[-1 - at] != right[-1 - at]), shared - first
    )
    return a[first : len(a) - last], b[first : len(b) - last]


def _ids(elements: list[Any]) -> list[str] | None:
    """The elements' ids, where each has one of its own."""
    ids = [each.get("id") if isinstance(each, dict) else None for each in elements]
    if not all(isinstance(each, str) for each in ids) or len(set(ids)) != len(ids):
        return None
    return [str(each) for each in ids]


def _canonical(value: Any) -> str:
    return json.dumps(_told_apart(value), sort_keys=True)


def _told_apart(value: Any) -> Any:
    """The value with numbers that are no integers told from texts."""
    match value:
        case Real():
            return {"": str(value)}
        case dict():
            return {name: _told_apart(each) for name, each in value.items()}
        case list():
            return [_told_apart(each) for each in value]
    return value
