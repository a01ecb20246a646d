"""Commands about what the public API has published."""

import click

from deploy.ops.commands.root import main


@main.group()
def contract() -> None:
    """What the public API has published."""


@contract.command("check")
@click.option("--since", help="A git revision; what it had published must still hold.")
def check_contract(since: str | None) -> None:
    """Fail where what would be served is not what was published, and say who would break."""
    from deploy.ops.contracts import check

    faults = check(since)
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SystemExit(1)
    click.echo("What would be served is what was published; nobody would break.")


@contract.command("show")
@click.argument("version")
def show_contract(version: str) -> None:
    """Print a version's document as it is published."""
    from deploy.ops.contracts import show

    click.echo(show(version), nl=False)


@contract.command("publish")
def publish_contract() -> None:
    """Publish what was added to a version; a change that breaks anybody is refused."""
    from deploy.ops.contracts import publish

    for place in publish():
        click.echo(place)
