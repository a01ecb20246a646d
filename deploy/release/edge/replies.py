"""What an edge says where no part of ours can: in the words of the version that was asked."""

from collections.abc import Mapping
import json
from functools import cache
from typing import Any

from bff.responses import RETRY_SECONDS
from core.errors import Refused, TooLarge, Unavailable
from deploy.release.edge.parts import Message, headers_set
from public_api.app import VERSIONS
from public_api.refusals import Malformed
from public_api.versions import Version

AWAY = "The API cannot be reached right now."
UNREADABLE = "The request's head is no HTTP, too large, or was not sent in time."
TOO_LARGE = "The request is too large."
WEB_AWAY = "The web app cannot be reached right now."
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Beleg</title>
<meta name="viewport" content="width=device-width">
<body style="font:1rem/1.5 sans-serif;max-width:34rem;margin:20vh auto;padding:0 1rem">
<p>Beleg cannot be reached right now. Nothing that was saved is lost; please try again in a moment.
<p lang="de">Beleg ist gerade nicht erreichbar. Nichts Gespeichertes geht verloren; bitte gleich noch
einmal versuchen.</html>
"""
REQUEST_ID = "%REQ(REQUEST-ID?X-REQUEST-ID):128%"
KINDS: Mapping[int, tuple[int, ...]] = {400: (400, 408, 426, 431), 413: (413,)}
"""What Envoy says itself, by what a version calls it; all else is 503."""


@cache
def refusals() -> dict[int, Refused]:
    """The refusal that stands for each status."""
    return {
        400: Malformed(UNREADABLE),
        413: TooLarge(TOO_LARGE),
        503: Unavailable(AWAY),
    }


def api_replies() -> Message:
    """The mappers of the API's listener; a path of no version is answered in the newest's words."""
    found = []
    for version in (*VERSIONS[1:], VERSIONS[0]):
        for status in (*KINDS, 503):
            named = None if version is VERSIONS[0] else version.name
            found.append(_mapper(_filters(status, named), *_said(version, status)))
    return {"mappers": found}


def web_replies() -> Message:
    """The mappers of the web app's listener: JSON for its calls, a page for people."""
    body = {"error": {"code": "unavailable", "message": WEB_AWAY}}
    more = {"Cache-Control": "no-store", "Retry-After": RETRY_SECONDS}
    called = {**more, "Content-Type": "application/json"}
    page = {**more, "Content-Type": "text/html; charset=utf-8"}
    return {
        "mappers": [
            _mapper([_path("/bff/"), _at_least(500)], 503, called, body),
            _mapper([_at_least(500)], 503, page, PAGE),
        ]
    }


def _said(version: Version, status: int) -> tuple[int, dict[str, str], Any]:
    response = version.problem(refusals()[status])
    headers = dict((*version.headers(), *response.headers))
    return response.status, headers, json.loads(response.body)


def _mapper(filters: list[Message], status: int, headers: Mapping[str, str], body: Any) -> Message:
    kept = {name: value for name, value in headers.items() if name.lower() != "content-type"}
    media_type = next(value for name, value in headers.items() if name.lower() == "content-type")
    text = {"text_format_source": {"inline_string": "%LOCAL_REPLY_BODY%"}}
    return {
        "filter": filters[0] if len(filters) == 1 else {"and_filter": {"filters": filters}},
        "status_code": status,
        "headers_to_add": headers_set({**kept, "Request-Id": REQUEST_ID}),
        "body": {"inline_string": body if isinstance(body, str) else _dumped(body)},
        "body_format_override": {**text, "content_type": media_type},
    }


def _dumped(body: Any) -> str:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)


def _filters(status: int, version: str | None) -> list[Message]:
    asked = [] if version is None else [_path(f"/{version}/")]
    if status == 503:
        return [*asked, _at_least(500)]
    codes: list[Message] = [_status("EQ", each) for each in KINDS[status]]
    return [*asked, codes[0] if len(codes) == 1 else {"or_filter": {"filters": codes}}]


def _path(prefix: str) -> Message:
    return {"header_filter": {"header": {"name": ":path", "string_match": {"prefix": prefix}}}}


def _at_least(status: int) -> Message:
    return _status("GE", status)


def _status(operator: str, status: int) -> Message:
    compared = {"default_value": status, "runtime_key": "none"}
    return {"status_code_filter": {"comparison": {"op": operator, "value": compared}}}
