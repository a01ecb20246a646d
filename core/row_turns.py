"""Rows that are changed by one unit of work at a time, and are waited for without a connection.

Who waited for a row's lock on a connection would keep it from those who want nothing of that row.
So a lock is taken at once or not at all; a unit that does not get it is undone, gives its
connection back and is done anew, in this process one after the other for each row.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar
from uuid import UUID

from core.errors import InProgress

FIRST_PAUSE, LONGEST_PAUSE = 0.005, 0.1  # seconds between two tries
T = TypeVar("T")


class RowHeld(Exception):
    """Another unit of work changes this row."""

    def __init__(self, id: UUID) -> None:
        super().__init__(str(id))
        self.id = id


class RowTurns:
    """Who waits in this process for which row, first come, first served."""

    def __init__(self) -> None:
        self._turns: dict[UUID, tuple[asyncio.Lock, int]] = {}

    async def wait(self, id: UUID, unit: Callable[[], Awaitable[T]], seconds: float) -> T:
        """Do the unit of work once nobody else has the row; raises InProgress if not soon."""
        deadline = time.monotonic() + seconds
        async with self._turn(id, deadline):
            pause = FIRST_PAUSE
            while (left := deadline - time.monotonic()) > 0:
                await asyncio.sleep(min(pause, left))
                pause = min(2 * pause, LONGEST_PAUSE)
                try:
                    return await unit()
                except RowHeld:
                    continue
        raise InProgress

    @asynccontextmanager
    async def _turn(self, id: UUID, deadline: float) -> AsyncIterator[None]:
        lock, others = self._turns.get(id, (asyncio.Lock(), 0))
        self._turns[id] = lock, others + 1
        try:
            try:
                async with asyncio.timeout(deadline - time.monotonic()):
                    await lock.acquire()
            except TimeoutError:
                raise InProgress from None
            try:
                yield
            finally:
                lock.release()
        finally:
            _, waiting = self._turns.pop(id)
            if waiting > 1:
                self._turns[id] = lock, waiting - 1
