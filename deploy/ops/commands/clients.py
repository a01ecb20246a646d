"""Commands about those who call the public API: clients and their keys."""

import json
from datetime import UTC
from typing import Any
from uuid import UUID

import click

from deploy.ops.commands.root import connected, main, print_result

SCOPES = (
    "What its key may do: applications:read, applications:write, documents:write, report:read or"
    " webhooks:manage. May be given several times."
)


@main.group()
def client() -> None:
    """Partners that call the public API."""


@client.command("create")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, help=SCOPES)
@click.option("--test", is_flag=True, help="A sandbox: test keys, made-up cases, apart from all.")
@click.option("--cases/--no-cases", default=True, help="Whether a sandbox begins with cases.")
@click.option("--expires", "expires_at", type=click.DateTime(), help="When the key ends, in UTC.")
@click.option("--network", "networks", multiple=True, help="Only from there, such as 192.0.2.0/24.")
@click.option("--per-minute", type=int, help="Calls that the key may make in a minute.")
@click.option("--per-day", type=int, help="Calls that the client may make in a day.")
@click.option("--openid-app", "oidc_client_id", help="Its app, by its id at the OpenID provider.")
@click.option(
    "--app-network",
    "app_networks",
    multiple=True,
    help="Where its app's people may call from; without, from where its keys may.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def create_client(name: str, scopes: tuple[str, ...], as_json: bool, **rules: Any) -> None:
    """Take in a partner and print its API key, which is shown this once."""
    from deploy.ops import clients

    if rules["expires_at"]:
        rules["expires_at"] = rules["expires_at"].replace(tzinfo=UTC)
    rules["cases"] = rules["cases"] and rules["test"]
    print_result(clients.create(connected(), name, scopes, **rules), as_json)


@client.command("documents")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def show_documents(as_json: bool) -> None:
    """Show how many documents and bytes each partner has, and may have."""
    from deploy.ops import clients

    settings = connected()
    shares = clients.document_shares(settings)
    if as_json:
        rows = [
            {
                "client_id": str(each.client_id),
                "name": each.name,
                "documents": each.held.documents,
                "documents_allowed": each.allowed.documents,
                "bytes": each.held.bytes,
                "bytes_allowed": each.allowed.bytes,
            }
            for each in shares
        ]
        click.echo(json.dumps(rows))
        return
    for each in shares:
        click.echo(
            f"{each.client_id} {each.name}: {each.held.documents:,} of"
            f" {each.allowed.documents:,} documents, {each.held.bytes:,} of"
            f" {each.allowed.bytes:,} bytes ({each.used:.1%})"
        )
    click.echo(
        f"An application may have {settings.application_documents:,} documents with"
        f" {settings.application_bytes:,} bytes and {settings.application_bookings:,} bookings."
        " BELEG_APPLICATION_DOCUMENTS, BELEG_APPLICATION_BYTES, BELEG_APPLICATION_BOOKINGS,"
        " BELEG_CLIENT_DOCUMENTS and BELEG_CLIENT_BYTES set this."
    )


@client.command("app-networks")
@click.argument("client_id", type=click.UUID)
@click.argument("networks", nargs=-1)
def set_app_networks(client_id: UUID, networks: tuple[str, ...]) -> None:
    """Say where a partner's app's people may call from, such as 0.0.0.0/0 ::/0 for anywhere.

    Without a network: from where the partner's keys may be used.
    """
    from deploy.ops import clients

    clients.set_app_networks(connected(), client_id, networks)
    click.echo(f"Tokens of its app count from {', '.join(networks) or 'where its keys do'}.")


@client.command("assign")
@click.argument("application_id", type=click.UUID)
@click.option("--subject", required=True, help="The person's `sub` at the OpenID provider.")
def assign(application_id: UUID, subject: str) -> None:
    """Give an application that is its partner's alone to a person who signs in to its app."""
    from deploy.ops import clients

    clients.assign(connected(), application_id, subject)
    click.echo(f"Who signs in as {subject} has it.")


@client.command("rotate")
@click.argument("key_id", type=click.UUID)
@click.option("--grace-hours", default=24.0, help="How long the old key goes on working.")
def rotate_key(key_id: UUID, grace_hours: float) -> None:
    """Print a new key in place of an old one, shown this once."""
    from deploy.ops import clients

    click.echo(clients.rotate_key(connected(), key_id, grace_hours))


CLIENT_ID = click.argument("client_id", type=click.UUID)
JSON = click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")


@client.command("list")
@JSON
def list_clients(as_json: bool) -> None:
    """List every partner."""
    from deploy.ops import clients

    found = clients.everyone(connected())
    if as_json:
        click.echo(json.dumps(found))
        return
    for each in found:
        kind = " (sandbox)" if each["test"] else ""
        click.echo(f"{each['client_id']} {each['name']}{kind}{', disabled' * each['disabled']}")


@client.command("disable")
@CLIENT_ID
@JSON
def disable_client(client_id: UUID, as_json: bool) -> None:
    """Take no call of a partner any more; its access tokens end at once."""
    from deploy.ops import clients

    print_result(clients.disable(connected(), client_id), as_json)


@client.command("enable")
@CLIENT_ID
@JSON
def enable_client(client_id: UUID, as_json: bool) -> None:
    """Take calls of a partner again, by the keys that it had."""
    from deploy.ops import clients

    print_result(clients.enable(connected(), client_id), as_json)


@main.group()
def key() -> None:
    """Keys by which partners call the public API."""


@key.command("list")
@CLIENT_ID
@JSON
def list_keys_of(client_id: UUID, as_json: bool) -> None:
    """List a partner's keys, as far as they may be shown."""
    from deploy.ops import clients

    found = clients.keys(connected(), client_id)
    if as_json:
        click.echo(json.dumps([clients.key_as_json(each) for each in found]))
        return
    for each in found:
        until = f", until {each.expires_at:%Y-%m-%d %H:%M} UTC" if each.expires_at else ""
        click.echo(f"{each.id} {each.masked} {', '.join(each.scopes)}{until}")


@client.command("keys", hidden=True)
@CLIENT_ID
@click.pass_context
def list_keys_by_its_old_name(context: click.Context, client_id: UUID) -> None:
    """Do as `beleg key list` does, and say so."""
    click.echo("`beleg key list` is what this is called now.", err=True)
    context.invoke(list_keys_of, client_id=client_id, as_json=False)


@key.command("revoke")
@click.argument("key_id", type=click.UUID)
@JSON
def revoke_key(key_id: UUID, as_json: bool) -> None:
    """End a key at once, and the access tokens that were got by it."""
    from deploy.ops import clients

    print_result(clients.revoke_key(connected(), key_id), as_json)
