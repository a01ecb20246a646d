"""Brownouts and retirement of a version: announced, carried out, taken back."""

from collections.abc import Sequence
from datetime import UTC, datetime

from core import audit, clients, usage
from core.audit import Actor
from core.db import Tx
from core.errors import Complaint, Conflict, Invalid
from core.lifecycle import store
from core.lifecycle.model import (
    Brownout,
    Lifecycle,
    VersionDates,
    require_announceable,
    require_retirable,
)

QUIET_DAYS = 30
"""How long nobody may have called a version before it can be retired."""


async def announce_brownout(
    tx: Tx,
    actor: Actor,
    versions: Sequence[VersionDates],
    wanted: Brownout,
    reason: str | None = None,
    *,
    anyway: bool = False,
) -> None:
    """Announce a window in which a deprecated version answers as if it were gone.

    Raises Conflict where that would be sooner than was published, unless `anyway`, with a reason.
    """
    _require_reason(reason, anyway=anyway)
    lifecycle = await _alone(tx, versions)
    require_announceable(lifecycle, wanted, datetime.now(UTC), anyway=anyway)
    await store.announce(tx, wanted)
    _record(tx, actor, "version.brownout_announced", wanted, {"reason": reason} if reason else {})


async def cancel_brownout(
    tx: Tx,
    actor: Actor,
    versions: Sequence[VersionDates],
    version: str,
    starts_at: datetime | None = None,
    reason: str | None = None,
) -> Brownout:
    """Take back a brownout, announced or running: the only one, or the one that starts then."""
    (await _alone(tx, versions)).dates(version)
    stored = await store.brownouts_of(tx, version)
    if not stored:
        raise Conflict(
            f"{version} has no brownout, neither announced nor running: there is nothing to"
            " cancel. `beleg versions list` says how each version stands."
        )
    chosen = [
        each
        for each in stored
        if starts_at in (None, each.brownout.starts_at.replace(microsecond=0))
    ]
    if len(chosen) != 1 and (starts_at is None or not chosen):
        known = ", ".join(each.brownout.interval for each in stored)
        raise Conflict(f"Say which brownout of {version}, by its start, as --from: {known}.")
    for each in chosen:
        await store.cancel(tx, each.id)
        more = {"reason": reason} if reason else {}
        _record(tx, actor, "version.brownout_cancelled", each.brownout, more)
    return chosen[0].brownout


async def retire(
    tx: Tx,
    actor: Actor,
    versions: Sequence[VersionDates],
    version: str,
    reason: str | None = None,
    *,
    anyway: bool = False,
) -> Sequence[usage.OperationCalls]:
    """Let a version be gone; raises Conflict, naming who, while live clients still call it.

    `anyway` needs a reason, which stands in the audit log with those who still called.
    """
    _require_reason(reason, anyway=anyway)
    lifecycle = await _alone(tx, versions)
    require_retirable(lifecycle, version, datetime.now(UTC))
    partners = await clients.partners(tx)
    calls = await usage.since(tx, QUIET_DAYS, version)
    callers = [each for each in calls if not partners[each.client_id].test]
    if callers and not anyway:
        names = ", ".join(
            sorted({f"{each.client} ({each.build or 'no build named'})" for each in callers})
        )
        raise Conflict(
            f"{version} was called in the last {QUIET_DAYS} days by {names}.", code="still_called"
        )
    await store.retire(tx, version, reason)
    detail = {
        "version": version,
        "reason": reason,
        "still_called_by": sorted({str(each.client_id) for each in callers}),
    }
    audit.record(tx, actor, "version.retired", "version", audit.NO_RECORD, detail)
    return callers


async def cancel_retirement(
    tx: Tx,
    actor: Actor,
    versions: Sequence[VersionDates],
    version: str,
    reason: str | None = None,
) -> None:
    """Serve a version again that was retired."""
    (await _alone(tx, versions)).dates(version)
    if not await store.unretire(tx, version):
        raise Conflict(
            f"{version} is not retired: there is nothing to cancel. `beleg versions list` says how"
            " each version stands; one past its sunset is brought back by no command."
        )
    detail = {"version": version, "reason": reason}
    audit.record(tx, actor, "version.retirement_cancelled", "version", audit.NO_RECORD, detail)


async def _alone(tx: Tx, versions: Sequence[VersionDates]) -> Lifecycle:
    """How the versions live, which nobody else changes until this unit of work ends."""
    await store.lock(tx)
    return await store.current(tx, versions)


def _require_reason(reason: str | None, *, anyway: bool) -> None:
    if anyway and not (reason or "").strip():
        raise Invalid(Complaint("/reason", "--anyway needs a --reason"))


def _record(tx: Tx, actor: Actor, action: str, brownout: Brownout, more: dict[str, str]) -> None:
    detail = {
        "version": brownout.version,
        "starts_at": str(brownout.starts_at),
        "ends_at": str(brownout.ends_at),
        **more,
    }
    audit.record(tx, actor, action, "version", audit.NO_RECORD, detail)
