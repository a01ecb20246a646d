"""How operators steer published versions: who calls them, brownouts, retirement."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from core import irregularities, lifecycle, usage
from core.db import Tx
from core.irregularities import IrregularCalls
from core.lifecycle import Brownout, Lifecycle, moment
from core.settings import Settings
from core.usage import UsageFilter
from deploy.ops.instance import OPERATOR, run
from public_api.app import VERSIONS

MOST_LINES = 10_000
DATES = tuple(each.dates for each in VERSIONS)


def describe(settings: Settings) -> list[str]:
    """Each published version, its dates, and how it stands; below it each of its brownouts."""
    current = run(settings, lambda db: lifecycle.current(db, DATES))
    now = datetime.now(UTC)
    return [line for version in DATES for line in _lines(version.name, current, now)]


def calls(settings: Settings, days: int) -> Sequence[usage.OperationCalls]:
    """Who called what in the last days."""
    return run(settings, lambda db: usage.since(db, days))


def irregular_calls(settings: Settings, days: int) -> Sequence[IrregularCalls]:
    """Who sent in the last days what is taken and should not be sent, most first."""
    today = datetime.now(UTC).date()
    filters = UsageFilter(today - timedelta(days=days), today)
    return run(settings, lambda db: irregularities.busiest(db, filters, MOST_LINES))


def brown_out(
    settings: Settings,
    version: str,
    starts_at: datetime,
    ends_at: datetime,
    reason: str | None,
    *,
    anyway: bool,
) -> str:
    """Announce a window in which the version answers 410; the window, as it is told."""
    wanted = Brownout(version, starts_at.replace(tzinfo=UTC), ends_at.replace(tzinfo=UTC))

    async def work(tx: Tx) -> None:
        await lifecycle.announce_brownout(tx, OPERATOR, DATES, wanted, reason, anyway=anyway)

    run(settings, lambda db: db.write(work))
    return wanted.interval


def cancel_brownout(
    settings: Settings, version: str, starts_at: datetime | None, reason: str | None
) -> str:
    """Take back a brownout, announced or running; its window, as it was told."""
    start = starts_at.replace(tzinfo=UTC) if starts_at else None

    async def work(tx: Tx) -> Brownout:
        return await lifecycle.cancel_brownout(tx, OPERATOR, DATES, version, start, reason)

    return run(settings, lambda db: db.write(work)).interval


def retire(settings: Settings, version: str, reason: str | None, *, anyway: bool) -> None:
    """Let the version be gone; refused, naming who, while clients call it."""

    async def work(tx: Tx) -> None:
        await lifecycle.retire(tx, OPERATOR, DATES, version, reason, anyway=anyway)

    run(settings, lambda db: db.write(work))


def cancel_retirement(settings: Settings, version: str, reason: str | None) -> None:
    """Serve a version again that was retired."""

    async def work(tx: Tx) -> None:
        await lifecycle.cancel_retirement(tx, OPERATOR, DATES, version, reason)

    run(settings, lambda db: db.write(work))


def _lines(version: str, current: Lifecycle, now: datetime) -> Iterator[str]:
    published = next(each for each in VERSIONS if each.name == version)
    yield (
        f"{version}: published {_day(published.published)},"
        f" deprecated {_day(published.deprecated)}, sunset {_day(published.sunset)},"
        f" {_state(version, current, now)}"
    )
    for each in current.announced(now):
        if each.version == version:
            running = "running" if each.starts_at <= now else "announced"
            yield f"  {running} brownout: {moment(each.starts_at)} until {moment(each.ends_at)}"
    retired_in_vain = version in current.retired and version in current.served(now)
    if version in current.ignored or retired_in_vain:
        yield (
            "  on record and without effect, since it would take down a version that is not"
            " deprecated, or the last one: --cancel of `retire` or `brownout` takes it back"
        )


def _state(version: str, current: Lifecycle, now: datetime) -> str:
    if version not in current.served(now):
        return "retired" if version in current.retired else "gone since its sunset"
    return "served" if version in current.answering(now) else "in a brownout"


def _day(at: datetime | None) -> str:
    return "-" if at is None else f"{at:%Y-%m-%d}"
