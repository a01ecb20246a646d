"""Commands that show a release: how it stands, and how it came there."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deploy.ops.commands.releases import RELEASE_TOML, as_json, file, recorded_at, release, run
from deploy.ops.commands.root import OWED

if TYPE_CHECKING:
    from core.db import Database
    from deploy.release import store
    from deploy.release.lookup import Lookup
    from deploy.release.store import StoredRelease


@release.command("status")
@file
@as_json
@click.option("--check", is_flag=True, help=f"Exit with {OWED} while a release is open.")
def show_status(file: Path, as_json: bool, check: bool) -> None:
    """Show where it stands, what was measured, what comes next, and how to go back."""
    from deploy.release import store
    from deploy.release.lookup import Lookup, lookup
    from deploy.release.session import is_driven
    from deploy.release.status import status_json

    async def work(db: "Database") -> "tuple[StoredRelease | None, bool, Lookup]":
        found = await store.last(db)
        return found, await is_driven(db), await lookup(db, found) if found else Lookup()

    found, driven, beside = run(recorded_at(file), work)
    if found is None:
        click.echo("null" if as_json else "There was no release yet: `beleg release start --b`.")
    elif as_json:
        click.echo(json.dumps(status_json(found, driven, beside)))
    else:
        click.echo("\n".join(_screen(found, driven, file, beside)))
    if check and found is not None and found.release.ended_at is None:
        raise SystemExit(OWED)


@release.command("log")
@file
@as_json
def show_log(file: Path, as_json: bool) -> None:
    """Show every step of the open or the last release: why, by whom, with what evidence."""
    from deploy.release import store
    from deploy.release.status import log_lines, step_json

    async def work(db: "Database") -> "tuple[StoredRelease | None, list[store.ReleaseStep]]":
        found = await store.last(db)
        return found, await store.steps(db, found.release.id) if found else []

    found, steps = run(recorded_at(file), work)
    if as_json:
        for each in steps:
            click.echo(json.dumps(step_json(each)))
    elif found is None:
        click.echo("There was no release yet.")
    else:
        click.echo("\n".join(log_lines(found.release, steps)))


def _screen(found: "StoredRelease", driven: bool, file: Path, beside: "Lookup") -> list[str]:
    from datetime import UTC, datetime

    from deploy.release.status import status_lines

    named = "" if file == Path(RELEASE_TOML) else str(file)
    return status_lines(found, driven, datetime.now(UTC), named, beside)
