"""The command that tells which builds live."""

import json

import click

from deploy.ops.commands.root import connected, main


@main.command("builds")
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON a part of a build.")
def list_builds(as_json: bool) -> None:
    """List the builds that live on the database, and those that did in the last 90 days.

    A part is live while one of its processes beats, ended once the last was stopped, and silent
    where that one has not beaten for a minute: it crashed, or cannot reach the database.
    """
    from deploy.ops import builds

    parts = builds.recorded(connected())
    for line in [json.dumps(each.as_json()) for each in parts] if as_json else builds.lines(parts):
        click.echo(line)
