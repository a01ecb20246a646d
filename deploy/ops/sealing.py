"""The sealer: chains the audit log, and sees whether what it has sealed is still there."""

import asyncio
import time
from datetime import timedelta

import structlog

from core import audit, telemetry
from core.audit import SYSTEM, Head, Sealed
from core.db import Database, Tx
from core.keys import KeyRing
from core.settings import Settings
from deploy.ops.anchors import Anchors

RETRY_SECONDS = 60.0
"""How soon at the latest it is said again where a place did not take it."""
log = structlog.get_logger()


class Sealer:
    """Seals with the newest key, says elsewhere how far, and notes it where seals have gone."""

    def __init__(self, settings: Settings) -> None:
        self.keys = KeyRing.parse(settings.audit_keys)
        self._anchors = Anchors.of(settings.audit_anchors, settings.instance)
        self._anchor_seconds = settings.audit_anchor_seconds
        self._patience = timedelta(seconds=settings.audit_unsealed_seconds)
        self._seen: Head | None = None
        self._floor: int | None = None
        self._begun = False
        self._anchored: int | None = None
        self._anchor_at = 0.0

    async def seal(self, db: Database) -> None:
        """Seal all that there is, and say how far where it is time to."""
        if not self._begun:
            self._seen = self._seen or await asyncio.to_thread(self._anchors.last)
            await self._take_key(db)
            self._begun = True
        if self._seen is not None and not await audit.has(db, self._seen):
            await self._note_missing(db, self._seen)
        while sealed := await db.write(self._round):
            self._keep(sealed)
            telemetry.SEALED.inc(sealed.count)
        self._keep(sealed)
        await self._anchor()

    async def _take_key(self, db: Database) -> None:
        """Note which key is used from now on, so that the last seal is one by it at once."""
        if not await audit.is_keyed(db, self.keys):
            newest = self.keys.newest
            detail = {"key": newest.name if newest else None}
            await db.write(lambda tx: _note_key(tx, detail))

    async def _note_missing(self, db: Database, seen: Head) -> None:
        """Note that seals have gone, before anything is sealed on top of what is left."""

        async def note(tx: Tx) -> None:
            audit.note_missing(tx, seen)

        log.error("audit_head_missing", seal=seen.number, hash=seen.hash.hex())
        telemetry.AUDIT_HEADS_MISSING.inc()
        await db.write(note)
        self._seen = self._floor = None

    async def _round(self, tx: Tx) -> Sealed:
        return await audit.seal(tx, self.keys, self._floor, self._patience)

    def _keep(self, sealed: Sealed) -> None:
        self._seen, self._floor = sealed.head, sealed.floor

    async def _anchor(self) -> None:
        head, now = self._seen, time.monotonic()
        if head is None or head.number == self._anchored or now < self._anchor_at:
            return
        self._anchor_at = now + self._anchor_seconds
        if not self._anchors.places:
            return
        failing = await self._anchors.tell(head)
        telemetry.ANCHORS_FAILING.set(failing)
        if failing:
            self._anchor_at = now + min(self._anchor_seconds, RETRY_SECONDS)
        else:
            self._anchored = head.number
            telemetry.AUDIT_ANCHORED.set_to_current_time()


async def _note_key(tx: Tx, detail: dict[str, str | None]) -> None:
    audit.record(tx, SYSTEM, "audit.key_taken", "audit", audit.NO_RECORD, detail)
