"""How many calls a client has left: counted here, or in Valkey where several processes share.

Windows are fixed: the minute and the day (UTC) in which a call falls. Only calls that are let in
use them up: whoever knocks again and again in a full minute has no less of the day. If Valkey is
away the API answers on: each process then counts for itself, and `rate_limit_fallbacks_total` says
so. A call waits for Valkey at most PATIENCE_SECONDS; once it was away, none does until REST_SECONDS
passed.
"""

import asyncio
import time
from functools import lru_cache
from typing import NamedTuple, Protocol
from uuid import UUID, uuid5

import structlog
from prometheus_client import Counter
from valkey.asyncio import Valkey
from valkey.exceptions import ValkeyError

from core.clients import Caller
from public_api.messages import Headers
from public_api.refusals import TooManyCalls

MINUTE, DAY = 60, 86_400
PATIENCE_SECONDS, REST_SECONDS = 0.1, 1.0
FALLBACKS = Counter("rate_limit_fallbacks_total", "Calls counted here because Valkey was away")
# Looks and counts at once, so that of calls at the same time no more are let in than may be. A
# window that is used up is told as one more than it holds, and then nothing is counted. An older
# build that runs beside counts under the same names, what it refuses too.
LET_IN = """
local held = redis.call('MGET', KEYS[1], KEYS[2])
local minute, day = tonumber(held[1] or 0), tonumber(held[2] or 0)
if day >= tonumber(ARGV[2]) then return {minute, day + 1} end
if minute >= tonumber(ARGV[1]) then return {minute + 1, day} end
minute, day = redis.call('INCR', KEYS[1]), redis.call('INCR', KEYS[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[4])
return {minute, day}
"""
log = structlog.get_logger()


class Limits(Protocol):
    """What counts calls."""

    async def count(
        self, client_id: UUID, now: int, per_minute: int, per_day: int
    ) -> tuple[int, int]:
        """One more call, if it is let in: how many that makes in this minute, and in this day.

        Of a window that is used up, one more than it holds; then the call counts in neither.
        """

    async def close(self) -> None:
        """Let go of what it counts in."""


class LocalLimits:
    """Counts in the memory of this process."""

    def __init__(self) -> None:
        self._minute, self._day = 0, 0
        self._in_minute: dict[UUID, int] = {}
        self._in_day: dict[UUID, int] = {}

    async def count(
        self, client_id: UUID, now: int, per_minute: int, per_day: int
    ) -> tuple[int, int]:
        """One more call, if it is let in: how many that makes in this minute, and in this day."""
        minute, day = now // MINUTE, now // DAY
        if minute != self._minute:
            self._minute, self._in_minute = minute, {}
        if day != self._day:
            self._day, self._in_day = day, {}
        in_minute, in_day = self._in_minute.get(client_id, 0), self._in_day.get(client_id, 0)
        if in_day >= per_day:
            return in_minute, in_day + 1
        if in_minute >= per_minute:
            return in_minute + 1, in_day
        self._in_minute[client_id] = in_minute = in_minute + 1
        self._in_day[client_id] = in_day = in_day + 1
        return in_minute, in_day

    async def close(self) -> None:
        """Let go of what it counts in: nothing that would stay."""


class SharedLimits:
    """Counts in Valkey, and here while Valkey is away."""

    def __init__(self, valkey: Valkey) -> None:
        self._valkey = valkey
        # Known by its hash to a Valkey that has run it; another is sent the text, once.
        self._let_in = valkey.register_script(LET_IN)
        self._local = LocalLimits()
        self._away_until = 0.0

    async def count(
        self, client_id: UUID, now: int, per_minute: int, per_day: int
    ) -> tuple[int, int]:
        """One more call, if it is let in: how many that makes in this minute, and in this day."""
        if time.monotonic() < self._away_until:
            FALLBACKS.inc()
            return await self._local.count(client_id, now, per_minute, per_day)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                in_minute, in_day = await self._count_shared(client_id, now, per_minute, per_day)
        except (ValkeyError, OSError, TimeoutError) as problem:
            self._away_until = time.monotonic() + REST_SECONDS
            FALLBACKS.inc()
            log.warning("valkey_away", problem=type(problem).__name__)
            return await self._local.count(client_id, now, per_minute, per_day)
        # What was let in is known here too, should Valkey go away.
        if in_minute <= per_minute and in_day <= per_day:
            await self._local.count(client_id, now, per_minute, per_day)
        return in_minute, in_day

    async def close(self) -> None:
        """Let go of what it counts in."""
        await self._valkey.aclose()

    async def _count_shared(
        self, client_id: UUID, now: int, per_minute: int, per_day: int
    ) -> tuple[int, int]:
        names = (("m", MINUTE), ("d", DAY))
        keys = [f"beleg:{name}:{client_id}:{now // window}" for name, window in names]
        in_minute, in_day = await self._let_in(keys, [per_minute, per_day, 2 * MINUTE, 2 * DAY])
        return in_minute, in_day


class Budget(NamedTuple):
    """Where a caller stands in its two windows after one more call.

    A call that was not let in stands beyond the window that refused it: the day, if both would.
    """

    per_minute: int
    per_day: int
    in_minute: int
    in_day: int
    now: int

    def headers(self) -> Headers:
        """The IETF draft's fields: the policy, and what is left of it."""
        minute_ends, day_ends = MINUTE - self.now % MINUTE, DAY - self.now % DAY
        left_in_minute = max(0, self.per_minute - self.in_minute)
        left_in_day = max(0, self.per_day - self.in_day)
        return (
            ("RateLimit-Policy", _policy(self.per_minute, self.per_day)),
            (
                "RateLimit",
                f'"minute";r={left_in_minute};t={minute_ends}, "day";r={left_in_day};t={day_ends}',
            ),
        )

    def require_left(self) -> None:
        """Raise TooManyCalls, saying when to come back, once a window is used up."""
        if self.in_day > self.per_day:
            raise TooManyCalls(DAY - self.now % DAY)
        if self.in_minute > self.per_minute:
            raise TooManyCalls(MINUTE - self.now % MINUTE)


async def count_call(limits: Limits, caller: Caller, beside: str = "") -> Budget:
    """Count one call of this caller; `beside` names what is counted apart from its calls."""
    now = int(time.time())
    per_minute, per_day = caller.per_minute, caller.per_day
    whose = uuid5(caller.client_id, beside) if beside else caller.client_id
    in_minute, in_day = await limits.count(whose, now, per_minute, per_day)
    return Budget(per_minute, per_day, in_minute, in_day, now)


def connect(valkey_url: str) -> Limits:
    """What counts here: Valkey where an address is set."""
    if not valkey_url:
        return LocalLimits()
    return SharedLimits(Valkey.from_url(valkey_url))


@lru_cache(maxsize=1024)
def _policy(per_minute: int, per_day: int) -> str:
    return f'"minute";q={per_minute};w={MINUTE}, "day";q={per_day};w={DAY}'
