"""Who looked at what, and who tried to get in: on record in the audit log, a moment after it was.

A look costs its request no write: what was noted is written within seconds, and once where somebody
looks at the same again and again. An entry is of whoever looked, and says at what: the history of a
case tells what was done, not who read it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from uuid import UUID

from core import audit
from core.audit import NO_RECORD, Actor
from core.db import Database, Tx

VIEWED = "application.viewed"
DOWNLOADED = "document.downloaded"
EXPORTED = "report.exported"
SIGN_IN_FAILED = "person.sign_in_failed"
STRANGER = Actor("stranger", None)
FLUSH_SECONDS = 1.0
SAME_SECONDS = 600.0
"""For how long looking at the same again is the same look."""
MOST_KEPT = 10_000
_Key = tuple[Actor, str, UUID, tuple[tuple[str, str], ...]]


@dataclass(slots=True)
class Accesses:
    """What this process has seen, and not yet written."""

    _waiting: dict[_Key, int] = field(default_factory=dict)
    _looked: dict[_Key, float] = field(default_factory=dict)

    def look(self, actor: Actor, action: str, **at: object) -> None:
        """Note that somebody looks at something or takes it along, unless that was just noted."""
        key, now = _key(actor, action, actor.id, at), monotonic()
        if now - self._looked.get(key, -SAME_SECONDS) < SAME_SECONDS:
            return
        if len(self._looked) >= MOST_KEPT:
            self._looked = {each: t for each, t in self._looked.items() if now - t < SAME_SECONDS}
        self._looked[key] = now
        self._note(key)

    def sign_in_failed(self, person_id: UUID | None, source: str, why: str) -> None:
        """Note that somebody did not get in, from where and as whom; what he typed is not kept."""
        self._note(_key(STRANGER, SIGN_IN_FAILED, person_id, {"source": source, "why": why}))

    def _note(self, key: _Key) -> None:
        if key in self._waiting or len(self._waiting) < MOST_KEPT:
            self._waiting[key] = self._waiting.get(key, 0) + 1

    async def flush(self, db: Database) -> None:
        """Write what waits; it waits on where that fails."""
        waiting, self._waiting = self._waiting, {}
        if not waiting:
            return

        async def work(tx: Tx) -> None:
            for (actor, action, who, at), times in waiting.items():
                more = {"times": times} if times > 1 else {}
                audit.record(tx, actor, action, _subject(actor), who, {**dict(at), **more})

        try:
            await db.write(work)
        except BaseException:
            for key, times in self._waiting.items():
                waiting[key] = waiting.get(key, 0) + times
            self._waiting = waiting
            raise


def _key(actor: Actor, action: str, id: UUID | None, at: Mapping[str, Any]) -> _Key:
    return actor, action, id or NO_RECORD, tuple((name, str(each)) for name, each in at.items())


def _subject(actor: Actor) -> str:
    """An entry is of whoever looked; who did not get in is nobody yet, but means to be a person."""
    return "person" if actor is STRANGER else actor.kind
