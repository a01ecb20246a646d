"""How operators steer versions, keys, apps and webhooks of a running instance."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from core import apps, clients, lifecycle, usage, webhooks
from core.apps import Floor
from core.db import Tx
from core.errors import Complaint, Invalid
from core.settings import Settings
from deploy.ops.people import OPERATOR, run
from public_api.app import VERSIONS


def listed(settings: Settings) -> list[str]:
    """Each published version, its dates, and how it stands."""
    lives = run(settings, lifecycle.current)
    now = datetime.now(UTC)
    return [
        f"{version.name}: published {_day(version.published)},"
        f" deprecated {_day(version.deprecated)}, sunset {_day(version.sunset)},"
        f" {_standing(version.name, lives, now)}"
        for version in VERSIONS
    ]


def used(settings: Settings, days: int) -> Sequence[usage.OperationCalls]:
    """Who called what in the last days."""
    return run(settings, lambda db: usage.since(db, days))


def brown_out(settings: Settings, version: str, starts_at: datetime, ends_at: datetime) -> None:
    """Announce a window in which the version answers 410."""
    _known(version)
    first, last = starts_at.replace(tzinfo=UTC), ends_at.replace(tzinfo=UTC)

    async def work(tx: Tx) -> None:
        await lifecycle.announce_brownout(tx, OPERATOR, version, first, last)

    run(settings, lambda db: db.write(work))


def retire(settings: Settings, version: str, reason: str | None, *, anyway: bool) -> None:
    """Let the version be gone; refused, naming who, while clients call it."""
    _known(version)

    async def work(tx: Tx) -> None:
        await lifecycle.retire(tx, OPERATOR, version, reason, anyway=anyway)

    run(settings, lambda db: db.write(work))


def keys(settings: Settings, client_id: UUID) -> list[clients.ApiKey]:
    """A client's keys, as far as they may be shown."""
    return run(settings, lambda db: clients.keys_of(db, client_id))


def rotate(settings: Settings, key_id: UUID, grace_hours: float) -> str:
    """A new key in place of an old one; both work until the grace has passed."""
    grace = timedelta(hours=grace_hours)
    return run(
        settings, lambda db: db.write(lambda tx: clients.rotate(tx, OPERATOR, key_id, grace))
    )


def set_floor(settings: Settings, floor: Floor) -> None:
    """Set what a platform's builds need."""
    run(settings, lambda db: db.write(lambda tx: apps.set_floor(tx, OPERATOR, floor)))


def kill(settings: Settings, platform: str, build: str, *, revive: bool) -> None:
    """Refuse one build from now on, or let it call again."""
    change = apps.revive if revive else apps.kill
    run(settings, lambda db: db.write(lambda tx: change(tx, OPERATOR, platform, build)))


def hooks(settings: Settings) -> list[str]:
    """Each webhook: whose, in which version, to which host, and whether it is told."""
    return [
        f"{hook.id} {client}: {hook.version}, {urlsplit(hook.url).hostname},"
        f" {hook.disabled_reason or 'enabled'}"
        for hook, client in run(settings, webhooks.list_all)
    ]


def switch_hook(settings: Settings, id: UUID, *, enabled: bool) -> None:
    """Let a webhook be told again, from where it stopped, or no more."""
    run(
        settings,
        lambda db: db.write(lambda tx: webhooks.set_enabled(tx, OPERATOR, id, enabled=enabled)),
    )


def _known(version: str) -> None:
    names = [each.name for each in VERSIONS]
    if version not in names:
        raise Invalid(Complaint("/version", f"version: one of {', '.join(names)}"))


def _standing(version: str, lives: lifecycle.Lifecycle, now: datetime) -> str:
    if version in lives.retired:
        return "retired"
    return "in a brownout" if lives.browned_out(version, now) else "served"


def _day(at: datetime | None) -> str:
    return "-" if at is None else f"{at:%Y-%m-%d}"
