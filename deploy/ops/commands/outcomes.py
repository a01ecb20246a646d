"""The command that tells what came of two builds' work."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from deploy.ops.commands.releases import file, recorded_at, release

DAY = click.DateTime(("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"))


@release.command("outcomes")
@file
@click.option("--a", "a_build", help="The build that served, as `beleg builds` names it.")
@click.option("--b", "b_build", help="The build beside it.")
@click.option("--since", type=DAY, help="In UTC; else since the open release took its last step.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def show_outcomes(
    file: Path, a_build: str | None, b_build: str | None, since: datetime | None, as_json: bool
) -> None:
    """Compare what came of what two builds took in: answers, unreadable documents, decisions.

    Without names these are the two builds whose APIs live; B is the one that began last. Partners
    and people whom the release's conditions name are left out: no hash chose them.
    """
    from deploy.release import comparing, outcomes

    moment = since.replace(tzinfo=UTC) if since else None
    found = comparing.compare(recorded_at(file), a_build, b_build, moment)
    for line in [json.dumps(found.as_json())] if as_json else outcomes.lines(found):
        click.echo(line)
