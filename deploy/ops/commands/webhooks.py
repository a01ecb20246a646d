"""Commands about the webhooks that partners have."""

from uuid import UUID

import click

from deploy.ops.commands.root import connected, main


@main.group()
def webhook() -> None:
    """Addresses that partners have told what happens."""


@webhook.command("list")
def list_webhooks() -> None:
    """List every webhook and whether it is told."""
    from deploy.ops import webhooks

    for line in webhooks.describe(connected()):
        click.echo(line)


@webhook.command("switch")
@click.argument("webhook_id", type=click.UUID)
@click.option("--on/--off", "enabled", required=True, help="On, it goes on where it stopped.")
def switch_webhook(webhook_id: UUID, enabled: bool) -> None:
    """Switch a webhook on or off."""
    from deploy.ops import webhooks

    webhooks.set_enabled(connected(), webhook_id, enabled=enabled)
