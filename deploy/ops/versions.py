"""How operators steer published versions: who calls them, brownouts, retirement."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from core import irregularities, lifecycle, usage
from core.db import Tx
from core.errors import Complaint, Invalid
from core.irregularities import IrregularCalls
from core.lifecycle import Lifecycle
from core.settings import Settings
from core.usage import UsageFilter
from deploy.ops.instance import OPERATOR, run
from public_api.app import VERSIONS

MOST_LINES = 10_000


def describe(settings: Settings) -> list[str]:
    """Each published version, its dates, and how it stands: a line each."""
    current = run(settings, lifecycle.current)
    now = datetime.now(UTC)
    return [
        f"{version.name}: published {_day(version.published)},"
        f" deprecated {_day(version.deprecated)}, sunset {_day(version.sunset)},"
        f" {_state(version.name, current, now)}"
        for version in VERSIONS
    ]


def calls(settings: Settings, days: int) -> Sequence[usage.OperationCalls]:
    """Who called what in the last days."""
    return run(settings, lambda db: usage.since(db, days))


def irregular_calls(settings: Settings, days: int) -> Sequence[IrregularCalls]:
    """Who sent in the last days what is taken and should not be sent, most first."""
    today = datetime.now(UTC).date()
    filters = UsageFilter(today - timedelta(days=days), today)
    return run(settings, lambda db: irregularities.busiest(db, filters, MOST_LINES))


def brown_out(settings: Settings, version: str, starts_at: datetime, ends_at: datetime) -> None:
    """Announce a window in which the version answers 410."""
    _require_published(version)
    first, last = starts_at.replace(tzinfo=UTC), ends_at.replace(tzinfo=UTC)

    async def work(tx: Tx) -> None:
        await lifecycle.announce_brownout(tx, OPERATOR, version, first, last)

    run(settings, lambda db: db.write(work))


def retire(settings: Settings, version: str, reason: str | None, *, anyway: bool) -> None:
    """Let the version be gone; refused, naming who, while clients call it."""
    _require_published(version)

    async def work(tx: Tx) -> None:
        await lifecycle.retire(tx, OPERATOR, version, reason, anyway=anyway)

    run(settings, lambda db: db.write(work))


def _require_published(version: str) -> None:
    names = [each.name for each in VERSIONS]
    if version not in names:
        raise Invalid(Complaint("/version", f"version: one of {', '.join(names)}"))


def _state(version: str, current: Lifecycle, now: datetime) -> str:
    if version in current.retired:
        return "retired"
    return "in a brownout" if current.browned_out(version, now) else "served"


def _day(at: datetime | None) -> str:
    return "-" if at is None else f"{at:%Y-%m-%d}"
