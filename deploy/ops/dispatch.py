"""Tells webhooks what happened: plans what each is told, and sends what is due."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from uuid import UUID

import asyncpg
import structlog

from core import applications, telemetry, tracing, webhooks
from core.db import CONNECTION_LOST, Database, reason_of
from core.errors import NotFound, Refused
from core.readiness import is_lacking
from core.vault import NO_VAULT, Vault
from core.webhooks import SCHEDULE, Attempt, AttemptOutcome, DueDelivery, Room, UnopenedWebhook
from public_api.app import VERSIONS
from public_api.deliveries import Sender
from public_api.lifecycle import LifecycleCache
from public_api.refusals import VersionGone
from public_api.versions import Version

POLL_SECONDS = 0.5
"""How often to look for news; a trigger that notifies would queue all who write behind it."""
MOST_AT_ONCE, MOST_PER_WEBHOOK = 64, 4
"""How many attempts go on at once, in all and for one webhook, so that a dead one delays none."""
SLOW_SECONDS = 3.0
"""A receiver that lets us wait so long is slow, until it answers sooner."""
GAUGE_SECONDS = 10.0
TEMPORARY = (*CONNECTION_LOST, asyncpg.InterfaceError, asyncpg.PostgresError, Refused)
INTERNAL_ERROR = "an error of ours"
log = structlog.get_logger()


class Dispatcher:
    """Plans and sends until told to stop; several may, in processes of their own."""

    def __init__(
        self,
        db: Database,
        sender: Sender,
        versions: Sequence[Version] = VERSIONS,
        schedule: tuple[timedelta, ...] = SCHEDULE,
        require: Callable[[Database], Awaitable[None]] = Database.require_revisions,
        vault: Vault = NO_VAULT,
    ) -> None:
        self._db = db
        self._sender = sender
        self._versions = {each.name: each for each in versions}
        self._schedule = schedule
        self._require = require
        self._vault = vault
        self._lifecycle = LifecycleCache(db, tuple(each.dates for each in versions))
        self._sending: dict[asyncio.Task[None], UUID] = {}
        self._slow: set[UUID] = set()  # webhooks whose receiver took long the last time
        self._unopened: set[UUID] = set()  # webhooks of which it was said that they wait for a key
        self._wake_up = asyncio.Event()
        self._look_at = self._gauge_at = 0.0

    async def run(self, stopping: asyncio.Event) -> None:
        """Tell until told to stop, and finish the attempts that were begun."""
        waking = asyncio.create_task(self._wake(stopping))
        try:
            while not stopping.is_set():
                self._wake_up.clear()
                await self._try_round()
                if not stopping.is_set():
                    await self._await_news()
            await asyncio.gather(*self._sending)
        finally:
            waking.cancel()

    async def _try_round(self) -> None:
        try:
            await self._require(self._db)
            await self._lifecycle.refresh()
            await self._do_round([name for name in self._versions if self._served(name)])
        except TEMPORARY as problem:
            if not is_lacking(problem):
                log.warning(
                    "webhooks_not_told",
                    problem=type(problem).__name__,
                    reason=reason_of(problem),
                )
            self._look_at = time.monotonic() + POLL_SECONDS

    async def _do_round(self, names: Sequence[str]) -> None:
        """Plan where something may be new, begin what is due, and measure how late it is."""
        now = time.monotonic()
        if now >= self._look_at:
            await self._db.write(lambda tx: webhooks.plan(tx, names))
            self._look_at = now + POLL_SECONDS
        if now >= self._gauge_at:
            self._gauge_at = now + GAUGE_SECONDS
            waiting = await webhooks.waiting_seconds(self._db, names, self._vault)
            telemetry.DELIVERY_DUE.set(waiting)
            self._tell_unopened(await webhooks.list_unopened(self._db, self._vault))
        if free := MOST_AT_ONCE - len(self._sending):
            room = self._room(free)
            for due in await self._db.write(
                lambda tx: webhooks.claim(tx, names, room, self._vault)
            ):
                self._begin(due)

    def _tell_unopened(self, found: Sequence[UnopenedWebhook]) -> None:
        """Measure how many webhooks wait for a key, and name each once."""
        telemetry.WEBHOOKS_UNOPENED.set(len(found))
        for each in found:
            if each.id not in self._unopened:
                log.warning(
                    "webhook_not_opened",
                    webhook_id=str(each.id),
                    client_id=str(each.client_id),
                    key=each.key,
                    reason=each.reason,
                )
        self._unopened = {each.id for each in found}

    def _room(self, free: int) -> Room:
        in_flight = list(self._sending.values())
        return Room(free, MOST_PER_WEBHOOK, in_flight=in_flight, slow=list(self._slow))

    def _begin(self, due: DueDelivery) -> None:
        task = asyncio.create_task(self._deliver(due))
        self._sending[task] = due.webhook_id
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        del self._sending[task]
        self._wake_up.set()

    async def _deliver(self, due: DueDelivery) -> None:
        """Make an attempt and note how it went; where that cannot be noted, it is made again."""
        started = time.perf_counter()
        try:
            attempt = await self._attempt(due)
            if time.perf_counter() - started >= SLOW_SECONDS:
                self._slow.add(due.webhook_id)
            else:
                self._slow.discard(due.webhook_id)
            outcome = await self._note(due, attempt)
        except TEMPORARY as problem:
            log.warning("delivery_not_noted", problem=type(problem).__name__)
            return
        telemetry.DELIVERIES.labels(due.version, outcome).inc()
        log.info(
            "webhook_told",
            webhook_id=str(due.webhook_id),
            delivery_id=str(due.id),
            version=due.version,
            outcome=outcome,
            attempt=due.attempts + 1,
            status=attempt.status if attempt else None,
            ms=round((time.perf_counter() - started) * 1000),
        )

    async def _attempt(self, due: DueDelivery) -> Attempt | None:
        """How the receiver answers; None where the version has no words for the application."""
        version, application = self._versions[due.version], None
        if due.application_id is not None:
            try:
                application = await applications.get_any(self._db, due.application_id)
            except NotFound:
                return None
            if not version.visibility.shows(application.terms.amount):
                return None
        try:
            with tracing.span("webhook", "client", beleg__version=due.version) as span:
                attempt = await self._sender.deliver(version, due, application)
                span.tell(http__response__status_code=attempt.status)
            return attempt
        except Exception:
            log.exception("delivery_failed", delivery_id=str(due.id))
            return Attempt(None, INTERNAL_ERROR)

    async def _note(self, due: DueDelivery, attempt: Attempt | None) -> AttemptOutcome:
        if attempt is None:
            return await self._db.write(lambda tx: webhooks.skip(tx, due))
        return await self._db.write(lambda tx: webhooks.finish(tx, due, attempt, self._schedule))

    def _served(self, name: str) -> bool:
        try:
            self._lifecycle.require_served(name)
        except VersionGone:
            return False
        return True

    async def _wake(self, stopping: asyncio.Event) -> None:
        await stopping.wait()
        self._wake_up.set()

    async def _await_news(self) -> None:
        """Wait for an attempt to end, or until it is time to look for news."""
        try:
            async with asyncio.timeout(max(0.0, self._look_at - time.monotonic())):
                await self._wake_up.wait()
        except TimeoutError:
            pass
