"""Commands that move data into its new shape beside whatever runs."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from deploy.ops.commands.root import OWED, connected, main

if TYPE_CHECKING:
    from deploy.ops.migrating.backfill.ledger import BackfillProgress

TOLD_SECONDS = 10.0
as_json = click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
name = click.argument("name")


@main.group()
def backfill() -> None:
    """Data on its way into its new shape, in small batches beside whatever runs."""


@backfill.command("status")
@as_json
@click.option("--check", is_flag=True, help=f"Exit with {OWED} where one is not verified.")
@click.pass_context
def show_status(ctx: click.Context, as_json: bool, check: bool) -> None:
    """How far each has come, how fast, and why it waits."""
    from deploy.ops.migrating.backfill import commands

    rows = commands.status(connected().database_url)
    _print(rows, as_json)
    unknown = not rows  # to a database that is not migrated yet
    if check and (unknown or not all(row.verified for row in rows)):
        ctx.exit(OWED)


@backfill.command("run")
@click.argument("name", required=False)
@click.option("--rest", default=3.0, help="Rest so many times a batch's duration after it.")
@click.option("--again", is_flag=True, help="Walk all rows of NAME again, though it is verified.")
@as_json
@click.pass_context
def run_backfills(
    ctx: click.Context, name: str | None, rest: float, again: bool, as_json: bool
) -> None:
    """Run all that are not verified, or NAME, and wait until they are; Ctrl-C and run it again.

    One that another process runs is watched; one that failed is tried again; one that is paused or
    cancelled stays so, and makes this fail.
    """
    from deploy.ops.migrating.backfill import commands

    if again and not name:
        raise click.UsageError("--again needs the NAME of a backfill.")
    url, told = connected().database_url, _teller()
    rows = commands.run(url, name, rest=rest, again=again, told=told)
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", err=True, nl=False)
    _print(rows, as_json)
    if not all(row.verified for row in rows):
        ctx.exit(1)


@backfill.command("pause")
@name
@as_json
def pause_backfill(name: str, as_json: bool) -> None:
    """Let it stop after the batch that it is at."""
    _steer("pause", name, as_json)


@backfill.command("resume")
@name
@as_json
def resume_backfill(name: str, as_json: bool) -> None:
    """Let it go on where it stopped, run by a worker or by `beleg backfill run`."""
    _steer("resume", name, as_json)


@backfill.command("cancel")
@name
@as_json
def cancel_backfill(name: str, as_json: bool) -> None:
    """Let it stop until somebody resumes it; what is done stays done."""
    _steer("cancel", name, as_json)


@backfill.command("verify")
@click.argument("name", required=False)
@as_json
@click.pass_context
def verify_backfills(ctx: click.Context, name: str | None, as_json: bool) -> None:
    """Look at every row again; where none is wrong it is verified, else this exits with 1."""
    from deploy.ops.migrating.backfill import commands

    wrong = commands.verify(connected().database_url, name)
    if as_json:
        click.echo(json.dumps(wrong))
    for each, rows in () if as_json else wrong.items():
        click.echo(f"{each}: {rows:,} rows are wrong" if rows else f"{each}: every row is right")
    if any(wrong.values()):
        ctx.exit(1)


@backfill.command("plan")
@click.argument("name", required=False)
@as_json
def plan_backfills(name: str | None, as_json: bool) -> None:
    """How many rows and batches it would be, and how long it would take; changes nothing."""
    from deploy.ops.migrating.backfill import commands
    from deploy.ops.migrating.backfill.report import duration

    plans = commands.plan(connected().database_url, name)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in plans]))
    elif not plans:
        click.echo("No backfill is owed.")
    for each in () if as_json else plans:
        about = "" if each.exact else "about "
        click.echo(
            f"{each.name}: {about}{each.wrong:,} of {each.rows:,} rows to put right, in about"
            f" {each.batches:,} batches and {duration(each.seconds)} where nothing is in the way"
        )


def _steer(verb: str, name: str, as_json: bool) -> None:
    from deploy.ops.migrating.backfill import commands

    _print([commands.steer(connected().database_url, verb, name)], as_json)


def _print(rows: "Sequence[BackfillProgress]", as_json: bool) -> None:
    from deploy.ops.migrating.backfill.report import describe, plain

    if as_json:
        click.echo(json.dumps([plain(row) for row in rows]))
    elif not rows:
        click.echo("This database has no backfills.")
    for row in () if as_json else rows:
        click.echo(describe(row))


def _teller() -> "Callable[[Sequence[BackfillProgress]], None]":
    """Says on standard error how far it is: in place on a terminal, else every ten seconds."""
    from deploy.ops.migrating.backfill.ledger import BackfillState
    from deploy.ops.migrating.backfill.report import describe

    terminal = sys.stderr.isatty()
    told_at = time.monotonic()

    def tell(rows: "Sequence[BackfillProgress]") -> None:
        nonlocal told_at
        for row in (row for row in rows if row.state == BackfillState.RUNNING):
            if terminal:
                click.echo(f"\r\x1b[K{describe(row)}", err=True, nl=False)
            elif time.monotonic() - told_at > TOLD_SECONDS:
                told_at = time.monotonic()
                click.echo(describe(row), err=True)

    return tell
