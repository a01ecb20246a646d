"""The worker: takes up jobs, tells webhooks, chains the audit log, sweeps what had its time."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import orjson
import structlog
from pgqueuer import PgQueuer
from pgqueuer.errors import PgqException, RetryRequested
from pgqueuer.models import Job

from core import (
    applications,
    builds,
    documents,
    idempotency,
    identity,
    jobs,
    sign_in_attempts,
    tokens,
    tracing,
    vocabulary,
    webhooks,
)
from core.bundles import BundleStore
from core.connecting import connect, connected
from core.db import CONNECTION_LOST, NOT_NOW, Database, reason_of
from core.documents import Sweep
from core.errors import Refused, Unavailable
from core.health import Health, look
from core.identity import StrangeStore
from core.isolation import Limits, ParserPool
from core.isolation.trial import Confinement
from core.keys import KeyRing
from core.notices import UNANCHORED, UNKEYED, UNSEALED, notices
from core.readiness import SCHEMA_FAULTS, is_lacking
from core.reading import DocumentReader, NotQuick, ReadingProcesses
from core.settings import Settings
from core.vault import Vault
from deploy.ops import trying
from deploy.ops.confinement import described
from deploy.ops.dispatch import Dispatcher
from deploy.ops.migrating.backfill.chore import BackfillChore
from deploy.ops.sealing import Sealer
from deploy.ops.turns import PLACES, QUICK_PLACES, Turns, is_quick
from public_api.addresses import Reach
from public_api.deliveries import sender

SEAL_SECONDS = 1.0
SWEEP_SECONDS = 3600.0
SECRETS_SECONDS = 60.0
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
Work = Callable[[Job, Payload], Awaitable[None]]
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
        self._vault = Vault(KeyRing.parse(settings.secret_keys))
        self._unswept: Sweep | None = None
        self._blobs = documents.BlobStore(settings.blob_url, settings.document_limit_bytes)

    async def ready(self) -> None:
        """Raise Unavailable naming what is missing."""
        (await self.health()).require()

    async def health(self) -> Health:
        """How what the worker stands on is."""
        if self._db is None:
            raise Unavailable("The worker is starting.")
        more = {
            "sweep": self._sweep_note,
            "records": self._records,
            "confinement": self._confinement_note,
        }
        return await look(self._db, self._blobs, more)

    async def _records(self) -> str | None:
        assert self._db is not None  # noqa: S101 - it is looked at once it has started
        return await notices(self._db.apart, self._settings, UNKEYED, UNANCHORED, UNSEALED)

    async def _sweep_note(self) -> str | None:
        """What is said while too many blobs are named by no document for any to be discarded."""
        if (found := self._unswept) is None:
            return None
        if not await self._blobs.holds(found.unnamed[0]):
            self._unswept = None  # an operator has seen to it
            return None
        return (
            f"{len(found.unnamed)} of {found.written} blobs are named by no document, too many to"
            " be left of uploads that were cut off; none is discarded. See beleg blobs sweep."
        )

    async def _confinement_note(self) -> str | None:
        """What there is to say of how what reads strangers' files is confined."""
        found = self._confinement
        return None if found is None or found.is_whole else described(found)

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
            AsyncExitStack() as closing,
            tracing.exporting(settings, "worker", build),
            connected(settings.database_url, connections, name, session=session) as db,
            builds.Heartbeat(db, "worker", build),
        ):
            self._db = db
            logging.getLogger("pgqueuer").addFilter(WITHOUT_TRACES)
            apart = ReadingProcesses(settings, self._parser_pool)
            closing.callback(apart.close)
            quotas, months = documents.Quotas.of(settings), settings.required_months
            reader = DocumentReader(db, self._blobs, months, self._parser_pool, quotas, apart)
            async with asyncio.TaskGroup() as tasks:
                chores = [
                    tasks.create_task(_repeat(Sealer(settings).seal, db, SEAL_SECONDS)),
                    tasks.create_task(_repeat(self._seal_secrets, db, SECRETS_SECONDS)),
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
        swept = await documents.sweep(db, self._blobs, datetime.now(UTC), own)
        self._unswept = swept if swept.refused else None
        if swept.refused:
            log.error("sweep_refused", unnamed=len(swept.unnamed), of=swept.written)
        living = {each.build for each in await builds.seen(db, vocabulary.WINDOW)}
        files = await BundleStore(self._settings.blob_url).sweep(living, datetime.now(UTC))
        log.info("tidied", blobs=0 if swept.refused else len(swept.unnamed), web_files=files)

    async def _deliver_webhooks(self, db: Database, stopping: asyncio.Event) -> None:
        async with sender(Reach.of(self._settings)) as webhook_sender:
            dispatcher = Dispatcher(
                db, webhook_sender, require=self._require_known, vault=self._vault
            )
            await dispatcher.run(stopping)

    async def _seal_secrets(self, db: Database) -> None:
        """Seal what older builds have stored, and what was sealed with an older key."""
        while sealed := await db.write(lambda tx: webhooks.seal_secrets(tx, self._vault)):
            log.info("webhook_secrets_sealed", webhooks=sealed)

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
    """Do a chore for ever, whatever it meets: an error in one ends none of the others."""
    while True:
        try:
            await db.require_revisions()
            await chore(db)
        except Exception as problem:
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
        ours = None if isinstance(problem, (*DATABASE_PROBLEMS, *trying.PASSING)) else problem
        log.warning(event, problem=kind, reason=reason, exc_info=ours, **words)


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
        if isinstance(problem, (*NOT_NOW, *SCHEMA_FAULTS, asyncpg.InterfaceError)):
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
        turns, passing = Turns(connection), asyncio.Event()
        queue = PgQueuer(turns.driver, queries=turns)
        for name, work in _jobs(reader, passing).items():
            queue.entrypoint(name, on_failure="hold")(work)
        stopper = asyncio.create_task(_stop(queue, reader, stopping, passing))
        try:
            await queue.run(
                dequeue_timeout=timedelta(seconds=5),
                batch_size=1,
                max_concurrent_tasks=PLACES + QUICK_PLACES,
                shutdown_on_listener_failure=True,
                heartbeat_timeout=KILLED_AFTER,
            )
        finally:
            stopper.cancel()
    finally:
        await connection.close(timeout=1)


def _jobs(
    reader: DocumentReader, passing: asyncio.Event | None = None
) -> dict[str, Callable[[Job], Awaitable[None]]]:
    """Everything that this build can do by name; jobs of other names are left to other builds.

    `passing` is set once one failed over what passes.
    """

    async def read_document(job: Job, payload: Payload) -> None:
        try:
            await reader.read(UUID(payload["document_id"]), quick=is_quick(job))
        except NotQuick:
            await reader.db.write(lambda tx: jobs.demote(tx, job.id))
            raise RetryRequested(timedelta(0), reason="It takes longer than a quick one.") from None

    async def renew_answers(_: Job, payload: Payload) -> None:
        await reader.renew(UUID(payload["application_id"]))

    async def hand_back(_: Job, payload: Payload) -> None:
        await reader.hand_back(UUID(payload["application_id"]))

    trouble = passing or asyncio.Event()
    return {
        documents.READ_JOB: _tried(read_document, trouble),
        applications.RENEW_JOB: _tried(renew_answers, trouble, last=hand_back),
    }


def _tried(
    work: Work, passing: asyncio.Event, last: Work | None = None
) -> Callable[[Job], Awaitable[None]]:
    """The work, tried again where it failed on us; `last` is done after the last try."""

    async def tried(job: Job) -> None:
        payload = orjson.loads(job.payload or b"{}")
        try:
            with tracing.job(job.entrypoint, payload):
                await work(job, payload)
        except RetryRequested:  # it has not failed
            raise
        except Exception as problem:
            pause = trying.pause_after(problem, job.attempts)
            trying.tell(job, problem, pause)
            if isinstance(problem, trying.PASSING):
                passing.set()
            if pause is not None:
                raise RetryRequested(pause, reason=trying.told(problem)) from None
            if last is not None:
                with suppress(*trying.PASSING):
                    await last(job, payload)
            raise

    return tried


async def _stop(
    queue: PgQueuer, reader: DocumentReader, stopping: asyncio.Event, passing: asyncio.Event
) -> None:
    """Let the queue end once the worker is to stop, or database or documents are away.

    Whoever works through the queue then waits for them, rather than trying job after job.
    """
    try:
        while not stopping.is_set() and not await reader.db.missing():
            if passing.is_set():
                passing.clear()
                await identity.require_identity(reader.db.apart, reader.blobs)
            with suppress(TimeoutError):
                async with asyncio.timeout(RETRY_SECONDS):
                    await stopping.wait()
    except Unavailable:
        pass
    queue.shutdown.set()
