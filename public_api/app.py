"""The public API, composed: the versions, where each is mounted, and what they stand on."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import asyncpg
import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from typing_extensions import TypedDict

from core import builds, tracing
from core.access_log import HUNG_UP, AccessLog
from core.accesses import Accesses
from core.callers import CallerCache
from core.connecting import connected
from core.db import REQUIRES
from core.documents import BlobStore, QuotaGuard, Quotas
from core.errors import Refused, Unavailable
from core.health import Health, look
from core.idempotency import KeysInFlight
from core.irregularities import IrregularityCounter
from core.keys import KeyRing
from core.notices import UNSEALED, notices
from core.request_spans import with_spans
from core.settings import Settings
from core.usage import FLUSH_SECONDS, CallCounter
from core.vault import Vault
from public_api import compatibility, cors, limits, oauth, shadow
from public_api.call import Dependencies
from public_api.docs import Docs
from public_api.lifecycle import LifecycleCache
from public_api.metering import FailureMeter
from public_api.oidc import Provider
from public_api.openapi import as_file
from public_api.paths import Paths
from public_api.resource import document, not_found, resources
from public_api.v1.version import V1
from public_api.v2.version import V2
from public_api.versions import Version

VERSIONS = (V2, V1)
log = structlog.get_logger()


class State(TypedDict):
    """What the lifespan gives to every request."""

    dependencies: Dependencies


class VersionRouter:
    """Sends what is asked of a version straight to its resource, and all else on."""

    def __init__(self, paths: Paths, rest: ASGIApp) -> None:
        self._paths = paths
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match = self._paths.find(scope["path"]) if scope["type"] == "http" else None
        if match is None:
            await self._rest(scope, receive, send)
            return
        resource, scope["path_params"] = match
        await resource(scope, receive, send)


class PublicApi:
    """The public API of an instance: answers requests, and says whether it can."""

    def __init__(
        self,
        settings: Settings,
        versions: Sequence[Version] = VERSIONS,
        requires: tuple[str, ...] = REQUIRES,
    ) -> None:
        self._settings = settings
        self._dates = tuple(each.dates for each in versions)
        self._requires = requires
        self.dependencies: Dependencies | None = None
        starlette = Starlette(
            routes=[oauth.ROUTE, compatibility.route(versions[-1])],
            exception_handlers={ClientDisconnect: _hung_up},
            lifespan=self._lifespan,
        )
        starlette.router.redirect_slashes = False
        starlette.router.default = Docs(versions, _not_found_by_version(versions))
        paths = Paths({path: app for each in versions for path, app in _paths_of(each).items()})
        router = VersionRouter(paths, starlette)
        app = cors.with_cors(router, settings.cors_origins.split(), versions)
        if settings.shadow:
            self._app: ASGIApp = shadow.Marked(AccessLog(app, "shadow", settings.trusted_hops))
        else:
            self._app = with_spans(AccessLog(app, "public_api", settings.trusted_hops), settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    async def ready(self) -> None:
        """Raise Unavailable naming what is missing."""
        (await self.health()).require()

    async def health(self) -> Health:
        """How what the API stands on is."""
        if self.dependencies is None:
            raise Unavailable("The public API is starting.")
        more = {"records": self._records}
        return await look(self.dependencies.db, self.dependencies.blobs, more)

    async def _records(self) -> str | None:
        assert self.dependencies is not None  # noqa: S101 - it is looked at once it has started
        return await notices(self.dependencies.db.apart, self._settings, UNSEALED)

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[State]:
        settings = self._settings
        connections = settings.database_connections
        build = builds.named(settings.build)
        name, session = builds.session_name(build, "api"), not settings.database_direct_url
        async with (
            tracing.exporting(settings, "api", build),
            connected(
                settings.database_url,
                connections,
                name,
                self._requires,
                session=session,
                shadow=settings.shadow,
                statement_seconds=settings.request_seconds,
            ) as db,
            builds.Heartbeat(db, "api", build, shadow=settings.shadow),
        ):
            limit = settings.document_limit_bytes
            blobs = BlobStore(settings.blob_url, limit, shadow=settings.shadow)
            dependencies = self.dependencies = Dependencies(
                settings,
                db,
                CallerCache(db),
                blobs,
                QuotaGuard(db, Quotas.of(settings)),
                shadow.NoLimits() if settings.shadow else limits.connect(settings.valkey_url),
                FailureMeter(most=None) if settings.shadow else FailureMeter(),
                LifecycleCache(db, self._dates),
                shadow.NoCalls() if settings.shadow else CallCounter(),
                shadow.NoIrregularities() if settings.shadow else IrregularityCounter(),
                Accesses(),
                KeysInFlight(),
                Vault(KeyRing.parse(settings.secret_keys)),
                Provider(settings.oidc_issuer, settings.oidc_audience)
                if settings.oidc_issuer
                else None,
            )
            tasks = [
                asyncio.create_task(dependencies.callers.stay_fresh(settings.direct_url, name)),
                asyncio.create_task(dependencies.lifecycle.stay_fresh(settings.direct_url, name)),
                asyncio.create_task(_write_usage(dependencies)),
            ]
            try:
                yield {"dependencies": dependencies}
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await dependencies.limits.close()
                with suppress(Refused):
                    await dependencies.flush_usage()


async def _hung_up(_request: Request, _problem: Exception) -> Response:
    return Response(status_code=HUNG_UP)  # nobody is there to read it


async def _write_usage(dependencies: Dependencies) -> None:
    """Write every few seconds who called, for ever."""
    while True:
        await asyncio.sleep(FLUSH_SECONDS)
        try:
            await dependencies.db.require_revisions()
            await dependencies.flush_usage()
        except (Refused, asyncpg.PostgresError) as problem:
            log.warning("usage_not_written", problem=type(problem).__name__)


def build(settings: Settings) -> PublicApi:
    """The public API of an instance."""
    return PublicApi(settings)


def _paths_of(version: Version) -> dict[str, ASGIApp]:
    """What a version serves, by the templates of its paths."""
    return {**resources(version), **document(version, as_file(version))}


def _not_found_by_version(versions: Sequence[Version]) -> ASGIApp:
    """Says no in the words of the version that the path begins with, else of the newest."""
    newest = not_found(versions[0], ())
    each = {version.name: not_found(version, version.headers()) for version in versions}

    async def respond(scope: Scope, receive: Receive, send: Send) -> None:
        name = scope.get("path", "").split("/")[1:2]
        await each.get("".join(name), newest)(scope, receive, send)

    return respond
