"""The web app's backend, put together: read this first.

A request passes the access log, then the guard (header, build), then its route; a page's route
looks the person up, asks for the page's permission, and shows one view model, read in one snapshot.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg
import structlog
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send
from starlette_compress import CompressMiddleware

from bff import (
    accounts,
    browser_errors,
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
from bff.state import State
from bff.static import DIST
from bff.throttle import Throttle
from core import builds, tracing
from core.access_log import AccessLog
from core.accesses import FLUSH_SECONDS, Accesses
from core.bundles import BundleStore
from core.connecting import connected
from core.documents import BlobStore, QuotaGuard, Quotas
from core.errors import Refused, Unavailable
from core.health import Health, look
from core.identity import require_identity
from core.notices import notices
from core.request_spans import with_spans
from core.settings import Settings

PAGES = (
    sessions,
    inbox,
    case,
    accounts,
    transactions,
    documents,
    page_images,
    report,
    decision,
    usage,
)
ADDRESSES = ("/", "/cases/{id}", "/usage")
"""Where a browser may open the web app: the paths in its `src/pages/index.ts`."""
PUBLISH_SECONDS, AGAIN_SECONDS, STAY_SECONDS = 60.0, 30.0, 3600.0
log = structlog.get_logger()


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
        self._dist = dist
        self._web_build = f"{static.build_of(dist, fingerprint)}-{fingerprint}"
        self._published = asyncio.Event()
        guard = Guard(CompressMiddleware(app), self._web_build, fingerprint)
        self._app = with_spans(AccessLog(guard, "bff", settings.trusted_hops), settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    async def ready(self) -> None:
        """Raise Unavailable naming what is missing."""
        (await self.health()).require()

    async def health(self) -> Health:
        """How what the web app stands on is."""
        if self._state is None:
            raise Unavailable("The web app is starting.")
        more = {"web_files": self._require_published, "records": self._records}
        return await look(self._state["db"], self._state["blobs"], more)

    async def _require_published(self) -> None:
        if not self._published.is_set():
            raise Unavailable("The web app's files are being put where other builds find them.")

    async def _records(self) -> str | None:
        assert self._state is not None  # noqa: S101 - it is looked at once it has started
        return await notices(self._state["db"].apart, self._settings)

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[State]:
        settings = self._settings
        connections = settings.database_connections
        build = builds.named(settings.build)
        name = builds.session_name(build, "bff")
        async with (
            tracing.exporting(settings, "bff", build),
            connected(
                settings.database_url,
                connections,
                name,
                statement_seconds=settings.request_seconds,
            ) as database,
            builds.Heartbeat(database, "bff", build),
        ):
            self._state = State(
                settings=settings,
                db=database,
                blobs=BlobStore(settings.blob_url, settings.document_limit_bytes),
                quotas=QuotaGuard(database, Quotas.of(settings)),
                accesses=Accesses(),
                bundles=BundleStore(settings.blob_url),
                web_build=self._web_build,
                error_reports=Throttle(browser_errors.MOST, browser_errors.SECONDS),
            )
            publishing = asyncio.create_task(self._keep_published(self._state, build))
            writing = asyncio.create_task(_write_accesses(self._state))
            yield self._state
            for task in (publishing, writing):
                task.cancel()
            await asyncio.gather(publishing, writing, return_exceptions=True)
            with suppress(Refused):
                await self._state["accesses"].flush(database)
            self._state = None

    async def _keep_published(self, state: State, build: str) -> None:
        """Put the web app's files where other builds find them, and see that they stay there.

        A store that is away, or not this instance's, keeps nobody from being served.
        """
        files = await asyncio.to_thread(static.files, self._dist)
        while True:
            seconds = AGAIN_SECONDS
            try:
                await require_identity(state["db"].apart, state["blobs"])
                async with asyncio.timeout(PUBLISH_SECONDS):
                    added = await state["bundles"].publish(build, files)
                log.info("web_app_published", build=build, files=len(files), added=added)
                seconds = STAY_SECONDS
            except Exception as problem:
                log.warning("web_app_not_published", problem=type(problem).__name__)
            self._published.set()
            await asyncio.sleep(seconds)


async def _write_accesses(state: State) -> None:
    """Write every second who looked at what, for ever."""
    while True:
        await asyncio.sleep(FLUSH_SECONDS)
        try:
            await state["db"].require_revisions()
            await state["accesses"].flush(state["db"])
        except (Refused, asyncpg.PostgresError, asyncpg.InterfaceError) as problem:
            log.warning("accesses_not_written", problem=type(problem).__name__)


def routes(dist: Path) -> list[BaseRoute]:
    """Everything that can be called: what pages ask for, and the built web app itself."""
    asked = [route for page in PAGES for route in page.ROUTES]
    return [*asked, *browser_errors.ROUTES, *static.routes(dist, ADDRESSES)]


def build(settings: Settings, dist: Path = DIST) -> Bff:
    """The web app and its backend, as the settings say."""
    return Bff(settings, dist)
