"""What a gate is given to judge by, out of counters that were not all read at one moment."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast
from uuid import UUID

from deploy.release.composition import Composition, no_pages
from deploy.release.evidence import Measured, Tally
from deploy.release.looking import Observer
from deploy.release.machine import Release, ReleasePlan
from deploy.release.model import Counters, ReleaseState, Slot

NOW = datetime(2026, 11, 27, tzinfo=UTC)
RELEASE = Release(
    UUID(int=16), "a", "b", Slot.GREEN, ReleaseState.AB, 25.0, (), ReleasePlan(), True, None,
    1, 1, NOW, NOW,
)  # fmt: skip


def test_a_share_of_slow_ones_is_one_of_those_that_were_timed() -> None:
    before = {name: Counters(10, 0, {25.0: 0}, 8) for name in ("api-green", "api-baseline")}
    after = {
        "api-green": Counters(12, 0, {25.0: 9}, 20),
        "api-baseline": Counters(30, 0, {25.0: 2}, 28),
    }
    begun = {name: Tally.since(each) for name, each in before.items()}
    measured = replace(Measured(), window=begun, bounds={"api": 25.0}).counted(after, RELEASE)
    slow = next(each for each in measured.comparisons(RELEASE) if each.name == "api slow")
    assert (slow.bad_b, slow.all_b, slow.bad_a, slow.all_a) == (9, 12, 2, 20)


async def test_what_a_build_does_in_its_first_moments_is_not_what_it_is_judged_by() -> None:
    counted = Counters(100, 0, {25.0: 90})

    async def counters() -> Mapping[str, Counters]:
        return {"api-green": counted}

    async def at_its_start() -> None:
        nonlocal counted
        await asyncio.sleep(0.02)
        counted = Counters(200, 0, {25.0: 180})

    parts = SimpleNamespace(edge=SimpleNamespace(counters=counters), pages=no_pages)
    settling = replace(RELEASE, plan=ReleasePlan(settle_seconds=0.2))
    begun, _ = await asyncio.gather(
        Observer(cast(Composition, parts)).begin(settling, Measured()), at_its_start()
    )
    counted = Counters(210, 0, {25.0: 181})
    assert begun.counted(await counters(), settling).window["api-green"].total == Counters(
        10, 0, {25.0: 1}
    )
