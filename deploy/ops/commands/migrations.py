"""Commands that bring a database from one shape to the next."""

import click

from core.db import CONNECTION_LOST
from core.errors import Unavailable
from deploy.ops.commands.root import connected, main


@main.group(invoke_without_command=True)
@click.option("--to", default="head", help="The last revision to apply.")
@click.pass_context
def migrate(ctx: click.Context, to: str) -> None:
    """Apply the revisions that this build requires; changes nothing where they are applied."""
    if ctx.invoked_subcommand is not None:
        return
    from deploy.ops.migrating.apply import migrate

    url = connected().direct_url
    try:
        applied = migrate(url, to)
    except CONNECTION_LOST as problem:
        raise Unavailable(f"The database is not reachable: {problem}") from problem
    click.echo(f"Applied {', '.join(applied)}." if applied else "Nothing to apply.")
