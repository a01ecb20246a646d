"""A limit on attempts, counted in this process: it slows guessing, it is no accounting."""

import time
from collections import deque
from collections.abc import Callable

MANY = 10_000  # names that are remembered at once, so that guessing cannot fill the memory


class Throttle:
    """Lets a name try so many times within so many seconds."""

    def __init__(
        self, attempts: int, seconds: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._attempts = attempts
        self._seconds = seconds
        self._now = now
        self._tried: dict[str, deque[float]] = {}

    def wait(self, name: str) -> float:
        """Count an attempt and return 0, or the seconds until the next one is allowed."""
        now = self._now()
        tried = self._tried.setdefault(name, deque())
        while tried and tried[0] <= now - self._seconds:
            tried.popleft()
        if len(tried) >= self._attempts:
            return tried[0] + self._seconds - now
        tried.append(now)
        if len(self._tried) > MANY:
            self._forget(now)
        return 0

    def forgive(self, name: str) -> None:
        """Forget the attempts of a name that has proved itself."""
        self._tried.pop(name, None)

    def _forget(self, now: float) -> None:
        alive = now - self._seconds
        recent = {name: tried for name, tried in self._tried.items() if tried and tried[-1] > alive}
        self._tried = dict(list(recent.items())[-MANY:])
