"""How version 2 says no: RFC 9457, the same condition always with the same status and type."""

from core import errors
from core.errors import Refused
from core.idempotency import KeyReused
from public_api import refusals
from public_api.messages import Headers, Response
from public_api.v2.wire import dump

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


def kind_of(code: str) -> str:
    """The stable URI that stands for a refusal's code."""
    return f"/problems/{code.replace('_', '-')}"


def problem(refusal: Refused) -> Response:
    """The refusal as this version says it; looked up along its kind's ancestors."""
    kind = next(each for each in type(refusal).__mro__ if each in TABLE)
    status, title = TABLE[kind]
    body: dict[str, object] = {
        "type": kind_of(refusal.code),
        "title": title,
        "status": status,
        "detail": refusal.detail,
    }
    if isinstance(refusal, errors.Invalid):
        body["errors"] = [
            {"pointer": each.pointer, "detail": each.detail} for each in refusal.complaints
        ]
    return Response(status, dump(body), (("Content-Type", MEDIA_TYPE), *_headers(refusal)))


def _headers(refusal: Refused) -> Headers:
    """What a refusal says in headers, beside its body."""
    match refusal:
        case errors.Unauthenticated():
            return (("WWW-Authenticate", 'Bearer realm="beleg"'),)
        case errors.Unavailable():
            return (("Retry-After", str(refusals.RETRY_SECONDS)),)
        case refusals.TooManyCalls():
            return (("Retry-After", str(refusal.seconds)),)
        case refusals.VersionGone(seconds=int(seconds)):
            return (("Retry-After", str(seconds)),)
        case refusals.NoSuchMethod():
            return (("Allow", refusal.allowed),)
        case refusals.NotAcceptable():
            return (("Vary", "Accept"),)
        case refusals.WrongMediaType():
            return (("Accept-Patch", ", ".join(refusal.accepted)),)
        case refusals.NoSuchRange():
            return (("Content-Range", f"bytes */{refusal.size}"),)
    return ()
