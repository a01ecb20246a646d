"""A bulkhead: who asks for much waits for itself, and a full line says so at once."""

import asyncio
import threading
import time
from collections.abc import Callable
from functools import partial

import pytest

from core.bulkhead import Bulkhead
from core.errors import Unavailable

pytestmark = pytest.mark.unit


def bulkhead(**changes: int) -> Bulkhead:
    """One with these bounds."""
    bounds = {"threads": 1, "most_waiting": 4, "most_per_owner": 3, **changes}
    return Bulkhead("test", refusal="Too many wait.", **bounds)


async def begun(line: Bulkhead, owner: str, work: Callable[[], object]) -> asyncio.Task[object]:
    """Work that waits or goes on."""
    task = asyncio.create_task(line.run(owner, work))
    await asyncio.sleep(0)
    return task


async def test_owners_take_turns_however_much_one_asks_for() -> None:
    line, gate, order = bulkhead(most_waiting=9), threading.Event(), list[str]()
    first = await begun(line, "busy", gate.wait)
    while line._waiting():
        await asyncio.sleep(0.001)
    tasks = [
        await begun(line, owner, partial(order.append, owner))
        for owner in ("busy", "busy", "busy", "other")
    ]
    gate.set()
    await asyncio.gather(first, *tasks)
    assert order == ["busy", "other", "busy", "busy"]


async def test_a_full_line_refuses_at_once_and_whoever_has_most_in_it_makes_room() -> None:
    line, gate = bulkhead(), threading.Event()
    first = await begun(line, "busy", gate.wait)
    while line._waiting():
        await asyncio.sleep(0.001)
    waiting = [await begun(line, "busy", int) for _ in range(3)]
    with pytest.raises(Unavailable, match=r"Too many wait\."):
        await line.run("busy", int)
    waiting += [await begun(line, "second", int)]
    third = await begun(line, "third", int)  # the line is full, and "busy" has three in it
    gate.set()
    ended = await asyncio.gather(first, third, *waiting, return_exceptions=True)
    assert [isinstance(each, Unavailable) for each in ended] == [
        *(False, False),
        *(False, False, True),
        False,
    ]


async def test_what_nobody_waits_for_any_more_is_not_done() -> None:
    line, gate, done = bulkhead(), threading.Event(), list[int]()
    first = await begun(line, "one", gate.wait)
    while line._waiting():
        await asyncio.sleep(0.001)
    gone = await begun(line, "one", lambda: done.append(1))
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    gate.set()
    await first
    await line.run("one", int)
    assert done == []


async def test_what_goes_wrong_is_told_and_holds_up_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("core.bulkhead.IDLE_SECONDS", 0.01)
    line = bulkhead()
    with pytest.raises(ZeroDivisionError):
        await line.run("one", lambda: 1 // 0)
    while line._started:  # a thread that has nothing to do ends
        await asyncio.sleep(0.01)
    assert await line.run("one", lambda: 7) == 7


async def test_so_many_work_at_once_and_no_more() -> None:
    line, seen = bulkhead(threads=2, most_waiting=9, most_per_owner=9), list[int]()
    running = threading.Semaphore(2)

    def work() -> None:
        assert running.acquire(blocking=False)
        time.sleep(0.02)
        seen.append(1)
        running.release()

    await asyncio.gather(*(line.run("one", work) for _ in range(6)))
    assert len(seen) == 6
