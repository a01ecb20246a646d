"""Commands for who writes revisions, and for who is about to apply them."""

import asyncio
import json
from pathlib import Path
from typing import Any

import click

from core.errors import Unavailable
from deploy.ops.commands.migrations import migrate
from deploy.ops.commands.root import configured, connected

as_json = click.option("--json", "as_json", is_flag=True, help="One JSON document.")
revision_folder = click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Another folder of revisions.",
)


@migrate.command("prove")
@click.option("--here", is_flag=True, help="Ask the database as it is; changes nothing in it.")
@click.option("--scratch-url", help="A server on which to make a database to try revisions on.")
@revision_folder
@as_json
def prove(here: bool, scratch_url: str | None, folder: Path | None, as_json: bool) -> None:
    """Prove that no revision breaks a supported build: apply each, and ask all that builds say.

    It makes a database beside this one, or on a server of its own, and removes it. With --here it
    asks this database instead: what builds say that were here within a week, and whether its shape
    is what this build knows.
    """
    from deploy.ops.migrating.proving import commands as proving

    if here:
        report = _reach(proving.prove_here(connected().owner_url))
    else:
        own = configured().owner_url
        url = scratch_url or own or None
        report = _reach(proving.prove_revisions(url, folder))
    click.echo(json.dumps(report.as_json()) if as_json else "\n".join(report.lines()))
    if report.is_broken:
        raise SystemExit(1)


@migrate.command("plan")
@as_json
def plan(as_json: bool) -> None:
    """Say in words what `beleg migrate` would do to this database; changes nothing.

    Which tables are locked, what that stops and for how long at most, which backfills follow, who
    would be in the way now, which contracts wait and why.
    """
    from deploy.ops.migrating.plan import plan

    made = _reach(plan(connected().owner_url))
    click.echo(json.dumps(made.as_json()) if as_json else "\n".join(made.lines()))


@migrate.command("new")
@click.argument("message")
@click.option(
    "--rename", "renames", multiple=True, help="table.old=new: the same column, named otherwise."
)
def new(message: str, renames: tuple[str, ...]) -> None:
    """Write the revisions that bring the database to this build's metadata, split by phase.

    What it cannot know it asks: a column that went and one that came may be one and the same.
    """
    from deploy.ops.migrating.drafting.draft import new

    pairs = dict(each.partition("=")[::2] for each in renames)
    written = _reach(new(message, connected().owner_url, renames=pairs))
    click.echo("\n".join(map(str, written)) if written else "Database and metadata are alike.")
    if written:
        click.echo("Name the expands in REQUIRES, the backfills in BACKFILLS (core/db.py).")


@migrate.command("freeze")
@click.option("--checkout", type=click.Path(exists=True, path_type=Path), help="Another build's.")
@click.option("--python", help="That build's own Python.")
def freeze(checkout: Path | None, python: str | None) -> None:
    """Keep what this build says to its database: a step of releasing it.

    From then on every revision is proven against it, until its file is deleted: the day the build
    is no longer supported.
    """
    from deploy.ops.migrating.proving import freeze

    content = freeze.taken_from(checkout or freeze.HOME, *([python] if python else []))
    file = freeze.freeze(content)
    click.echo(f"{len(content['statements'])} statements of build {content['build']}: {file}")


def _reach(work: Any) -> Any:
    from core.db import CONNECTION_LOST

    try:
        return asyncio.run(work)
    except CONNECTION_LOST as problem:
        raise Unavailable(f"The database is not reachable: {problem}") from problem
