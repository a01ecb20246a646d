"""Canary first, then wave by wave; halts where too large a share of a wave has failed."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from deploy.ops.fleet.file import Fleet, FleetInstance, Wave
from deploy.ops.fleet.remedies import Failure


class Result(StrEnum):
    """How a command ended on one instance."""

    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    NOT_BEGUN = "not begun"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a command on one instance."""

    instance: str
    wave: Wave
    result: Result
    seconds: float = 0.0
    said: str = ""
    failure: Failure | None = None


@dataclass(slots=True)
class FleetRun:
    """What came of a command on all, and why it was halted, if it was."""

    outcomes: list[Outcome] = field(default_factory=list)
    halted: str | None = None

    @property
    def failed(self) -> list[Outcome]:
        """The outcomes that are failures."""
        return [each for each in self.outcomes if each.result is Result.FAILED]


Work = Callable[[FleetInstance], Awaitable[Outcome]]


async def at_once(fleet: Fleet, chosen: Sequence[FleetInstance], work: Work) -> FleetRun:
    """Do the work on each instance, whoever fails: what is urgent, or changes nothing."""
    run, room = FleetRun(), asyncio.Semaphore(fleet.defaults.parallel)

    async def one(instance: FleetInstance) -> None:
        async with room:
            run.outcomes.append(await work(instance))

    await asyncio.gather(*map(one, chosen))
    return run


async def in_waves(fleet: Fleet, chosen: Sequence[FleetInstance], work: Work) -> FleetRun:
    """Do the work on each instance; after a halt nothing more is begun, what runs ends."""
    run = FleetRun()
    ordered = sorted(chosen, key=lambda each: fleet.waves.index(fleet.wave_of(each)))
    for wave, members in groupby(ordered, key=fleet.wave_of):
        if run.halted:
            run.outcomes += [Outcome(each.name, wave, Result.NOT_BEGUN) for each in members]
            continue
        await _wave(fleet, wave, list(members), work, run)
    return run


async def _wave(
    fleet: Fleet, wave: Wave, members: Sequence[FleetInstance], work: Work, run: FleetRun
) -> None:
    limit = 0.0 if wave == fleet.waves[0] else fleet.defaults.halt_share
    waiting, failed, finished = iter(members), 0, set[str]()

    async def take() -> None:
        nonlocal failed
        for instance in waiting:
            outcome = await work(instance)
            run.outcomes.append(outcome)
            finished.add(instance.name)
            failed += outcome.result is Result.FAILED
            if failed > limit * len(members):
                run.halted = _why(wave, failed, len(members), limit)
            if run.halted:
                return

    async with asyncio.TaskGroup() as takers:
        for _ in range(min(fleet.defaults.parallel, len(members))):
            takers.create_task(take())
    run.outcomes += [
        Outcome(each.name, wave, Result.NOT_BEGUN) for each in members if each.name not in finished
    ]


def _why(wave: Wave, failed: int, size: int, limit: float) -> str:
    allowed = f"at most {limit:.0%} may" if limit else "in the first, the canary, none may"
    return f"wave {wave}: {failed} of {size} failed, {allowed}"
