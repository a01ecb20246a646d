"""The worker: takes up jobs, tells webhooks, chains the audit log, sweeps what had its time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import orjson
import structlog
from obstore.exceptions import BaseError
from pgqueuer import AsyncpgDriver, PgQueuer
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job

from core import (
    applications,
    audit,
    documents,
    idempotency,
    telemetry,
    tokens,
    webhooks,
)
from core.db import CONNECTION_LOST, Database, connected
from core.errors import Refused, Unavailable
from core.isolation import Limits, ParserPool
from core.reading import DocumentReader
from core.settings import Settings
from deploy.ops.dispatch import Dispatcher
from deploy.ops.migrating.backfill_worker import BackfillChore
from public_api.addresses import Reach
from public_api.deliveries import sender

SEAL_SECONDS = 1.0
SWEEP_SECONDS = 3600.0
TIDY_SECONDS = 86_400.0
RETRY_SECONDS = 1.0
CONNECTION_BROKEN = (
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)  # a connection lost midway
KILLED_AFTER = timedelta(seconds=10)
log = structlog.get_logger()


def parser_pool_of(settings: Settings) -> ParserPool:
    """Where an instance reads documents, and what reading one may take there."""
    return ParserPool(Limits(settings.reading_memory_bytes, settings.reading_seconds))


class JobWorker:
    """Works until told to stop; outlives a database that goes away and comes back."""

    def __init__(self, settings: Settings, parser_pool: ParserPool) -> None:
        self._settings = settings
        self._parser_pool = parser_pool
        self._db: Database | None = None
        self._blobs = documents.BlobStore(settings.blob_url, settings.document_limit_bytes)

    async def ready(self) -> None:
        """Raise Unavailable naming what is missing."""
        if self._db is None:
            raise Unavailable("The worker is starting.")
        await self._db.require_revisions()
        await self._blobs.require_reachable()

    async def run(self, stopping: asyncio.Event) -> None:
        """Take up jobs until told to stop, and finish those that were begun."""
        settings = self._settings
        async with connected(settings.database_url, settings.database_connections) as db:
            self._db = db
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
                await self._work_through_queue(reader, stopping)
                for chore in chores:
                    chore.cancel()

    async def _tidy(self, db: Database) -> None:
        lost = await documents.sweep(db, self._blobs, datetime.now(UTC))
        log.info("tidied", blobs=lost)

    async def _deliver_webhooks(self, db: Database, stopping: asyncio.Event) -> None:
        async with sender(Reach.of(self._settings)) as webhook_sender:
            await Dispatcher(db, webhook_sender).run(stopping)

    async def _work_through_queue(self, reader: DocumentReader, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            try:
                await reader.db.require_revisions()
                await _drain_queue(self._settings.database_url, reader, stopping)
            except (*CONNECTION_LOST, *CONNECTION_BROKEN, Refused, ExceptionGroup) as problem:
                log.warning("queue_lost", problem=type(problem).__name__)
                await asyncio.sleep(RETRY_SECONDS)


async def _repeat(
    chore: Callable[[Database], Awaitable[None]], db: Database, seconds: float
) -> None:
    while True:
        try:
            await db.require_revisions()
            await chore(db)
        except (*CONNECTION_LOST, Refused, BaseError, asyncpg.PostgresError) as problem:
            log.warning("chore_failed", chore=chore.__name__, problem=type(problem).__name__)
        await asyncio.sleep(seconds)


async def _seal(db: Database) -> None:
    while sealed := await db.write(audit.seal):
        telemetry.SEALED.inc(sealed)


async def _sweep(db: Database) -> None:
    keys, access_tokens = await db.write(idempotency.sweep), await db.write(tokens.sweep)
    deliveries = await db.write(webhooks.sweep)
    log.info("swept", idempotency_keys=keys, access_tokens=access_tokens, deliveries=deliveries)


async def _drain_queue(url: str, reader: DocumentReader, stopping: asyncio.Event) -> None:
    """Work through the queue on a connection of its own, until told to stop or it breaks."""
    connection = await asyncpg.connect(url, timeout=10)
    try:
        queue = PgQueuer(AsyncpgDriver(connection))

        @queue.entrypoint(documents.READ_JOB, on_failure="hold")
        async def read_document(job: Job) -> None:
            payload = orjson.loads(job.payload or b"{}")
            try:
                await reader.read(UUID(payload["document_id"]))
            except Unavailable as problem:
                raise RetryRequested(timedelta(seconds=2), reason=problem.detail) from problem

        @queue.entrypoint(applications.RENEW_JOB, on_failure="hold")
        async def renew_answers(job: Job) -> None:
            payload = orjson.loads(job.payload or b"{}")
            try:
                await reader.renew(UUID(payload["application_id"]))
            except Unavailable as problem:
                raise RetryRequested(timedelta(seconds=2), reason=problem.detail) from problem

        stopper = asyncio.create_task(_stop(queue, stopping))
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


async def _stop(queue: PgQueuer, stopping: asyncio.Event) -> None:
    await stopping.wait()
    queue.shutdown.set()
