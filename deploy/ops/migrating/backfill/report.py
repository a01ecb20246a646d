"""How far a backfill has come, in words for people and in values for machines."""

from datetime import datetime
from typing import Any

from deploy.ops.migrating.backfill.ledger import BackfillProgress, BackfillState


def describe(row: BackfillProgress) -> str:
    """One line that a tired operator understands."""
    if row.state == BackfillState.VERIFIED:
        at = f"{row.verified_at:%Y-%m-%d %H:%M}" if row.verified_at else "before"
        return f"{row.name}: verified {at}, {row.changed:,} rows put right"
    said = [_state(row), _walked(row)]
    if row.state == BackfillState.RUNNING and row.rate is not None:
        said.append(f"{row.rate:,.0f} rows/s")
        if row.seconds_left is not None:
            said.append(f"{duration(row.seconds_left)} left")
    line = f"{row.name}: {', '.join(each for each in said if each)}"
    if row.waiting:
        line += f"; goes slowly: {row.waiting}"
    if row.error:
        line += f"; {row.error}: `beleg backfill resume {row.name}` once that is mended"
    return line


def _state(row: BackfillProgress) -> str:
    if row.state != BackfillState.RUNNING:
        return row.state
    state = "verifying" if row.verifying else "running"
    if not row.held:
        state += " until its process was lost, goes on when one takes it up"
    return f"{state} (round {row.round})" if row.round > 1 else state


def _walked(row: BackfillProgress) -> str:
    if row.total is None:
        return ""
    walked = row.checked if row.verifying else row.done
    share = min(99, 100 * walked // row.total) if row.total else 99
    return f"{share} % ({walked:,} of {max(walked, row.total):,} rows)"


def duration(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def plain(row: BackfillProgress) -> dict[str, Any]:
    """The same as one JSON object."""
    return {
        "name": row.name,
        "state": row.state,
        "round": row.round,
        "verifying": row.verifying,
        "share": round(row.share, 4),
        "done": row.done,
        "checked": row.checked,
        "total": row.total,
        "changed": row.changed,
        "wrong": row.wrong,
        "rows_per_second": round(row.rate) if row.rate is not None else None,
        "seconds_left": round(row.seconds_left) if row.seconds_left is not None else None,
        "waiting": row.waiting,
        "error": row.error,
        "started_at": _time(row.started_at),
        "updated_at": _time(row.updated_at),
        "verified_at": _time(row.verified_at),
    }


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
