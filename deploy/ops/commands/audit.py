"""Commands about the log of who did what."""

import json
from pathlib import Path

import click

from deploy.ops.commands.root import connected, main

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@main.group()
def audit() -> None:
    """The log of who did what."""


@audit.command("verify")
@click.option("--anchors", type=FILE, help="Where BELEG_AUDIT_ANCHORS said how far it was sealed.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def verify_audit(anchors: Path | None, as_json: bool) -> None:
    """Check the whole chain, and that no end of it has gone; exit 1 where it does not hold.

    What was sealed with a key needs that key (BELEG_AUDIT_KEYS).
    """
    from deploy.ops.audit import complaints, lines, verify

    found = verify(connected(), anchors)
    wrong = complaints(found)
    if as_json:
        said = {"sealed": found.sealed, "keyed": found.keyed, "unsealed": found.unsealed}
        click.echo(json.dumps({**said, "accepted": found.accepted, "wrong": wrong}))
    else:
        for line in lines(found):
            click.echo(line)
    if wrong:
        raise click.ClickException("; ".join(wrong))


@audit.command("accept")
@click.option("--reason", required=True, help="Why seals have gone; it stands in the log.")
def accept_audit(reason: str) -> None:
    """Say that it is known why seals have gone, as after a restore; later ones count again."""
    from deploy.ops.audit import accept

    accept(connected(), reason)
    click.echo("Noted.")
