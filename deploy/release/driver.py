"""Driving a release: write down where it goes, make the world so, look, and go on or back.

Whoever drives may be killed at any moment: what was decided stands in the release's row, and making
the world so is begun anew by whoever drives next.
"""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import structlog

from core.db import Database
from core.errors import Refused, Unavailable
from deploy.release import comparing, conditions, machine, store
from deploy.release.composition import Composition
from deploy.release.evidence import BESIDE, MEASURED, Measured
from deploy.release.lock import DriverLock
from deploy.release.looking import Observer
from deploy.release.machine import ENDS, Release
from deploy.release.model import ReleaseState, Verdict
from deploy.release.names import Namer
from deploy.release.reconcile import CannotStart, Reconciler, Told
from deploy.release.steering import driver_name, operator
from deploy.release.store import Overtaken, StoredRelease

T = TypeVar("T")
GATE = "gate"
BUILDS = 2
log = structlog.get_logger()
SELDOM = frozenset({ReleaseState.EXPAND, ReleaseState.CONTRACT})
"""What these look at costs B a process, and changes slowly."""


@dataclass(frozen=True, slots=True)
class Times:
    """How long a driver waits, in seconds."""

    notice: float = 0.5
    """Until it notices what was decided elsewhere."""
    look: float = 5.0
    seldom: float = 30.0
    retry: float = 5.0


USUAL = Times()


class _Steered(Exception):
    """Somebody has decided something else meanwhile."""


class Driver:
    """Drives the open release for as long as it has the lock.

    By hand it goes `steps` further and then watches on: a gate that fails goes back, whoever asked.
    """

    def __init__(
        self,
        db: Database,
        lock: DriverLock,
        parts: Composition,
        told: Told,
        times: Times = USUAL,
    ) -> None:
        self._db = db
        self._lock = lock
        self._reconciler = Reconciler(parts, told)
        self._observer = Observer(parts)
        self._namer = Namer(parts, db)
        self._tell = told
        self._times = times
        self._said: object = None

    async def run(self, steps: int = 0, *, stay: bool = True) -> StoredRelease:
        """Drive until the release has ended or gone back; how it stands then.

        Unless it is to `stay`, also until it stands and waits for an operator.
        """
        while True:
            try:
                await self._lock.confirm()
                found = await store.last(self._db)
                assert found is not None  # noqa: S101 - whoever drives has one
                if found.release.ended_at is not None:
                    return found
                moved, found = await self._turn(found, steps)
                steps -= moved and not found.release.automatic
                if found.release.stands and self._rests(found, steps, stay):
                    return found
            except (_Steered, Overtaken):
                continue
            except Unavailable as problem:  # our own database is away
                self._say(problem.detail)
                await asyncio.sleep(self._times.retry)

    def _rests(self, found: StoredRelease, steps: int, stay: bool) -> bool:
        now = found.release
        if now.state in ENDS or now.state is ReleaseState.BACK:
            return True
        waits = bool(now.held) or not (now.automatic or steps > 0)
        return waits and not stay

    async def _turn(self, found: StoredRelease, steps: int) -> tuple[bool, StoredRelease]:
        """Make the world so, or look once and decide; whether it went a step on."""
        now = found.release
        if not now.stands:
            return False, await self._make(now, found.measured)
        if now.state is ReleaseState.BACK:
            return False, found
        measured = await self._look(now, found.measured)
        if measured.trouble or measured.look is None:
            await self._wait(now, self._times.retry)
            return False, found
        verdict, may = measured.look.verdict, now.automatic or steps > 0
        self._say((now.where, verdict, measured.look.reasons), _told(now, measured))
        if verdict == Verdict.FAIL:
            return False, await self._go(now, machine.back(now), measured)
        if verdict == Verdict.PASS and may and not now.held:
            return True, await self._go(now, machine.onward(now), measured)
        seldom = now.state in SELDOM and verdict != Verdict.PASS
        await self._wait(now, self._times.seldom if seldom else self._times.look)
        return False, replace(found, measured=measured)

    async def _make(self, now: Release, measured: Measured) -> StoredRelease:
        self._tell(f"{now.where}: it is made so")
        try:
            addresses = await self._unless_steered(
                now, self._reconciler.make(now, dict(measured.addresses))
            )
            measured = replace(measured, addresses=addresses, trouble="")
            measured = await self._unless_steered(now, self._observer.begin(now, measured))
            measured = replace(measured, names={})  # another B may stand where one stood
        except CannotStart as problem:
            if now.state in machine.BEFORE_CONTRACT:
                return await self._fail(now, problem.detail, measured)
            await self._in_trouble(now, measured, problem)
        except Refused as problem:
            await self._in_trouble(now, measured, problem)
        else:
            if await store.made(self._db, now, measured):
                self._tell(f"{now.where}: it stands")
                return StoredRelease(
                    replace(now, observed_generation=now.generation), measured, None
                )
        raise _Steered  # or in trouble: it is tried again

    async def _look(self, now: Release, measured: Measured) -> Measured:
        try:
            await self._unless_steered(now, self._refresh(now, measured))
            later = await self._unless_steered(now, self._observer.look(now, measured))
            if now.state in MEASURED and len(later.names) < BUILDS:
                names = await self._unless_steered(now, self._namer.named(now, later))
                later = replace(later, names=names)
        except Overtaken:
            raise
        except Refused as problem:
            later = replace(measured, trouble=problem.detail)
            self._say(problem.detail)
        else:
            later = replace(later, trouble="")
        await store.measure(self._db, now, later)
        return later

    async def _refresh(self, now: Release, measured: Measured) -> None:
        """Let the rules name every key that their partners have by now.

        The edge is told first: whoever is killed in between finds the same to do again.
        """
        if now.state not in BESIDE:
            return
        later = await conditions.refreshed(self._db, now.conditions)
        new = [each for each in later if each not in now.conditions]
        if not new:
            return
        if now.state is ReleaseState.AB:
            await self._reconciler.route(replace(now, conditions=later), measured.addresses)
        reasons = [f"{each.rule} names {each.value} from now on" for each in new]
        await store.refresh(self._db, now, later, reasons, driver_name())
        self._tell(f"{now.where}: {'; '.join(reasons)}")

    async def _go(self, now: Release, then: Release, measured: Measured) -> StoredRelease:
        look = measured.look
        assert look is not None  # noqa: S101 - it has just looked
        evidence = {
            "reasons": look.reasons,
            "comparisons": look.comparisons,
            "bounds_ms": dict(measured.bounds),
            "report": look.report,
        }
        if now.state in MEASURED:
            told = await comparing.evidence(self._db, StoredRelease(now, measured, None))
            evidence["outcomes"] = told
        by = GATE if now.automatic or look.verdict == Verdict.FAIL else operator()
        return await self._move(now, then, look.verdict, evidence, measured, by)

    async def _fail(self, now: Release, reason: str, measured: Measured) -> StoredRelease:
        self._tell(reason)
        measured = replace(measured, trouble="")
        evidence = {"reasons": [reason]}
        fail = Verdict.FAIL.value
        return await self._move(now, machine.back(now), fail, evidence, measured, GATE)

    async def _move(
        self,
        now: Release,
        then: Release,
        verdict: str,
        evidence: Mapping[str, Any],
        measured: Measured,
        by: str,
    ) -> StoredRelease:
        await self._lock.confirm()
        after = await store.move(self._db, now, then, verdict, evidence, by)
        log.info("release_moved", release=str(now.id), was=now.where, now=after.where)
        self._tell(f"{now.where}: {verdict}; on to {after.where}")
        return StoredRelease(after, measured, None)

    async def _in_trouble(self, now: Release, measured: Measured, problem: Refused) -> None:
        self._say(problem.detail)
        await store.measure(self._db, now, replace(measured, trouble=problem.detail))
        await self._wait(now, self._times.retry)

    async def _wait(self, now: Release, seconds: float) -> None:
        await self._unless_steered(now, asyncio.sleep(seconds))

    async def _unless_steered(self, now: Release, work: Awaitable[T]) -> T:
        """Do it, unless somebody decides otherwise meanwhile: then it is left at once."""
        task = asyncio.ensure_future(work)
        try:
            while not (await asyncio.wait({task}, timeout=self._times.notice))[0]:
                if await self._steered(now):
                    raise _Steered
            return task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _steered(self, now: Release) -> bool:
        try:
            found = await store.last(self._db)
        except Unavailable:
            return False  # what is begun goes on while our database is away
        if found is None or found.release.id != now.id:
            return True
        return (found.release.generation, found.release.held) != (now.generation, now.held)

    def _say(self, said: object, text: str = "") -> None:
        """Tell it once, as long as it is the same."""
        if said != self._said:
            self._said = said
            self._tell(text or str(said))


def _told(now: Release, measured: Measured) -> str:
    assert measured.look is not None  # noqa: S101 - or it is not told
    reasons = "; ".join(measured.look.reasons)
    held = f" (held: {now.held})" if now.held else ""
    return f"{now.where}: {measured.look.verdict}{held}: {reasons}"
