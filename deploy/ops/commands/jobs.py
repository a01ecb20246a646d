"""Commands about jobs that failed on us: an error of ours, or something that was away for long."""

import json

import click

from deploy.ops.commands.root import connected, main

as_json = click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")


@main.group()
def job() -> None:
    """Work for later that failed on us: tried again by itself, or held for a person."""


@job.command("list")
@as_json
def list_jobs(as_json: bool) -> None:
    """List the jobs that failed: those held, and those that wait for their next try."""
    from deploy.ops import jobs

    failed = jobs.list_failed(connected())
    if as_json:
        click.echo(json.dumps({"jobs": [jobs.described(each) for each in failed]}))
        return
    for each in failed:
        click.echo(jobs.in_words(each))
    if not failed:
        click.echo("No job has failed.")
    elif any(each.held for each in failed):
        click.echo("Held jobs go on once you say: beleg job retry ID, or --all.")


@job.command("retry")
@click.argument("which", metavar="ID", required=False)
@click.option("--all", "every", is_flag=True, help="All that `beleg job list` names.")
@as_json
def retry_jobs(which: str | None, every: bool, as_json: bool) -> None:
    """Let a job be done now: by its number, or by the document or application that it is about.

    Documents that an earlier build gave up over an error of ours are read anew. Safe to run again.
    """
    from deploy.ops import jobs

    if (which is None) is not every:
        raise click.UsageError("Say which job, as `beleg job list` names it, or --all.")
    let_go = jobs.retry(connected(), which)
    if as_json:
        click.echo(json.dumps({"jobs": [jobs.described(each) for each in let_go]}))
    else:
        click.echo(f"Let go: {len(let_go)}. A worker that is ready takes them up within seconds.")
