"""The web app's backend, put together: read this first.

A request passes the access log, then the guard (header, build), then its route; a page's route
looks the person up, asks for the page's permission, and shows one view model, read in one snapshot.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from bff import (
    case,
    contract,
    decision,
    documents,
    inbox,
    page_images,
    report,
    sessions,
    static,
    transactions,
    usage,
)
from bff.guard import Guard
from bff.responses import HANDLERS
from bff.sessions import ATTEMPTS, SECONDS
from bff.state import State
from bff.static import DIST
from bff.throttle import Throttle
from core import builds
from core.access_log import AccessLog
from core.connecting import connected
from core.documents import BlobStore
from core.errors import Unavailable
from core.identity import require_identity
from core.settings import Settings

PAGES = (sessions, inbox, case, transactions, documents, page_images, report, decision, usage)
ADDRESSES = ("/", "/cases/{id}", "/usage")
"""Where a browser may open the web app: the paths in its `src/pages/index.ts`."""


class Bff:
    """The ASGI application; it knows whether it can do its work."""

    def __init__(self, settings: Settings, dist: Path) -> None:
        self._settings = settings
        self._state: State | None = None
        fingerprint = contract.fingerprint()
        app = Starlette(
            routes=routes(dist),
            exception_handlers=HANDLERS,
            lifespan=self._lifespan,
        )
        app.router.redirect_slashes = False
        guard = Guard(app, static.build_of(dist, fingerprint), fingerprint)
        self._app = AccessLog(guard, "bff", settings.trusted_hops)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    async def ready(self) -> None:
        """Raise Unavailable naming what is missing."""
        if self._state is None:
            raise Unavailable("The web app is starting.")
        await self._state["db"].require_answer()
        await require_identity(self._state["db"].apart, self._state["blobs"])

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[State]:
        settings = self._settings
        connections = settings.database_connections
        build = builds.named(settings.build)
        name = builds.session_name(build, "bff")
        async with (
            connected(settings.database_url, connections, name) as database,
            builds.Heartbeat(database, "bff", build),
        ):
            self._state = State(
                settings=settings,
                db=database,
                blobs=BlobStore(settings.blob_url, settings.document_limit_bytes),
                throttle=Throttle(ATTEMPTS, SECONDS),
            )
            yield self._state
            self._state = None


def routes(dist: Path) -> list[BaseRoute]:
    """Everything that can be called: what pages ask for, and the built web app itself."""
    return [*(route for page in PAGES for route in page.ROUTES), *static.routes(dist, ADDRESSES)]


def build(settings: Settings, dist: Path = DIST) -> Bff:
    """The web app and its backend, as the settings say."""
    return Bff(settings, dist)
