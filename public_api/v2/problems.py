"""How version 2 says no: RFC 9457, the same condition always with the same status and type."""

from collections.abc import Callable, Mapping
from typing import Any

from core import errors
from core.errors import Refused
from core.idempotency import KeyReused
from public_api import refusals
from public_api.v2.wire import dump
from public_api.versions import Headers, Response

MEDIA_TYPE = "application/problem+json"
TABLE: dict[type[Refused], tuple[int, str]] = {
    errors.NotFound: (404, "Not found"),
    errors.Unauthenticated: (401, "Who calls is not known"),
    errors.Forbidden: (403, "Not permitted"),
    errors.Conflict: (409, "Not possible now"),
    errors.Stale: (412, "Changed since it was read"),
    errors.TooLarge: (413, "Too large"),
    errors.Invalid: (422, "Not valid"),
    errors.Unreadable: (422, "Not readable"),
    errors.Unavailable: (503, "Not available now"),
    KeyReused: (422, "Idempotency-Key used before"),
    refusals.Malformed: (400, "Malformed"),
    refusals.NoSuchMethod: (405, "Method not allowed"),
    refusals.NotAcceptable: (406, "Not offered in any form that is taken"),
    refusals.WrongMediaType: (415, "Media type not taken"),
    refusals.NoPrecondition: (428, "If-Match is needed"),
    refusals.NoSuchRange: (416, "No such range"),
    refusals.TooManyCalls: (429, "Too many calls"),
    refusals.VersionGone: (410, "Version no longer served"),
    refusals.UpgradeRequired: (426, "App build no longer served"),
    refusals.OurFault: (500, "An error of ours"),
}
_HEADERS: Mapping[type[Refused], Callable[[Any], Headers]] = {
    errors.Unauthenticated: lambda _: (("WWW-Authenticate", 'Bearer realm="beleg"'),),
    errors.Unavailable: lambda _: (("Retry-After", "5"),),
    refusals.TooManyCalls: lambda it: (("Retry-After", str(it.seconds)),),
    refusals.NoSuchMethod: lambda it: (("Allow", it.allowed),),
    refusals.NotAcceptable: lambda _: (("Vary", "Accept"),),
    refusals.WrongMediaType: lambda it: (("Accept-Patch", ", ".join(it.taken)),),
    refusals.NoSuchRange: lambda it: (("Content-Range", f"bytes */{it.size}"),),
}


def kind_of(code: str) -> str:
    """The stable URI that stands for a refusal's code."""
    return f"/problems/{code.replace('_', '-')}"


def problem(refusal: Refused) -> Response:
    """The refusal as this version says it; looked up along its kind's ancestors."""
    kind = next(each for each in type(refusal).__mro__ if each in TABLE)
    status, title = TABLE[kind]
    said: dict[str, Any] = {
        "type": kind_of(refusal.code),
        "title": title,
        "status": status,
        "detail": refusal.detail,
    }
    if isinstance(refusal, errors.Invalid):
        said["errors"] = [
            {"pointer": each.pointer, "detail": each.detail} for each in refusal.complaints
        ]
    more = _HEADERS[kind](refusal) if kind in _HEADERS else ()
    return Response(status, dump(said), (("Content-Type", MEDIA_TYPE), *more))
