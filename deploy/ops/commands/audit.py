"""Commands about the log of who did what."""

import click

from deploy.ops.commands.root import connected, main


@main.group()
def audit() -> None:
    """The log of who did what."""


@audit.command("verify")
def verify_audit() -> None:
    """Check the whole chain; exit 1 where it does not hold."""
    from deploy.ops.audit import verify

    verification = verify(connected())
    click.echo(f"sealed: {verification.sealed}, not yet sealed: {verification.unsealed}")
    if verification.broken_at is not None:
        raise click.ClickException(f"the chain is broken at seal {verification.broken_at}")
