"""How version 1 says no: a code and a message; validation is 400, and there is no 422."""

import orjson

from core import errors
from core.applications import ApplicationClosed, ApplicationStatus
from core.errors import Complaint, Refused
from core.idempotency import KeyReused
from core.webhooks import MOST_WEBHOOKS
from public_api import refusals
from public_api.messages import Headers, Response
from public_api.v1.applications import FIELD, STATUS
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
MESSAGES: dict[str, str] = {
    "too_many_webhooks": (
        f"A client may have {MOST_WEBHOOKS} callbacks; remove one that you do not need."
    ),
}
"""What a code says here, where core's own sentence has words that this version lacks."""
INVALID = {errors.Invalid, refusals.Malformed, errors.Unreadable}


def code_of(kind: type[Refused], code: str | None = None) -> str:
    """The code that stands for a kind of refusal; validation has one for all it may find."""
    return "invalid" if kind in INVALID else code or kind.code


def error(refusal: Refused) -> Response:
    """The refusal as this version says it; looked up along its kind's ancestors."""
    kind = next(each for each in type(refusal).__mro__ if each in TABLE)
    code = code_of(kind, refusal.code)
    more: Headers = ()
    if isinstance(refusal, errors.Unauthenticated):
        more = (("WWW-Authenticate", 'Bearer realm="beleg"'),)
    elif isinstance(refusal, errors.Unavailable):
        more = (("Retry-After", str(refusals.RETRY_SECONDS)),)
    elif isinstance(refusal, refusals.TooManyCalls | refusals.VersionGone) and refusal.seconds:
        more = (("Retry-After", str(refusal.seconds)),)
    elif isinstance(refusal, refusals.NoSuchMethod):
        more = (("Allow", refusal.allowed),)
    body = orjson.dumps({"error": {"code": code, "message": _message(refusal)}})
    return Response(TABLE[kind], body, JSON + more)


def _message(refusal: Refused) -> str:
    """What is said to people, in the words of this version."""
    if isinstance(refusal, errors.Invalid):
        return _worded(min(refusal.complaints, key=_place))
    if isinstance(refusal, ApplicationClosed):
        # Approved is said so since it was published, and so for ever.
        approved = refusal.status is ApplicationStatus.APPROVED
        return f"The application is {'approved' if approved else STATUS[refusal.status]} already."
    return MESSAGES.get(refusal.code, refusal.detail)


def _worded(complaint: Complaint) -> str:
    """What is wrong with a field, by the name that it has in this version."""
    name = FIELD.get(complaint.pointer)
    return f"{name}: {complaint.rule}" if name and complaint.rule else complaint.detail


def _place(complaint: Complaint) -> int:
    """Where a field stands among those of this version; of equals the first is told."""
    return _ORDER.get(complaint.pointer, 0)


_ORDER = {pointer: place for place, pointer in enumerate(FIELD)}
