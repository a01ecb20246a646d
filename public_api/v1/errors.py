"""How version 1 says no: a code and a message; validation is 400, and there is no 422."""

import orjson

from core import errors
from core.errors import Refused
from core.idempotency import KeyReused
from public_api import refusals
from public_api.messages import Headers, Response
from public_api.v1.wire import JSON

TABLE: dict[type[Refused], int] = {
    errors.NotFound: 404,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.Conflict: 409,
    errors.Stale: 409,
    errors.TooLarge: 413,
    errors.Invalid: 400,
    errors.Unreadable: 400,
    errors.Unavailable: 503,
    KeyReused: 409,
    refusals.Malformed: 400,
    refusals.NoSuchMethod: 405,
    refusals.NotAcceptable: 406,
    refusals.WrongMediaType: 415,
    refusals.NoPrecondition: 428,
    refusals.NoSuchRange: 416,
    refusals.TooManyCalls: 429,
    refusals.VersionGone: 410,
    refusals.UpgradeRequired: 426,
    refusals.OurFault: 500,
}
INVALID = {errors.Invalid, refusals.Malformed, errors.Unreadable}


def code_of(kind: type[Refused], code: str | None = None) -> str:
    """The code that stands for a kind of refusal; validation has one for all it may find."""
    return "invalid" if kind in INVALID else code or kind.code


def error(refusal: Refused) -> Response:
    """The refusal as this version says it; looked up along its kind's ancestors."""
    kind = next(each for each in type(refusal).__mro__ if each in TABLE)
    message, code = refusal.detail, code_of(kind, refusal.code)
    if isinstance(refusal, errors.Invalid):
        message = refusal.complaints[0].detail
    more: Headers = ()
    if isinstance(refusal, errors.Unauthenticated):
        more = (("WWW-Authenticate", 'Bearer realm="beleg"'),)
    elif isinstance(refusal, errors.Unavailable):
        more = (("Retry-After", str(refusals.RETRY_SECONDS)),)
    elif isinstance(refusal, refusals.TooManyCalls):
        more = (("Retry-After", str(refusal.seconds)),)
    elif isinstance(refusal, refusals.NoSuchMethod):
        more = (("Allow", refusal.allowed),)
    body = orjson.dumps({"error": {"code": code, "message": message}})
    return Response(TABLE[kind], body, JSON + more)
