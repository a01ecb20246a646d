"""The one line and the one observation that every request leaves, whichever face served it.

A plain ASGI layer, the only part of core that sees a request: it wraps `send` to see the status
and adds the request id, and says where the call comes from where proxies of ours stand before it.
Only the faces import it. The face names the route's template in `scope["state"]["route"]`; without
it the request counts as `unmatched`.
"""

import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from ipaddress import ip_address
from random import getrandbits
from typing import Any

from core import telemetry

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HUNG_UP = 499
"""The status on record where the caller left before it had its whole answer, as in nginx."""
STRICT = (b"strict-transport-security", b"max-age=31536000")
"""Said behind TLS: a browser that was here once comes by TLS only, for a year."""
SHORTEST, LONGEST = 8, 128
"""How many characters the id of a request has that a caller chose."""
_OF_EDGE = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_SANE = re.compile(rb"[A-Za-z0-9._:-]{%d,%d}\Z" % (SHORTEST, LONGEST))


class AccessLog:
    """Gives each request an id, and tells how it went."""

    def __init__(self, app: App, name: str, trusted_hops: int = 0) -> None:
        self._app = app
        self._name = name
        self._trusted_hops = trusted_hops

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._trusted_hops:
            _believe(scope, self._trusted_hops)
        secure = _is_secure(scope, self._trusted_hops)
        started, status, ended = time.perf_counter(), 500, False
        request_id = _request_id(scope, self._trusted_hops)
        state = dict(scope.get("state") or {})
        state["request_id"] = request_id.decode()
        scope["state"] = state

        async def send_with_id(message: Message) -> None:
            nonlocal status, ended
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", ()), (b"request-id", request_id)]
                message["headers"] = [*headers, STRICT] if secure else headers
            elif not message.get("more_body"):
                ended = True
            await send(message)

        token = telemetry.REQUEST_ID.set(state["request_id"])
        try:
            await self._app(scope, receive, send_with_id)
            if not ended:  # only where nobody is there who would read on
                status = HUNG_UP
        finally:
            telemetry.REQUEST_ID.reset(token)
            seconds = time.perf_counter() - started
            path = state.get("route", telemetry.UNMATCHED)
            telemetry.observe(self._name, scope["method"], path, status, seconds)
            telemetry.log_request(
                {
                    "event": "request",
                    "app": self._name,
                    "method": scope["method"],
                    "path": path,
                    "status": status,
                    "ms": round(seconds * 1000, 2),
                    **state.get("line", {}),
                    "request_id": state["request_id"],
                }
            )


def _is_secure(scope: Scope, hops: int) -> bool:
    """Whether the caller came by TLS, as seen by us or by the outermost proxy of ours."""
    if scope.get("scheme") == "https":
        return True
    if not hops:
        return False
    said = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-proto")
    return said.split(b",")[0].strip() == b"https"


def _believe(scope: Scope, hops: int) -> None:
    """Let the caller be whom the last so many proxies, all of them ours, have seen.

    Each adds at the right whom it was called by, so what stands further left is the caller's own
    word. A call that came by fewer of them is of whoever made it.
    """
    said = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
    seen = said.decode("latin-1").split(",")
    if len(seen) < hops:
        return
    try:
        scope["client"] = (str(ip_address(seen[-hops].strip())), 0)
    except ValueError:
        return


def _request_id(scope: Scope, hops: int) -> bytes:
    """The caller's, if it is a sane one; else the edge's, where there is one; else a new one."""
    for name, value in scope["headers"]:
        if name == b"request-id" and _SANE.match(value):
            return bytes(value)
    if hops:
        for name, value in scope["headers"]:
            if name == b"x-request-id" and _OF_EDGE.match(value):
                return bytes(value.replace(b"-", b""))
    return b"%032x" % getrandbits(128)
