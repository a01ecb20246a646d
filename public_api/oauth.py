"""`POST /oauth/token` (RFC 6749, client credentials): a key for a token that lives for minutes."""

import base64
from datetime import timedelta
from urllib.parse import parse_qs, unquote_plus

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from core import errors, tokens
from core.clients import Caller
from core.db import Tx
from core.deadline import Deadline
from core.errors import Invalid, Refused, TooLarge, Unauthenticated
from core.sources import source_of
from public_api import refusals
from public_api.call import Dependencies
from public_api.limits import count_call
from public_api.refusals import NoSuchMethod, OurFault

PATH = "/oauth/token"
LONGEST_BODY = 8 * 1024
FORM = "application/x-www-form-urlencoded"
_TOKENS = "tokens"
"""What tokens are counted as: as many a minute and a day as the client has calls, beside those."""
NOT_KEPT = {"Cache-Control": "no-store"}
OTHERS = (400, "invalid_request")
TABLE: dict[type[Refused], tuple[int, str]] = {
    errors.Unauthenticated: (401, "invalid_client"),
    errors.Forbidden: (403, "unauthorized_client"),
    errors.NotFound: (404, "invalid_request"),
    errors.Conflict: (409, "temporarily_unavailable"),
    errors.TooLarge: (413, "invalid_request"),
    errors.Unavailable: (503, "temporarily_unavailable"),
    refusals.NoSuchMethod: (405, "invalid_request"),
    refusals.VersionGone: (410, "unauthorized_client"),
    refusals.UpgradeRequired: (426, "unauthorized_client"),
    refusals.TooManyCalls: (429, "temporarily_unavailable"),
    refusals.OurFault: (500, "server_error"),
}
"""How each kind is said here, looked up along its ancestors; what is none of these is OTHERS."""
log = structlog.get_logger()


class TokenEndpoint:
    """Gives an access token for a client's id and key."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["route"] = PATH
        try:
            response = await _respond(scope, receive)
        except ClientDisconnect:
            return
        await response(scope, receive, send)


async def _respond(scope: Scope, receive: Receive) -> Response:
    dependencies: Dependencies = scope["state"]["dependencies"]
    try:
        async with Deadline(dependencies.settings.request_seconds) as deadline:
            return await _granted(Request(scope, deadline.uncounted(receive)))
    except Refused as refusal:
        return _refused(refusal)
    except ClientDisconnect:
        raise
    except Exception:
        log.exception("request_failed", path=PATH)
        return _refused(OurFault(scope["state"]["request_id"]))


async def _granted(request: Request) -> Response:
    if request.method != "POST":
        raise NoSuchMethod(["POST"])
    form = await _form(request)
    if form.get("grant_type") != "client_credentials":
        return _error(400, "unsupported_grant_type", _what_is_missing(request, form))
    return await _issued(request, form)


async def _form(request: Request) -> dict[str, str]:
    """The fields that were sent, whatever their media type is said to be; of several the last."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            raise TooLarge("The body is too large.")
    return {name: values[-1] for name, values in parse_qs(body.decode("latin-1")).items()}


def _what_is_missing(request: Request, form: dict[str, str]) -> str:
    media_type = request.headers.get("content-type", FORM).partition(";")[0].strip().lower()
    if "grant_type" not in form and media_type != FORM:
        return f"grant_type: client_credentials; send the fields as {FORM}"
    return "grant_type: client_credentials"


async def _issued(request: Request, form: dict[str, str]) -> Response:
    dependencies: Dependencies = request.scope["state"]["dependencies"]
    await dependencies.db.require_revisions()
    address = request.client.host if request.client else None
    client_id, key = _credentials(request.headers.get("authorization", ""), form)
    caller = await _authenticated(dependencies, source_of(address), client_id, key)
    (await count_call(dependencies.limits, caller, _TOKENS)).require_left()
    caller.require_address(address)
    seconds = form.get("expires_in", str(int(tokens.SHORTEST.total_seconds())))
    lasts = timedelta(seconds=int(seconds[:9]) if seconds.isascii() and seconds.isdecimal() else 0)
    wanted = form["scope"].split() if "scope" in form else None

    async def work(tx: Tx) -> tuple[str, list[str]]:
        return await tokens.issue(tx, caller, key, wanted, lasts)

    token, scopes = await dependencies.db.write(work)
    body = {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": int(lasts.total_seconds()),
        "scope": " ".join(scopes),
    }
    return JSONResponse(body, headers=NOT_KEPT)


async def _authenticated(
    dependencies: Dependencies, source: str, client_id: str, key: str
) -> Caller:
    """Whose id and key these are; too many wrong ones of a source or an id are refused unread."""
    callers, failures = dependencies.callers, dependencies.failures
    names = (source, f"client:{client_id[:64]}")
    if not callers.knows(key):
        failures.require_room(*names)
    try:
        caller = await callers.by_key(key)
        if str(caller.client_id) != client_id:
            raise Unauthenticated("The client's id or key is wrong.")
    except Unauthenticated:
        failures.count(*names)
        raise
    return caller


def _credentials(authorization: str, form: dict[str, str]) -> tuple[str, str]:
    """The client's id and key, by Basic authentication or in the form."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        client_id, _, key = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:  # none of base64's characters, no base64, or no text in it
        raise Unauthenticated("The Basic credentials cannot be read.") from None
    return unquote_plus(client_id), unquote_plus(key)


def _refused(refusal: Refused) -> Response:
    """The refusal in OAuth's shape, by its kind; only what is really away is 503."""
    status, code = next((TABLE[kind] for kind in type(refusal).__mro__ if kind in TABLE), OTHERS)
    description, headers = refusal.detail, {}
    if isinstance(refusal, Unauthenticated):
        description, headers = "The client's id or key is wrong.", {"WWW-Authenticate": "Basic"}
    elif isinstance(refusal, Invalid) and refusal.complaints[0].pointer == "/scope":
        code = "invalid_scope"
    elif isinstance(refusal, NoSuchMethod):
        headers = {"Allow": refusal.allowed}
    elif isinstance(refusal, errors.Unavailable):
        headers = {"Retry-After": "5"}
    elif isinstance(refusal, refusals.TooManyCalls):
        headers = {"Retry-After": str(refusal.seconds)}
    return _error(status, code, description, headers)


def _error(
    status: int, code: str, description: str, more: dict[str, str] | None = None
) -> Response:
    body = {"error": code, "error_description": description}
    return JSONResponse(body, status, {**NOT_KEPT, **(more or {})})


ROUTE = Route(PATH, TokenEndpoint())
