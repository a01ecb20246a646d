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
from deploy.release.rehearsal.books import Books
from deploy.release.rehearsal.plan import RehearsalPlan
from deploy.release.rehearsal.report import ALONE, RehearsalReport, judged, phases_of
from deploy.release.rehearsal.stand import Stand, standing
from deploy.release.rehearsal.traffic import Traffic, flowing
from deploy.release.rehearsal.verifying import lost
from deploy.release.rehearsal.way import Way

LOOK_SECONDS = 0.25
Told = Callable[[str], None]
T = TypeVar("T")


async def rehearse(plan: RehearsalPlan, told: Told, ends_as: str = "done") -> RehearsalReport:
    """Rehearse it; the report says which promises were kept. Nothing is left running."""
    began, books = time.monotonic(), Books()
    told("Starting PostgreSQL, Envoy and build A")
    async with standing(plan) as stand:
        told("Letting partners and people in")
        await stand.let_in()
        tree = await stand.platform.tree(plan.a)
        books.phase("warming up")
        async with flowing(stand, books, tree) as traffic:
            way = await _under_traffic(stand, traffic, told)
        books.close()
        told(f"Looking for {books.acknowledged:,} acknowledged writes")
        missing = await lost(stand.edge.api, books)
        report = await _reported(stand, traffic, way, missing, time.monotonic() - began)
    report.promises = judged(report, books, plan.requests, ends_as)
    return report


async def until_told(work: Coroutine[Any, Any, T]) -> T:
    """Do it; SIGTERM ends it as Ctrl-C does, with everything that it has started."""
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


async def _under_traffic(stand: Stand, traffic: Traffic, told: Told) -> Way:
    """A alone, then the whole way, then B alone until enough was asked."""
    books, plan = traffic.books, stand.plan
    await alone(stand, traffic, told)
    way = Way(stand, plan.b, told)
    await gone(way, books, plan)
    done = await way.state() is ReleaseState.DONE
    while done and books.requests < plan.requests:  # noqa: ASYNC110 - traffic counts
        await asyncio.sleep(LOOK_SECONDS)
    return way


async def alone(stand: Stand, traffic: Traffic, told: Told) -> None:
    """A serves everybody, and what it usually takes is learnt."""
    await asyncio.sleep(stand.plan.warm_seconds)
    traffic.books.phases.clear()
    told(f"A alone for {stand.plan.alone_seconds:.0f} s")
    traffic.books.phase(ALONE)
    await asyncio.sleep(stand.plan.alone_seconds)


async def gone(way: Way, books: Books, plan: RehearsalPlan) -> None:
    """Go the way to its end or back, and a while on; raises Unavailable where it gets stuck."""
    watching = asyncio.create_task(_watch(way, books))
    try:
        async with asyncio.timeout(plan.patience_seconds):
            await way.drive()
    except TimeoutError as problem:
        raise Unavailable(await way.stuck()) from problem
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
    books.phase(f"after {(await way.state()).value}")
    await asyncio.sleep(plan.afterwards_seconds)


async def _watch(way: Way, books: Books) -> None:
    """Let answers count for the state that the release is in."""
    while True:
        where = await way.where()
        if where and books.now.name != where:
            books.phase(where)
        await asyncio.sleep(LOOK_SECONDS)


async def _reported(
    stand: Stand, traffic: Traffic, way: Way, missing: list[str], seconds: float
) -> RehearsalReport:
    books = traffic.books
    shadow = await way.shadow()
    return RehearsalReport(
        a=stand.plan.a,
        b=stand.plan.b,
        phases=phases_of(books),
        state=(await way.state()).value,
        seconds=round(seconds, 1),
        acknowledged=books.acknowledged,
        failures=books.failures,
        lost=missing,
        golden=traffic.golden.exchanges,
        windows=traffic.visits,
        steps=await way.steps(),
        shadow=asdict(shadow) if shadow else {},
    )


def written(report: RehearsalReport, folder: Path) -> list[Path]:
    """Write the report for people and for pipelines; where it is."""
    places = [folder / "rehearsal.md", folder / "rehearsal.json"]
    places[0].write_text(report.as_markdown())
    places[1].write_text(json.dumps(report.as_json(), indent=1, ensure_ascii=False) + "\n")
    return places
