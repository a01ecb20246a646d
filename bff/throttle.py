"""A limit on attempts, counted in this process: it bounds what is logged, it is no accounting."""

import time
from collections import deque
from collections.abc import Callable

MOST_NAMES = 10_000  # that are remembered at once, so that they cannot fill the memory


class Throttle:
    """Lets a name try so many times within so many seconds."""

    def __init__(
        self, limit: int, seconds: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = limit
        self._seconds = seconds
        self._now = now
        self._attempts: dict[str, deque[float]] = {}

    def attempt(self, name: str) -> float:
        """Count an attempt and return 0, or the seconds until the next one is allowed."""
        now = self._now()
        attempts = self._attempts.setdefault(name, deque())
        while attempts and attempts[0] <= now - self._seconds:
            attempts.popleft()
        if len(attempts) >= self._limit:
            return attempts[0] + self._seconds - now
        attempts.append(now)
        if len(self._attempts) > MOST_NAMES:
            self._drop_expired(now)
        return 0

    def _drop_expired(self, now: float) -> None:
        oldest = now - self._seconds
        recent = {
            name: attempts
            for name, attempts in self._attempts.items()
            if attempts and attempts[-1] > oldest
        }
        self._attempts = dict(list(recent.items())[-MOST_NAMES:])
