"""The command that says whether an environment would work."""

import asyncio
import json

import click

from deploy.ops.commands.root import connected, main

PROCESSES = click.IntRange(0)


@main.command()
@click.option("--api", default=1, type=PROCESSES, help="How many processes of the public API.")
@click.option("--bff", default=1, type=PROCESSES, help="How many of the web app's backend.")
@click.option("--worker", default=1, type=PROCESSES, help="How many workers.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def check(api: int, bff: int, worker: int, as_json: bool) -> None:
    """Say whether this environment would work: database, documents, and all else it leans on.

    Ends with 1 where something is wrong, and with 3 where only a step is owed.
    """
    from deploy.ops.checking import check

    processes = {"api": api, "bff": bff, "worker": worker}
    report = asyncio.run(check(connected(), processes))
    click.echo(json.dumps(report.as_json()) if as_json else "\n".join(report.lines))
    raise SystemExit(report.exit_code)
