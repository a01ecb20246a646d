"""Which web pages may call: those of the origins that the operator names, and no others.

No cookie is ever taken here, so credentials in the browser's sense are not allowed.
"""

from collections.abc import Collection, Iterable, Mapping

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from public_api.call import Dependencies
from public_api.versions import Version

PREFLIGHT = b"access-control-request-method"
METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST")
ALLOWED = (
    "App-Version",
    "Authorization",
    "Content-Disposition",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Range",
    "Request-Id",
)
EXPOSED = (
    "Accept-Patch",
    "Accept-Ranges",
    "Allow",
    "Beleg-Brownout",
    "Beleg-Version",
    "Content-Disposition",
    "Content-Range",
    "Deprecation",
    "ETag",
    "Idempotent-Replayed",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Request-Id",
    "Retry-After",
    "Sunset",
    "WWW-Authenticate",
)
REMEMBERED_SECONDS = 600


class Cors(CORSMiddleware):
    """Answers what a browser asks before it calls, and marks each answer a page may read."""

    def __init__(
        self, app: ASGIApp, origins: Collection[str], version_headers: Mapping[str, dict[str, str]]
    ) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_methods=METHODS,
            allow_headers=ALLOWED,
            expose_headers=EXPOSED,
            max_age=REMEMBERED_SECONDS,
        )
        self._version_headers = version_headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asks = scope["type"] == "http" and scope["method"] == "OPTIONS"
        if asks and {b"origin", PREFLIGHT} <= {name for name, _ in scope["headers"]}:
            scope["state"]["route"] = "preflight"
            response = self.preflight_response(Headers(scope=scope))
            name = "".join(scope["path"].split("/")[1:2])
            response.headers.update(self._version_headers.get(name, {}))
            dependencies: Dependencies = scope["state"]["dependencies"]
            response.headers.update(dict(dependencies.lifecycle.announcement(name)))
            await response(scope, receive, send)
            return
        await super().__call__(scope, receive, send)


def with_cors(app: ASGIApp, origins: Collection[str], versions: Iterable[Version]) -> ASGIApp:
    """The application as pages of these origins may call it; itself where there are none."""
    version_headers = {version.name: dict(version.headers()) for version in versions}
    return Cors(app, origins, version_headers) if origins else app
