"""A release from end to end on one machine, under traffic, and what it came to."""

import asyncio
import json
import signal
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from core.errors import Unavailable
from deploy.release.model import ReleaseState
from deploy.release.rehearsal.plan import RehearsalPlan
from deploy.release.rehearsal.report import ALONE, RehearsalReport, judged, phases_of
from deploy.release.rehearsal.results import Results
from deploy.release.rehearsal.rollout import Rollout
from deploy.release.rehearsal.stand import Stand, standing
from deploy.release.rehearsal.traffic import Traffic, flowing
from deploy.release.rehearsal.verifying import lost

LOOK_SECONDS = 0.25
Told = Callable[[str], None]
T = TypeVar("T")


async def rehearse(plan: RehearsalPlan, told: Told, ends_as: str = "done") -> RehearsalReport:
    """Rehearse it; the report says which promises were kept. Nothing is left running."""
    began, results = time.monotonic(), Results()
    told("Starting PostgreSQL, Envoy and build A")
    async with standing(plan) as stand:
        told("Letting partners and people in")
        await stand.let_in()
        tree = await stand.platform.tree(plan.a)
        results.phase("warming up")
        async with flowing(stand, results, tree) as traffic:
            rollout = await _under_traffic(stand, traffic, told)
        results.close()
        told(f"Looking for {results.acknowledged:,} acknowledged writes")
        missing = await lost(stand.edge.api, results)
        report = await _reported(stand, traffic, rollout, missing, time.monotonic() - began)
    report.promises = judged(report, results, plan.requests, ends_as)
    return report


async def until_told(work: Coroutine[Any, Any, T]) -> T:
    """Do it; SIGTERM ends it as Ctrl-C does, with everything that it has started."""
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


async def _under_traffic(stand: Stand, traffic: Traffic, told: Told) -> Rollout:
    """A alone, then the whole way, then B alone until enough was asked."""
    results, plan = traffic.results, stand.plan
    await alone(stand, traffic, told)
    rollout = Rollout(stand, plan.b, told)
    await gone(rollout, results, plan)
    done = await rollout.state() is ReleaseState.DONE
    while done and results.requests < plan.requests:  # noqa: ASYNC110 - traffic counts
        await asyncio.sleep(LOOK_SECONDS)
    return rollout


async def alone(stand: Stand, traffic: Traffic, told: Told) -> None:
    """A serves everybody, and what it usually takes is learnt."""
    await asyncio.sleep(stand.plan.warm_seconds)
    traffic.results.phases.clear()
    told(f"A alone for {stand.plan.alone_seconds:.0f} s")
    traffic.results.phase(ALONE)
    await asyncio.sleep(stand.plan.alone_seconds)


async def gone(rollout: Rollout, results: Results, plan: RehearsalPlan) -> None:
    """Go the way to its end or back, and a while on; raises Unavailable where it gets stuck."""
    watching = asyncio.create_task(_watch(rollout, results))
    try:
        async with asyncio.timeout(plan.patience_seconds):
            await rollout.drive()
    except TimeoutError as problem:
        raise Unavailable(await rollout.stuck()) from problem
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
    results.phase(f"after {(await rollout.state()).value}")
    await asyncio.sleep(plan.afterwards_seconds)


async def _watch(rollout: Rollout, results: Results) -> None:
    """Let answers count for the state that the release is in."""
    while True:
        where = await rollout.where()
        if where and results.now.name != where:
            results.phase(where)
        await asyncio.sleep(LOOK_SECONDS)


async def _reported(
    stand: Stand, traffic: Traffic, rollout: Rollout, missing: list[str], seconds: float
) -> RehearsalReport:
    results = traffic.results
    shadow = await rollout.shadow()
    return RehearsalReport(
        a=stand.plan.a,
        b=stand.plan.b,
        phases=phases_of(results),
        state=(await rollout.state()).value,
        seconds=round(seconds, 1),
        acknowledged=results.acknowledged,
        failures=results.failures,
        lost=missing,
        golden=traffic.golden.exchanges,
        browser_visits=traffic.visits,
        steps=await rollout.steps(),
        shadow=asdict(shadow) if shadow else {},
    )


def written(report: RehearsalReport, folder: Path) -> list[Path]:
    """Write the report for people and for pipelines; where it is."""
    places = [folder / "rehearsal.md", folder / "rehearsal.json"]
    places[0].write_text(report.as_markdown())
    places[1].write_text(json.dumps(report.as_json(), indent=1, ensure_ascii=False) + "\n")
    return places
