"""How long a request may take; what it had under way in the database then ends with it."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import TypeVar

from core.errors import Unavailable

T = TypeVar("T")
LATE = "This took too long; try again soon."


class Deadline:
    """So many seconds for what is done within; raises Unavailable where they were not enough."""

    __slots__ = ("_timeout",)

    def __init__(self, seconds: float) -> None:
        self._timeout = asyncio.timeout(seconds)

    async def __aenter__(self) -> "Deadline":
        await self._timeout.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            await self._timeout.__aexit__(kind, problem, trace)
        except TimeoutError:
            raise Unavailable(LATE) from None

    def uncounted(self, wait: Callable[[], Awaitable[T]]) -> Callable[[], Awaitable[T]]:
        """The same wait, whose time does not count: how long a body takes is its sender's line."""
        timeout, loop = self._timeout, asyncio.get_running_loop()

        async def waited() -> T:
            end = timeout.when()
            if end is None or timeout.expired():
                return await wait()
            began = loop.time()
            timeout.reschedule(None)
            try:
                return await wait()
            finally:
                if not timeout.expired():
                    timeout.reschedule(end + loop.time() - began)

        return waited
