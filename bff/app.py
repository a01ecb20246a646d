"""The web app's backend, put together: read this first.

A request passes the access log, then the guard (header, build), then its route; a page's route
looks the person up and shows one view model, read in one snapshot.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from bff import (
    case,
    contract,
    decision,
    documents,
    inbox,
    pages,
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
from core import db
from core.access_log import AccessLog
from core.documents import Blobs
from core.errors import Unavailable
from core.settings import Settings

PAGES = (sessions, inbox, case, transactions, documents, pages, report, decision, usage)


class Bff:
    """The ASGI application; it knows whether it can do its work."""

    def __init__(self, settings: Settings, dist: Path) -> None:
        self._settings = settings
        self._opened: State | None = None
        spoken = contract.fingerprint()
        routes = [route for each in PAGES for route in each.ROUTES]
        app = Starlette(
            routes=[*routes, *static.routes(dist)],
            exception_handlers=HANDLERS,
            lifespan=self._lifespan,
        )
        app.router.redirect_slashes = False
        self._app = AccessLog(Guard(app, static.build_of(dist, spoken), spoken), "bff")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    async def ready(self) -> None:
        """Raise Unavailable naming what is missing."""
        if self._opened is None:
            raise Unavailable("The web app is starting.")
        await self._opened["db"].require_revisions()
        await self._opened["blobs"].require_reachable()

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[State]:
        settings = self._settings
        connections = settings.database_connections
        async with db.connected(settings.database_url, connections, "beleg-bff") as database:
            self._opened = State(
                settings=settings,
                db=database,
                blobs=Blobs(settings.blob_url, settings.document_limit_bytes),
                attempts=Throttle(ATTEMPTS, SECONDS),
            )
            yield self._opened
            self._opened = None


def build(settings: Settings, dist: Path = DIST) -> Bff:
    """The web app and its backend, as the settings say."""
    return Bff(settings, dist)
