"""The worker: takes up jobs, tells webhooks, chains the audit log, sweeps what had its time."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import orjson
import structlog
from obstore.exceptions import BaseError
from pgqueuer import AsyncpgDriver, PgQueuer
from pgqueuer.errors import PgqException, RetryRequested
from pgqueuer.models import Job

from core import (
    applications,
    audit,
    builds,
    documents,
    idempotency,
    identity,
    sign_in_attempts,
    telemetry,
    tokens,
    tracing,
    vocabulary,
    webhooks,
)
from core.bundles import BundleStore
from core.connecting import connect, connected
from core.db import CONNECTION_LOST, Database, reason_of
from core.errors import Refused, Unavailable
from core.identity import StrangeStore
from core.isolation import Limits, ParserPool
from core.isolation.trial import Confinement
from core.readiness import SCHEMA_FAULTS, is_lacking
from core.reading import DocumentReader
from core.settings import Settings
from deploy.ops.confinement import described
from deploy.ops.dispatch import Dispatcher
from deploy.ops.migrating.backfill.chore import BackfillChore
from public_api.addresses import Reach
from public_api.deliveries import sender

SEAL_SECONDS = 1.0
SWEEP_SECONDS = 3600.0
TIDY_SECONDS = 86_400.0
RETRY_SECONDS = 1.0
TOLD_SECONDS = 60.0
DATABASE_PROBLEMS = (
    *CONNECTION_LOST,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,  # a connection lost midway
    PgqException,
    Refused,
)
"""Whatever a database may answer or fail to: it is outlived, and tried again soon."""
KILLED_AFTER = timedelta(seconds=10)
Payload = dict[str, str]
log = structlog.get_logger()
_told: dict[tuple[str, str], float] = {}  # when each reason was logged last


def parser_pool_of(settings: Settings) -> ParserPool:
    """Where an instance reads documents, and what reading one may take there."""
    return ParserPool(Limits(settings.reading_memory_bytes, settings.reading_seconds))


class JobWorker:
    """Works until told to stop; outlives a database that goes away and comes back."""

    def __init__(
        self, settings: Settings, parser_pool: ParserPool, confinement: Confinement | None = None
    ) -> None:
        self._confinement = confinement
        self._settings = settings
        self._parser_pool = parser_pool
        self._db: Database | None = None
        self._own = False
        self._blobs = documents.BlobStore(settings.blob_url, settings.document_limit_bytes)

    async def ready(self) -> None:
        """Raise Unavailable naming what is missing."""
        if self._db is None:
            raise Unavailable("The worker is starting.")
        await self._db.require_answer()
        await self._require_own(self._db)

    def notes(self) -> Mapping[str, str]:
        """How what reads strangers' files is confined."""
        return {"confinement": described(self._confinement)} if self._confinement else {}

    async def _require_own(self, db: Database) -> UUID:
        """This instance's id; raises Unavailable unless database and documents are its own."""
        await db.require_revisions()
        try:
            own = await identity.require_identity(db.apart, self._blobs)
        except StrangeStore:
            self._own = False
            raise
        self._own = True
        return own

    async def _require_known(self, db: Database) -> None:
        """Raise Unavailable unless they were its own when somebody last looked."""
        await db.require_revisions()
        if not self._own:
            await self._require_own(db)

    async def run(self, stopping: asyncio.Event) -> None:
        """Take up jobs until told to stop, and finish those that were begun."""
        settings = self._settings
        build = builds.named(settings.build)
        name, session = builds.session_name(build, "worker"), not settings.database_direct_url
        connections = settings.database_connections
        async with (
            tracing.exporting(settings, "worker", build),
            connected(settings.database_url, connections, name, session=session) as db,
            builds.Heartbeat(db, "worker", build),
        ):
            self._db = db
            logging.getLogger("pgqueuer").addFilter(WITHOUT_TRACES)
            reader = DocumentReader(db, self._blobs, settings.required_months, self._parser_pool)
            async with asyncio.TaskGroup() as tasks:
                chores = [
                    tasks.create_task(_repeat(_seal, db, SEAL_SECONDS)),
                    tasks.create_task(_repeat(_sweep, db, SWEEP_SECONDS)),
                    tasks.create_task(_repeat(self._tidy, db, TIDY_SECONDS)),
                ]
                tasks.create_task(self._deliver_webhooks(db, stopping))
                backfills = BackfillChore(settings.database_url, enabled=settings.backfills)
                tasks.create_task(backfills.run(db, stopping))
                await self._work_through_queue(name, reader, stopping)
                for chore in chores:
                    chore.cancel()

    async def _tidy(self, db: Database) -> None:
        own = await self._require_own(db)
        lost = await documents.sweep(db, self._blobs, datetime.now(UTC), own)
        living = {each.build for each in await builds.seen(db, vocabulary.WINDOW)}
        files = await BundleStore(self._settings.blob_url).sweep(living, datetime.now(UTC))
        log.info("tidied", blobs=lost, web_files=files)

    async def _deliver_webhooks(self, db: Database, stopping: asyncio.Event) -> None:
        async with sender(Reach.of(self._settings)) as webhook_sender:
            await Dispatcher(db, webhook_sender, require=self._require_known).run(stopping)

    async def _work_through_queue(
        self, session: str, reader: DocumentReader, stopping: asyncio.Event
    ) -> None:
        while not stopping.is_set():
            try:
                await self._require_own(reader.db)
                await _drain_queue(self._settings.direct_url, session, reader, stopping)
            except (*DATABASE_PROBLEMS, RuntimeError, ExceptionGroup) as problem:
                _tell("queue_lost", await reader.db.explained(problem))
                await asyncio.sleep(RETRY_SECONDS)


async def _repeat(
    chore: Callable[[Database], Awaitable[None]], db: Database, seconds: float
) -> None:
    while True:
        try:
            await db.require_revisions()
            await chore(db)
        except (*DATABASE_PROBLEMS, BaseError) as problem:
            _tell("chore_failed", problem, chore=chore.__name__)
            if is_lacking(problem):
                await asyncio.sleep(RETRY_SECONDS)
                continue
        await asyncio.sleep(seconds)


def _tell(event: str, problem: Exception, **words: str) -> None:
    """Log what went wrong, the like of it once a minute; of what is lacking whoever looked has."""
    if is_lacking(problem):
        return
    kind, reason, now = type(problem).__name__, reason_of(problem), time.monotonic()
    if now - _told.get((event, reason), -TOLD_SECONDS) >= TOLD_SECONDS:
        _told[event, reason] = now
        log.warning(event, problem=kind, reason=reason, **words)


async def _seal(db: Database) -> None:
    while sealed := await db.write(audit.seal):
        telemetry.SEALED.inc(sealed)


async def _sweep(db: Database) -> None:
    keys, access_tokens = await db.write(idempotency.sweep), await db.write(tokens.sweep)
    deliveries, processes = await db.write(webhooks.sweep), await db.write(builds.sweep)
    attempts = await db.write(lambda tx: sign_in_attempts.sweep(tx, datetime.now(UTC)))
    log.info(
        "swept",
        idempotency_keys=keys,
        access_tokens=access_tokens,
        deliveries=deliveries,
        processes=processes,
        sign_in_attempts=attempts,
    )


class _WithoutTraces(logging.Filter):
    """Lets the queue say what failed, but not trace a database that went away or was restored."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        problem = record.exc_info[1] if record.exc_info else None
        if isinstance(problem, (*CONNECTION_LOST, *SCHEMA_FAULTS, asyncpg.InterfaceError)):
            record.exc_info, record.levelno = None, logging.WARNING
            record.levelname = logging.getLevelName(record.levelno)
        return True


WITHOUT_TRACES = _WithoutTraces()


async def _drain_queue(
    url: str, session: str, reader: DocumentReader, stopping: asyncio.Event
) -> None:
    """Work through the queue on a connection of its own, until told to stop or it breaks."""
    connection = await connect(url, session)
    try:
        queue = PgQueuer(AsyncpgDriver(connection))

        for name, work in _jobs(reader).items():
            queue.entrypoint(name, on_failure="hold")(work)
        stopper = asyncio.create_task(_stop(queue, reader.db, stopping))
        try:
            await queue.run(
                dequeue_timeout=timedelta(seconds=5),
                batch_size=2,
                max_concurrent_tasks=4,
                shutdown_on_listener_failure=True,
                heartbeat_timeout=KILLED_AFTER,
            )
        finally:
            stopper.cancel()
    finally:
        await connection.close(timeout=1)


def _jobs(reader: DocumentReader) -> dict[str, Callable[[Job], Awaitable[None]]]:
    """Everything that this build can do by name; jobs of other names are left to other builds."""

    async def read_document(payload: Payload) -> None:
        await reader.read(UUID(payload["document_id"]))

    async def renew_answers(payload: Payload) -> None:
        await reader.renew(UUID(payload["application_id"]))

    return {
        documents.READ_JOB: _retried(read_document),
        applications.RENEW_JOB: _retried(renew_answers),
    }


def _retried(work: Callable[[Payload], Awaitable[None]]) -> Callable[[Job], Awaitable[None]]:
    """The work, done again soon where something is away."""

    async def retried(job: Job) -> None:
        payload = orjson.loads(job.payload or b"{}")
        try:
            with tracing.job(job.entrypoint, payload):
                await work(payload)
        except Unavailable as problem:
            raise RetryRequested(timedelta(seconds=2), reason=problem.detail) from problem

    return retried


async def _stop(queue: PgQueuer, db: Database, stopping: asyncio.Event) -> None:
    """Let the queue end once the worker is to stop, or the database lacks something."""
    try:
        while not stopping.is_set() and not await db.missing():
            with suppress(TimeoutError):
                async with asyncio.timeout(RETRY_SECONDS):
                    await stopping.wait()
    except Unavailable:
        pass
    queue.shutdown.set()
