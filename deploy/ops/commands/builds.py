"""The command that tells which builds live."""

import json

import click

from deploy.ops.commands.root import connected, main


@main.command("builds")
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON a part of a build.")
@click.option("--gone", metavar="BUILD", help="Say that this build never comes back.")
def list_builds(as_json: bool, gone: str | None) -> None:
    """List the builds that live on the database, and those that did in the last 90 days.

    A part is live while one of its processes beats, ended once the last was stopped, and silent
    where that one has not beaten for a minute: it crashed, or cannot reach the database.

    For a week after a build was last there nothing is stored that it has no word for; with --gone
    that ends now. It is refused while the build lives.
    """
    from deploy.ops import builds

    if gone is not None:
        builds.say_gone(connected(), gone)
        click.echo(f"Build {gone} is taken for gone: it must not be started again.")
        return
    parts = builds.recorded(connected())
    for line in [json.dumps(each.as_json()) for each in parts] if as_json else builds.lines(parts):
        click.echo(line)
