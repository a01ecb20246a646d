"""How operators steer webhooks: which there are, and whether each is enabled."""

from urllib.parse import urlsplit
from uuid import UUID

from core import webhooks
from core.settings import Settings
from deploy.ops.instance import OPERATOR, run


def describe(settings: Settings) -> list[str]:
    """Each webhook: whose, in which version, to which host, and whether it is enabled."""
    return [
        f"{webhook.id} {client}: {webhook.version}, {urlsplit(webhook.url).hostname},"
        f" {webhook.disabled_reason or 'enabled'}"
        for webhook, client in run(settings, webhooks.list_of_all_clients)
    ]


def secrets(settings: Settings) -> dict[str, int]:
    """How many secrets are sealed with each key; `plain` are those that are not sealed."""
    counted = run(settings, webhooks.count_secrets)
    return {name or "plain": count for name, count in counted.items()}


def set_enabled(settings: Settings, id: UUID, *, enabled: bool) -> None:
    """Let a webhook be told again, from where it stopped, or no more."""
    run(
        settings,
        lambda db: db.write(lambda tx: webhooks.set_enabled(tx, OPERATOR, id, enabled=enabled)),
    )
