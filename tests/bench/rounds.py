"""Turns that interleave, and what may be concluded from them.

The machine is shared: what it can do changes from one minute to the next. So sides take turns of
a second or two, in an order that shifts from round to round, and are compared within a round.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench import machine
from tests.bench.cases import Side
from tests.bench.load import CONNECTIONS, crowd

WARM_SECONDS = 0.3
RESAMPLES = 4_000


@dataclass(frozen=True, slots=True)
class Turn:
    """What one side did in one round; latencies in ms, CPU in µs per request."""

    per_second: float
    p50: float
    p99: float
    cpu: float
    database_cpu: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """The median of some ratios, and the interval in which it lies with 95 % confidence."""

    middle: float
    low: float
    high: float


Turns = dict[str, list[Turn]]


async def interleave(
    sides: Sequence[Side], postgres_pid: int, rounds: int, seconds: float
) -> Turns:
    """Let the sides take turns, each so many seconds a round."""
    turns: Turns = {side.name: [] for side in sides}
    for number in range(rounds):
        shift = number % len(sides)
        for side in (*sides[shift:], *sides[:shift]):
            turns[side.name].append(await _turn(side, postgres_pid, seconds))
    return turns


async def _turn(side: Side, postgres_pid: int, seconds: float) -> Turn:
    async with crowd(side.server.port, CONNECTIONS) as callers:
        await callers.run(side.requests, side.status, WARM_SECONDS)
        cpu, database = machine.cpu(side.server.pid), machine.cpu_of_family(postgres_pid)
        run = await callers.run(side.requests, side.status, seconds)
        cpu = machine.cpu(side.server.pid) - cpu
        after = machine.cpu_of_family(postgres_pid)
    answered = len(run.latencies)
    used = sum(now - database.get(pid, now) for pid, now in after.items())
    return Turn(
        per_second=answered / run.seconds,
        p50=run.percentile(50) * 1e3,
        p99=run.percentile(99) * 1e3,
        cpu=cpu / answered * 1e6,
        database_cpu=used / answered * 1e6,
    )


def compare(turns: Turns, over: str, under: str, figure: Callable[[Turn], float]) -> Estimate:
    """How many times one side's figure is another's, by the rounds' ratios."""
    pairs = zip(turns[over], turns[under], strict=True)
    return estimate([figure(a) / figure(b) for a, b in pairs])


def middle(turns: Sequence[Turn]) -> Turn:
    """A turn of medians."""
    return Turn(*(median(getattr(each, name) for each in turns) for name in Turn.__slots__))


def estimate(ratios: Sequence[float]) -> Estimate:
    """The median and, by resampling, its 95 % interval."""
    dice = random.Random(1)
    medians = sorted(median(dice.choices(ratios, k=len(ratios))) for _ in range(RESAMPLES))
    low, high = medians[int(RESAMPLES * 0.025)], medians[int(RESAMPLES * 0.975) - 1]
    return Estimate(median(ratios), low, high)
