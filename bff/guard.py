"""What holds for every request of the web app, before any page is asked.

Only our own pages can send the static header (another site would need our leave by CORS, which
nobody gets), so together with SameSite no one else's page can act for a person. A web app of
another build is answered only while both mean the same by what they say.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bff.requests import require_sane
from bff.responses import error_response, reload_response
from core.errors import Invalid

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # the component library sets sizes by style elements
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Refuses strangers' calls and stale web apps; stamps every response with the build."""

    def __init__(self, app: ASGIApp, build: str, contract: str) -> None:
        self._app = app
        self._build = build
        self._contract = contract

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        asked = scope["path"].startswith("/bff/")

        async def send_stamped(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Beleg-Build"] = self._build
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if asked:  # what is said of a case or a person is nobody's to keep
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        refusal = self._refusal(scope)
        await (refusal or self._app)(scope, receive, send_stamped)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        try:
            require_sane(scope["path"], scope["query_string"])
        except Invalid as refusal:
            return error_response(422, refusal.code, refusal.detail)
        if not scope["path"].startswith("/bff/"):
            return None
        headers = Headers(scope=scope)
        if headers.get("X-Beleg") != "1":
            return error_response(403, "header_missing", "Calls carry the header X-Beleg: 1.")
        build = headers.get("Beleg-Build")
        if build is not None and build.rpartition("-")[2] != self._contract:
            return reload_response()
        return None
