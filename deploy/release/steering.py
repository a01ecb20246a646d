"""What an operator decides about a release, from any terminal, whether somebody drives or not."""

import asyncio
import getpass
import os
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from core.db import Database
from core.errors import Complaint, Conflict, Invalid
from core.ids import new_id
from deploy.release import comparing, machine, store
from deploy.release.evidence import MEASURED
from deploy.release.machine import Release, ReleasePlan
from deploy.release.model import Condition, ReleaseState, Slot, Verdict
from deploy.release.store import Overtaken, StoredRelease

TRIES = 20
NOTHING: Mapping[Slot, str] = MappingProxyType({})


def operator() -> str:
    """Who decides: the person, and the machine that the command runs on."""
    return f"{getpass.getuser()}@{socket.gethostname()}"


def driver_name() -> str:
    """Who drives."""
    return f"{operator()}, process {os.getpid()}"


async def begin(
    db: Database,
    a: str | None,
    b: str,
    plan: ReleasePlan,
    conditions: Sequence[Condition],
    automatic: bool,
    standing: Mapping[Slot, str] = NOTHING,
) -> Release:
    """Put a release of B beside A on record; A is what serves, where it is known.

    What stands is believed before what is on record, which may have been started anew since.
    """
    await store.require_none_open(db)
    a, slot = _serving(a, await store.last_done(db), standing)
    now = datetime.now(UTC)
    new = Release(
        id=new_id(),
        a=a,
        b=b,
        slot=machine.other(slot),
        state=ReleaseState.EXPAND,
        weight=0.0,
        conditions=tuple(conditions),
        plan=plan,
        automatic=automatic,
        held=None,
        generation=1,
        observed_generation=0,
        since=now,
        started_at=now,
    )
    await store.begin(db, new, operator())
    return new


def _serving(
    a: str | None, before: Release | None, standing: Mapping[Slot, str]
) -> tuple[str, Slot]:
    """The build that serves, and from which slot."""
    slot = before.slot if before else Slot.BLUE
    if len(standing) == 1:
        slot = next(iter(standing))
    known = standing.get(slot) or (before.b if before else None)
    if slot in standing and a not in (None, known):
        said = f"{slot} serves {known}, not {a}: leave --a out, or start {a} there first."
        raise Invalid(Complaint("--a", said))
    if not (a or known):
        said = "Which build serves now is not on record: name it with --a."
        raise Invalid(Complaint("--a", said))
    return a or str(known), slot


async def back(db: Database, reason: str) -> Release:
    """Everybody to A; where they are already, that is made so again."""
    return await _decide(db, _back, "back", {"reasons": [reason]})


def _back(found: StoredRelease) -> Release:
    now = found.release
    return now if now.state is ReleaseState.BACK else machine.back(now)


async def abort(db: Database, reason: str) -> Release:
    """Everybody to A, and the release is over."""
    return await _decide(
        db, lambda found: machine.abort(found.release), "abort", {"reasons": [reason]}
    )


async def hold(db: Database, reason: str) -> Release:
    """Stay where it is, whatever its gate says but for going back."""
    return await _decide(
        db, lambda found: machine.hold(found.release, reason), "hold", {"reasons": [reason]}
    )


async def let_go(db: Database) -> Release:
    """No longer hold it; a release that went back begins anew."""

    def then(found: StoredRelease) -> Release:
        now = found.release
        return machine.onward(now) if now.state is ReleaseState.BACK else replace(now, held=None)

    return await _decide(db, then, "advance", {})


async def onward(db: Database, anyway: str | None = None) -> Release:
    """A step further: where its gate let it pass, or `anyway`, for a reason."""

    def then(found: StoredRelease) -> Release:
        look = found.measured.look
        if not anyway and not (found.release.stands and look and look.verdict == Verdict.PASS):
            raise Conflict(f"{found.release.where} has not passed: {waits_for(found)}.")
        return machine.onward(found.release)

    found = await store.open_release(db)
    look = found.measured.look
    evidence: dict[str, Any] = {
        "reasons": [anyway] if anyway else [],
        "anyway": bool(anyway),
        "gate": look.reasons if look else [],
        "comparisons": look.comparisons if look else [],
    }
    if found.release.state in MEASURED:
        evidence["outcomes"] = await comparing.evidence(db, found)
    return await _decide(db, then, "anyway" if anyway else "advance", evidence)


def waits_for(found: StoredRelease) -> str:
    """What a release waits for, in words."""
    now, look = found.release, found.measured.look
    if found.measured.trouble:
        return found.measured.trouble.rstrip(".")
    if now.held:
        return f"held: {now.held}"
    if not now.stands:
        return "its world is not made yet"
    if look is None:
        return "a first look"
    if look.verdict == Verdict.PASS:
        return "the driver" if now.automatic else "an operator's `beleg release advance`"
    return "; ".join(look.reasons)


async def _decide(
    db: Database,
    then: Callable[[StoredRelease], Release],
    verdict: str,
    evidence: Mapping[str, Any],
) -> Release:
    """Write down what was decided, on whatever the release is by then."""
    for _ in range(TRIES):
        found = await store.open_release(db)
        now, after = found.release, then(found)
        if after == now:
            return now
        try:
            return await store.move(db, now, after, verdict, evidence, operator())
        except Overtaken:
            await asyncio.sleep(0.05)
    raise Overtaken
