"""Attempts to sign in: whoever guesses waits longer and longer, and nobody else waits for it.

Counted for an account as tried from one source, and for a source whatever account it tries; never
for an account alone, or anybody could keep its person out. Kept in the database, so that neither
another process nor a start gives new attempts.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, DateTime, Integer, LargeBinary, Table, delete, select, text

from core.db import Tx
from core.errors import Throttled
from core.query import compiled, metadata, param

FORGOTTEN_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Backoff:
    """So many attempts are free; then waits double, from the first to the longest, in seconds."""

    free: int
    first: float
    longest: float


OF_ACCOUNT = Backoff(free=5, first=15.0, longest=900.0)
OF_SOURCE = Backoff(free=50, first=5.0, longest=120.0)
"""Many people may share an address; but nobody tries fifty accounts."""

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("failures", Integer),
    Column("last_at", DateTime(timezone=True)),
    Column("next_at", DateTime(timezone=True)),
)
# One statement counts an attempt and says when the next may come, or finds that this came too soon.
_COUNT = compiled(
    text(
        """
        INSERT INTO sign_in_attempt AS known (key, failures, last_at, next_at)
        VALUES (:key, 1, :now, :now)
        ON CONFLICT (key) DO UPDATE SET
            failures = CASE WHEN known.last_at < :forgotten THEN 1 ELSE known.failures + 1 END,
            last_at = :now,
            next_at = CAST(:now AS timestamptz) + CASE
                WHEN known.last_at < :forgotten OR known.failures + 1 < :free THEN interval '0'
                ELSE interval '1 second' * least(
                    :longest, :first * power(2, least(known.failures + 1 - :free, 30))
                )
            END
        WHERE known.next_at <= :now
        RETURNING failures
        """
    )
)
_NEXT = compiled(select(sign_in_attempt.c.next_at).where(sign_in_attempt.c.key == param("key")))
_FORGET = compiled(
    delete(sign_in_attempt)
    .where(sign_in_attempt.c.key == param("which"))
    .returning(sign_in_attempt.c.failures)
)
_GIVE_BACK = compiled(
    text(
        "UPDATE sign_in_attempt SET failures = greatest(failures - :failures, 0), next_at = :now"
        " WHERE key = :key"
    )
)
_SWEEP = compiled(delete(sign_in_attempt).where(sign_in_attempt.c.last_at < param("forgotten")))


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """Somebody who tries an account from a source."""

    account: str
    source: str

    @property
    def _keys(self) -> tuple[bytes, bytes]:
        return _digest(self.source, self.account), _digest(self.source)

    async def count(self, tx: Tx, now: datetime) -> None:
        """Count it as failed until it is forgiven; raises Throttled where it comes too soon."""
        # In the order in which it is forgiven, or the two could wait for each other.
        for key, backoff in zip(self._keys, (OF_ACCOUNT, OF_SOURCE), strict=True):
            counted = await tx.one(
                _COUNT,
                key=key,
                now=now,
                forgotten=now - FORGOTTEN_AFTER,
                free=backoff.free,
                first=backoff.first,
                longest=backoff.longest,
            )
            if counted is None:
                row = await tx.one(_NEXT, key=key)
                raise Throttled((row["next_at"] - now).total_seconds() if row else 1.0)

    async def forgive(self, tx: Tx, now: datetime) -> None:
        """It was its person: what was counted of them here counts for nobody any more."""
        of_account, of_source = self._keys
        row = await tx.one(_FORGET, which=of_account)
        await tx.run(_GIVE_BACK, key=of_source, failures=row["failures"] if row else 1, now=now)


async def sweep(tx: Tx, now: datetime) -> int:
    """Remove what is forgotten; how many."""
    return await tx.run(_SWEEP, forgotten=now - FORGOTTEN_AFTER)


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode()).digest()
