"""Looking how a state goes: what each one's gate is given to judge by."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from core.errors import Unavailable
from deploy.release import gate
from deploy.release.composition import Composition
from deploy.release.evidence import MEASURED, LastLook, Measured
from deploy.release.machine import Release
from deploy.release.model import Addresses, Comparison, Counters, ReleaseState, Slot, Verdict

RELEARNT = "measuring begins now: only now is A known well enough to say what is slow"


class Observer:
    """Asks the edge, the differ or B itself, and has the gate judge it."""

    def __init__(self, parts: Composition) -> None:
        self._parts = parts

    async def counters(self, measured: Measured) -> dict[str, Counters]:
        """What the edge and the pages counted so far, by `api-green`, `pages-green`, …."""
        edge = await self._parts.edge.counters()
        return {**edge, **await self._parts.pages(measured.addresses)}

    async def begin(self, release: Release, measured: Measured) -> Measured:
        """What is measured from here on, where a state's world has just been made."""
        if release.state not in (MEASURED | {ReleaseState.EXPAND, ReleaseState.SHADOW}):
            return replace(measured, look=None, trouble="")
        if release.state in MEASURED:
            await asyncio.sleep(release.plan.settle_seconds)
        return measured.begun(await self.counters(measured), release)

    async def look(self, release: Release, measured: Measured) -> Measured:
        """The same with how the state goes now; raises Unavailable where it cannot be told."""
        match release.state:
            case ReleaseState.EXPAND:
                judged = gate.judge_expand(await self._missing(release.b))
            case ReleaseState.SHADOW:
                return await self._shadow(release, measured)
            case ReleaseState.CONTRACT:
                judged = await self._contract(release)
            case _ if release.state in MEASURED:
                return await self._beside(release, measured)
            case _:
                judged = Verdict.PASS, ()
        return replace(measured, look=_look(judged))

    async def _beside(self, release: Release, measured: Measured) -> Measured:
        counters = await self.counters(measured)
        measured = measured.counted(counters, release)
        if measured.unpaced(release):
            measured = measured.begun(counters, release)
            return replace(measured, look=_look((Verdict.HOLD, (RELEARNT,))))
        return judged(release, measured, datetime.now(UTC))

    async def _shadow(self, release: Release, measured: Measured) -> Measured:
        slots = (Slot.SHADOW_A, Slot.SHADOW_B)
        a, b = (measured.addresses.get(each, Addresses()) for each in slots)
        summary = await self._parts.differ(a, b).report()
        found = gate.judge_shadow(summary, release.plan)
        more = tuple(f"not covered: {each}" for each in summary.uncovered[: gate.SHOWN])
        look = _look((found[0], (*found[1], *more)))
        measured = measured.counted(await self.counters(measured), release)
        return replace(measured, look=replace(look, report=summary.report))

    async def _missing(self, build: str) -> list[str]:
        """What of B's the database lacks, as B itself says."""
        plan = await self._asked(build, "migrate", "plan", "--json")
        rows = await self._asked(build, "backfill", "status", "--json")
        revisions = [f"the database lacks B's revision {_name(each)}" for each in plan["revisions"]]
        return revisions + [
            f"backfill {each['name']} is {each['state']}, not verified"
            for each in rows
            if each["state"] != "verified"
        ]

    async def _asked(self, build: str, *words: str) -> Any:
        said = await self._parts.platform.command(build, *words)
        for line in reversed(said.splitlines()):
            if line.startswith(("{", "[")):
                return json.loads(line)
        raise Unavailable(f"B's `beleg {' '.join(words)}` says nothing that can be read: {said!r}")

    async def _contract(self, release: Release) -> gate.Judgement:
        for name in release.plan.contracts:
            try:
                await self._parts.platform.command(release.b, "migrate", "contract", name)
            except Unavailable as problem:
                return Verdict.HOLD, (f"{name} is not dropped yet: {problem.detail}",)
        done = ", ".join(release.plan.contracts)
        return Verdict.PASS, (f"dropped {done}" if done else "no contract was named",)


def judged(release: Release, measured: Measured, now: datetime) -> Measured:
    """The same, looked at now where a look is due."""
    comparisons, plan = measured.comparisons(release), release.plan
    soak = plan.soak_minutes if release.state is ReleaseState.SOAK else 0.0
    minutes = (now - release.since).total_seconds() / 60
    pace = replace(measured.pace, minutes=minutes, soak_minutes=soak)
    passed = measured.look is not None and measured.look.verdict == Verdict.PASS
    found: gate.Judgement
    if gate.is_due(comparisons, plan, pace, passed):
        found = gate.judge(comparisons, plan, pace)
        progress = gate.progress(comparisons, plan)
        pace = replace(pace, look=pace.look + 1, last_progress=progress, last_minutes=minutes)
    elif passed and measured.look:
        found = Verdict.PASS, measured.look.reasons
    else:
        found = Verdict.HOLD, gate.waiting(comparisons, plan, pace)
    return replace(measured, pace=pace, look=_look(found, comparisons))


def _look(found: gate.Judgement, comparisons: list[Comparison] | None = None) -> LastLook:
    told = tuple(gate.as_json(each) for each in comparisons or ())
    return LastLook(datetime.now(UTC), found[0].value, found[1], told)


def _name(revision: Any) -> str:
    return str(revision.get("name", revision)) if isinstance(revision, Mapping) else str(revision)
