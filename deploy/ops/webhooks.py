"""How operators steer webhooks: which there are, and whether each is enabled."""

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from core import webhooks
from core.db import Database
from core.keys import KeyRing
from core.settings import Settings
from core.vault import Vault
from deploy.ops.instance import OPERATOR, run


@dataclass(frozen=True, slots=True)
class ListedWebhook:
    """A webhook as operators see it; `unopened` says why it is told nothing though enabled."""

    webhook_id: str
    client: str
    version: str
    host: str | None
    state: str
    unopened: str | None

    def __str__(self) -> str:
        waits = f"; told nothing: {self.unopened}" if self.unopened else ""
        name = f"{self.webhook_id} {self.client}"
        state = self.state if self.state == "enabled" else f"switched off ({self.state})"
        return f"{name}: {self.version}, {self.host}, {state}{waits}"


def list_all(settings: Settings) -> list[ListedWebhook]:
    """Each webhook: whose, in which version, to which host, and whether it is told."""
    vault = Vault(KeyRing.parse(settings.secret_keys))

    async def work(db: Database) -> list[ListedWebhook]:
        waiting = {each.id: each.reason for each in await webhooks.list_unopened(db, vault)}
        return [
            ListedWebhook(
                str(webhook.id),
                client,
                webhook.version,
                urlsplit(webhook.url).hostname,
                webhook.disabled_reason or "enabled",
                waiting.get(webhook.id),
            )
            for webhook, client in await webhooks.list_of_all_clients(db)
        ]

    return run(settings, work)


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
