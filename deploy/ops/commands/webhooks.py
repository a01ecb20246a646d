"""Commands about the webhooks that partners have."""

import json
from dataclasses import asdict
from uuid import UUID

import click

from deploy.ops.commands.root import connected, main, print_result


@main.group()
def webhook() -> None:
    """Addresses that partners have told what happens."""


@webhook.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def list_webhooks(as_json: bool) -> None:
    """List every webhook and whether it is told, or waits for a key of BELEG_SECRET_KEYS."""
    from deploy.ops import webhooks

    found = webhooks.list_all(connected())
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found]))
        return
    for each in found:
        click.echo(each)


@webhook.command("secrets")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def count_secrets(as_json: bool) -> None:
    """Say how many secrets are sealed with which key; a key that has none may go."""
    from deploy.ops import webhooks

    print_result(webhooks.secrets(connected()), as_json)


@webhook.command("switch")
@click.argument("webhook_id", type=click.UUID)
@click.option("--on/--off", "enabled", required=True, help="On, it goes on where it stopped.")
def switch_webhook(webhook_id: UUID, enabled: bool) -> None:
    """Switch a webhook on or off."""
    from deploy.ops import webhooks

    webhooks.set_enabled(connected(), webhook_id, enabled=enabled)
    click.echo(
        f"{webhook_id} is {'told again, from where it stopped' if enabled else 'told nothing'}."
    )
