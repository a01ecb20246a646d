"""How often whom is told that a key is wrong: so often, and then cheaply that it was too often.

Counted in this process, by the source of a call and by the client that a call says to be. Whoever
shows what was right before is let through whatever others do who share a source with it, and of
what was never seen some are looked at all the same, so that nobody is locked out.
"""

import time
from collections.abc import Callable

from prometheus_client import Counter

from public_api.limits import MINUTE
from public_api.refusals import TooManyCalls

MOST_FAILURES = 120
"""How many wrong keys a minute may have, of a source or for a client."""
LET_THROUGH_SECONDS = 0.2
"""How often one is looked at beyond these."""
MOST_NAMES = 100_000
REFUSED = Counter("failed_authentication_refused_total", "Calls refused after too many wrong keys")


class FailureMeter:
    """Counts failed authentication by name, and refuses more where there was too much."""

    def __init__(
        self, most: int | None = MOST_FAILURES, now: Callable[[], float] = time.time
    ) -> None:
        self._most = most
        self._now = now
        self._minute = 0
        self._failures: dict[str, int] = {}
        self._looked_at: dict[str, float] = {}

    def require_room(self, *names: str) -> None:
        """Raise TooManyCalls, saying when to come back, where a name has failed too often."""
        now = self._now()
        self._begin(now)
        for name in names:
            if self._most is None or self._failures.get(name, 0) < self._most:
                continue
            if now - self._looked_at.get(name, 0.0) < LET_THROUGH_SECONDS:
                REFUSED.inc()
                raise TooManyCalls(MINUTE - int(now) % MINUTE)
            self._looked_at[name] = now

    def count(self, *names: str) -> None:
        """Count one failure of these."""
        self._begin(self._now())
        for name in names:
            if name in self._failures or len(self._failures) < MOST_NAMES:
                self._failures[name] = self._failures.get(name, 0) + 1

    def _begin(self, now: float) -> None:
        """Forget what was in another minute."""
        if (minute := int(now) // MINUTE) != self._minute:
            self._minute, self._failures, self._looked_at = minute, {}, {}
