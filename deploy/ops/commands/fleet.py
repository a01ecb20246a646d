"""Commands on all instances at once."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from core import telemetry
from core.errors import Refused
from deploy.ops.commands.root import OWED, main

if TYPE_CHECKING:
    from deploy.ops.fleet.file import Fleet
    from deploy.ops.fleet.runs import FleetCommand

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choice:
    """Which fleet, which of it, and how it is told of."""

    file: Path
    only: tuple[str, ...]
    journal: Path
    as_json: bool

    def fleet(self) -> "Fleet":
        """The fleet that the file tells of."""
        from deploy.ops.fleet.file import load

        telemetry.configure("WARNING")
        return load(self.file, os.environ)


def choosing(command: Callable[..., None]) -> Callable[..., None]:
    """The options that every command on the fleet has, given to it as a Choice."""

    def chosen(
        file: Path, only: tuple[str, ...], journal: Path | None, as_json: bool, **rest: Any
    ) -> None:
        default = file.with_suffix(".journal.jsonl")
        try:
            command(Choice(file, only, journal or default, as_json), **rest)
        except Refused as refusal:
            if as_json:
                click.echo(json.dumps({"refused": refusal.detail}))
            raise

    chosen.__name__, chosen.__doc__ = command.__name__, command.__doc__
    chosen.__dict__.update(command.__dict__)
    path = click.Path(path_type=Path, dir_okay=False)
    options = (
        click.option("--file", type=path, default="fleet.toml", envvar="BELEG_FLEET"),
        click.option("--only", multiple=True, help="A name, tag or wave; again for several."),
        click.option("--journal", type=path, help="Where it is told; beside the file by default."),
        click.option("--json", "as_json", is_flag=True, help="Print one document of JSON."),
    )
    decorated: Callable[..., None] = chosen
    for option in reversed(options):
        decorated = option(decorated)
    return decorated


@main.group()
def fleet() -> None:
    """All instances at once: canary first, then in waves, as fleet.toml tells."""


@fleet.command("status")
@choosing
@click.option("--check", is_flag=True, help="End with 3 where anything is owed.")
def fleet_status(choice: Choice, check: bool) -> None:
    """Show how each instance stands, and databases on its servers that no line names.

    Ends with 1 where an instance cannot be asked, or two share what each must have alone.
    """
    from deploy.ops.fleet import report
    from deploy.ops.fleet.standing import standing

    fleet = choice.fleet()
    seen, found, shared = to_the_end(standing(fleet, choice.only, choice.journal))
    if choice.as_json:
        click.echo(json.dumps(report.status_json(seen, found, shared)))
    else:
        click.echo("\n".join(report.status_lines(seen, found, shared)))
    if shared or any(each.failure for each in seen.values()):
        sys.exit(1)
    owed = any(report.state(each) not in ("ready", "newer") for each in seen.values())
    if check and (owed or found.forgotten):
        sys.exit(OWED)


@fleet.command("migrate")
@choosing
def fleet_migrate(choice: Choice) -> None:
    """Apply this build's revisions to every database: the canary first, then wave by wave.

    Halts where more of a wave have failed than the file allows. Run again it goes on where it
    was, for what is applied stands in the databases. Ends with 1 unless all are migrated.
    """
    from deploy.ops.fleet.runs import MIGRATE

    run("migrate", choice, MIGRATE)


@fleet.command("prove")
@choosing
def fleet_prove(choice: Choice) -> None:
    """Prove on every database that its schema serves each supported build; changes nothing."""
    from deploy.ops.fleet.runs import PROVE

    run("prove", choice, PROVE)


@fleet.command("adopt")
@choosing
def fleet_adopt(choice: Choice) -> None:
    """Take up each database that was restored, where that is owed."""
    from deploy.ops.fleet.runs import ADOPT

    run("adopt", choice, ADOPT)


@fleet.group("backfill")
def fleet_backfill() -> None:
    """Data on its way into its new shape, on all instances."""


@fleet_backfill.command("status")
@choosing
@click.option("--check", is_flag=True, help="End with 3 where one is not verified.")
def fleet_backfill_status(choice: Choice, check: bool) -> None:
    """Show how far each backfill is on each instance."""
    from deploy.ops.fleet import report
    from deploy.ops.fleet.standing import standing

    seen, _, _ = to_the_end(standing(choice.fleet(), choice.only, choice.journal))
    if choice.as_json:
        click.echo(json.dumps(report.backfills_json(seen)))
    else:
        click.echo("\n".join(report.backfill_lines(seen)))
    if any(each.failure for each in seen.values()):
        sys.exit(1)
    if check and any(each.missing or each.unverified for each in seen.values()):
        sys.exit(OWED)


@fleet_backfill.command("run")
@click.argument("name", required=False)
@choosing
def fleet_backfill_run(choice: Choice, name: str | None) -> None:
    """Run all that are not verified, or NAME, and wait until they are: in waves, as migrations."""
    _backfill("run", choice, name)


@fleet_backfill.command("pause")
@click.argument("name")
@choosing
def fleet_backfill_pause(choice: Choice, name: str) -> None:
    """Let NAME stop after its batch: on all at once, whoever fails."""
    _backfill("pause", choice, name)


@fleet_backfill.command("resume")
@click.argument("name")
@choosing
def fleet_backfill_resume(choice: Choice, name: str) -> None:
    """Let NAME go on where it stopped, in waves."""
    _backfill("resume", choice, name)


@fleet_backfill.command("cancel")
@click.argument("name")
@choosing
def fleet_backfill_cancel(choice: Choice, name: str) -> None:
    """Let NAME stop until somebody resumes it: on all at once, whoever fails."""
    _backfill("cancel", choice, name)


@fleet_backfill.command("verify")
@click.argument("name", required=False)
@choosing
def fleet_backfill_verify(choice: Choice, name: str | None) -> None:
    """Look at every row again, of all backfills or of NAME, on all at once."""
    _backfill("verify", choice, name)


def _backfill(verb: str, choice: Choice, name: str | None) -> None:
    from deploy.ops.fleet.runs import backfill

    run(f"backfill {verb}", choice, backfill(verb, name))


def run(name: str, choice: Choice, command: "FleetCommand") -> None:
    """Do it on the chosen instances and say what came of it; ends with 1 unless all went well."""
    from deploy.ops.fleet import report
    from deploy.ops.fleet.journal import opened
    from deploy.ops.fleet.progress import Progress
    from deploy.ops.fleet.runs import FleetRunner

    fleet = choice.fleet()
    with opened(choice.journal, name) as journal:
        runner = FleetRunner(fleet, command, journal, Progress())
        done, found = to_the_end(runner.run(choice.only))
    if choice.as_json:
        click.echo(json.dumps(report.run_json(name, done, found)))
    else:
        click.echo("\n".join(report.run_lines(done, found)))
    if done.failed or done.halted:
        sys.exit(1)


def to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Run it; Ctrl-C and SIGTERM end its children first, and lose nothing."""

    async def end() -> T:
        task = asyncio.ensure_future(work)
        for each in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(each, task.cancel)
        return await task

    try:
        return asyncio.run(end())
    except asyncio.CancelledError:
        raise Refused("Stopped. Run it again to go on: what is done is skipped.") from None
