"""What a request has that is taken and should not be sent: looked for, never refused.

Nearly all requests have none of it, so each is looked at no longer than it takes to see that.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson
from starlette import types as asgi

from core.irregularities import Irregularity

RAW = "application/octet-stream"
LARGEST_SEARCHED = 64 * 1024
"""How long a JSON body may be to be searched for members that are said twice."""
SINGLE = frozenset(
    (
        *(b"authorization", b"content-type", b"idempotency-key", b"if-match", b"if-none-match"),
        *(b"if-range", b"range", b"accept", b"accept-language", b"app-version"),
    )
)
"""Headers that are heeded; of those that come twice only the last is."""
OVERRIDES = ("x-http-method-override", "x-http-method", "x-method-override")
_BOM = b"\xef\xbb\xbf"
_CHARSET = re.compile(r"charset\s*=\s*\"?(?!utf-?8\b)", re.IGNORECASE)


class DeclaredInput(NamedTuple):
    """What an operation's document names: query parameters, media types, parts of the form."""

    query: frozenset[str] = frozenset()
    media_types: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()


class _SaidTwice(Exception):
    """An object has two members of one name."""


def in_head(
    declared: DeclaredInput, scope: asgi.Scope, headers: Mapping[str, str]
) -> Iterator[Irregularity]:
    """What the head of a request has that its operation's document does not name."""
    if scope["query_string"]:
        yield from _in_query(scope["query_string"].decode("latin-1"), declared.query)
    if len(headers) != len(scope["headers"]) and _is_repeated(scope["headers"]):
        yield Irregularity.REPEATED_HEADER
    if declared.media_types:
        media_type = headers.get("content-type", "")
        if media_type not in declared.media_types:
            yield from _in_media_type(media_type, declared.media_types)
        if headers.get("content-encoding", "identity") != "identity":
            yield Irregularity.OTHER_ENCODING
    elif headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
        yield Irregularity.UNEXPECTED_BODY
    if "  " in headers["authorization"]:
        yield Irregularity.SPACED_TOKEN
    for name in OVERRIDES:
        if name in headers:
            yield Irregularity.METHOD_OVERRIDE


def in_json(body: bytes) -> Iterator[Irregularity]:
    """What the text of a JSON body has: another encoding than UTF-8, a member twice."""
    if body[:3] == _BOM or b"\0" in body[:4]:
        yield Irregularity.OTHER_ENCODING
    if len(body) <= LARGEST_SEARCHED and _may_say_twice(body) and _says_twice(body):
        yield Irregularity.REPEATED_MEMBER


def _in_query(raw: str, known: frozenset[str]) -> Iterator[Irregularity]:
    names = [each.partition("=")[0] for each in raw.split("&")]
    if known.issuperset(names) and len(set(names)) == len(names):
        return
    names = [name for name, _ in parse_qsl(raw, keep_blank_values=True)]  # as it will be read
    if not known.issuperset(names):
        yield Irregularity.UNKNOWN_PARAMETER
    if len(set(names)) != len(names):
        yield Irregularity.REPEATED_PARAMETER


def _is_repeated(headers: Sequence[tuple[bytes, bytes]]) -> bool:
    names = [name for name, _ in headers if name in SINGLE]
    return len(set(names)) != len(names)


def _in_media_type(media_type: str, declared: frozenset[str]) -> Iterator[Irregularity]:
    bare, _, parameters = media_type.partition(";")
    # Raw bytes may be of any type: it says what they are.
    if RAW not in declared and bare.strip().lower() not in declared:
        yield Irregularity.OTHER_MEDIA_TYPE
    if parameters and _CHARSET.search(parameters):
        yield Irregularity.OTHER_ENCODING


def _may_say_twice(body: bytes) -> bool:
    """Whether as many members as are written are left once it is read: a quick look."""
    try:
        return body.count(b'":') != _members(orjson.loads(body))
    except (ValueError, RecursionError):
        return True


def _members(value: Any) -> int:
    if isinstance(value, dict):
        return len(value) + sum(map(_members, value.values()))
    return sum(map(_members, value)) if isinstance(value, list) else 0


def _says_twice(body: bytes) -> bool:
    try:
        json.loads(body, object_pairs_hook=_require_once)
    except _SaidTwice:
        return True
    except (ValueError, RecursionError):
        pass
    return False


def _require_once(members: list[tuple[str, object]]) -> None:
    if len({name for name, _ in members}) != len(members):
        raise _SaidTwice
