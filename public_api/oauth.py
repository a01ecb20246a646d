"""`POST /oauth/token` (RFC 6749, client credentials): a key for a token that lives for minutes."""

import base64
import binascii
from datetime import timedelta
from urllib.parse import parse_qs, unquote_plus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core import tokens
from core.db import Tx
from core.errors import Invalid, Refused, Unauthenticated
from public_api.call import Dependencies

LONGEST_BODY = 8 * 1024
NOT_KEPT = {"Cache-Control": "no-store"}


async def issue(request: Request) -> Response:
    """Give an access token for a client's id and key."""
    request.scope["state"]["route"] = "/oauth/token"
    dependencies: Dependencies = request.scope["state"]["dependencies"]
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            return _error(413, "invalid_request", "The body is too large.")
    form = {name: values[-1] for name, values in parse_qs(body.decode("latin-1")).items()}
    if form.get("grant_type") != "client_credentials":
        return _error(400, "unsupported_grant_type", "grant_type: client_credentials")
    try:
        await dependencies.db.require_revisions()
        return await _issued(dependencies, request, form)
    except Unauthenticated:
        return _error(401, "invalid_client", "The client's id or key is wrong.")
    except Invalid as refusal:
        wrong_scope = refusal.complaints[0].pointer == "/scope"
        return _error(400, "invalid_scope" if wrong_scope else "invalid_request", refusal.detail)
    except Refused as refusal:
        return _error(503, "temporarily_unavailable", refusal.detail)


async def _issued(dependencies: Dependencies, request: Request, form: dict[str, str]) -> Response:
    client_id, key = _credentials(request.headers.get("authorization", ""), form)
    caller = await dependencies.callers.by_secret(key)
    if str(caller.client_id) != client_id:
        raise Unauthenticated("The client's id or key is wrong.")
    caller.require_address(request.client.host if request.client else None)
    seconds = form.get("expires_in", str(int(tokens.SHORTEST.total_seconds())))
    lasts = timedelta(seconds=int(seconds[:9]) if seconds.isascii() and seconds.isdecimal() else 0)
    wanted = form["scope"].split() if "scope" in form else None

    async def work(tx: Tx) -> tuple[str, list[str]]:
        return await tokens.issue(tx, caller, wanted, lasts)

    token, scopes = await dependencies.db.write(work)
    body = {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": int(lasts.total_seconds()),
        "scope": " ".join(scopes),
    }
    return JSONResponse(body, headers=NOT_KEPT)


def _credentials(authorization: str, form: dict[str, str]) -> tuple[str, str]:
    """The client's id and key, by Basic authentication or in the form."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        client_id, _, key = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Unauthenticated("The Basic credentials cannot be read.") from None
    return unquote_plus(client_id), unquote_plus(key)


def _error(status: int, code: str, description: str) -> Response:
    body = {"error": code, "error_description": description}
    headers = {**NOT_KEPT, "WWW-Authenticate": "Basic"} if status == 401 else NOT_KEPT
    return JSONResponse(body, status, headers)


ROUTE = Route("/oauth/token", issue, methods=["POST"])
