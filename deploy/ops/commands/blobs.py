"""Commands about the store of documents."""

import json

import click

from deploy.ops.commands.root import OWED, connected, main


@main.group()
def blobs() -> None:
    """The store that the bytes of documents lie in."""


@blobs.command("sweep")
@click.option("--yes", is_flag=True, help="Discard them for good, however many there are.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@click.pass_context
def sweep(ctx: click.Context, yes: bool, as_json: bool) -> None:
    """Show the blobs of the last month that no document names; with --yes, discard them.

    The worker does so by itself every day, unless they are suspiciously many. Exit 3 where it
    would not and --yes was not said.
    """
    from deploy.ops import blobs

    found = blobs.sweep(connected(), really=yes)
    for line in [json.dumps(blobs.described(found))] if as_json else blobs.in_words(found):
        click.echo(line)
    if found.refused:
        ctx.exit(OWED)
