"""Work that takes a while, by a few threads of its own: fairly among owners, and never a long line.

What fills one bulkhead holds up nothing beside it; whoever asks for much waits for itself.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Condition, Thread
from typing import Any, NamedTuple, TypeVar

from prometheus_client import Counter

from core.errors import Unavailable

IDLE_SECONDS = 10.0  # then a thread ends that had nothing to do
REFUSED = Counter("bulkhead_refused_total", "Work refused because its line was full", ["name"])
T = TypeVar("T")


class _Job(NamedTuple):
    work: Callable[[], Any]
    future: Future[Any]


class Bulkhead:
    """So many threads, a line before them, and in it a turn for each owner after the other."""

    def __init__(
        self, name: str, *, threads: int, most_waiting: int, most_per_owner: int, refusal: str
    ) -> None:
        self._name = name
        self._threads = threads
        self._most_waiting = most_waiting
        self._most_per_owner = most_per_owner
        self._refusal = refusal
        self._changed = Condition()
        self._line: OrderedDict[Hashable, deque[_Job]] = OrderedDict()  # whose turn it is first
        self._started = self._idle = 0

    async def run(self, owner: Hashable, work: Callable[[], T]) -> T:
        """What the work gives, in its owner's turn; raises Unavailable where the line is full."""
        future: Future[T] = Future()
        with self._changed:
            self._require_room(owner)
            self._line.setdefault(owner, deque()).append(_Job(work, future))
            if self._idle >= self._waiting() or self._started >= self._threads:
                self._changed.notify()
            else:
                self._started += 1
                Thread(target=self._serve, name=self._name, daemon=True).start()
        return await asyncio.wrap_future(future)

    def _waiting(self) -> int:
        return sum(map(len, self._line.values()))

    def _require_room(self, owner: Hashable) -> None:
        """Raise Unavailable where there is none; whoever has most in a full line makes room."""
        own = len(self._line.get(owner, ()))
        if own >= self._most_per_owner:
            raise self._refused()
        if self._waiting() < self._most_waiting:
            return
        greedy = max(self._line, key=lambda each: len(self._line[each]))
        if len(self._line[greedy]) <= own + 1:
            raise self._refused()
        left_out = self._line[greedy].pop().future
        if left_out.set_running_or_notify_cancel():
            left_out.set_exception(self._refused())

    def _refused(self) -> Unavailable:
        REFUSED.labels(self._name).inc()
        return Unavailable(self._refusal)

    def _serve(self) -> None:
        while (job := self._next()) is not None:
            if not job.future.set_running_or_notify_cancel():
                continue  # nobody waits for it any more
            try:
                job.future.set_result(job.work())
            except BaseException as problem:
                job.future.set_exception(problem)
            del job  # what it gave is not kept while there is nothing to do

    def _next(self) -> _Job | None:
        """The next job in turn; None once there was none for a while."""
        with self._changed:
            self._idle += 1
            there = self._changed.wait_for(lambda: self._line, IDLE_SECONDS)
            self._idle -= 1
            if not there:
                self._started -= 1
                return None
            owner, jobs = self._line.popitem(last=False)
            job = jobs.popleft()
            if jobs:
                self._line[owner] = jobs  # at the end: the others come before its next
            return job
