"""`beleg release rehearse`: a release tried out from end to end on this machine."""

import asyncio
import json
import re
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from deploy.ops.commands.releases import release

HERE = Path(__file__).parent.parent.parent.parent
BROKEN = 1
HOLDS = re.compile(r"^\S+( at \S+ %)?: hold: ")


@release.command("rehearse")
@click.option("--a", default="HEAD^", help="The old build: a git ref, or a folder of its sources.")
@click.option("--b", default=str(HERE), help="The new build: a folder of its sources, or a ref.")
@click.option("--requests", type=click.IntRange(100), default=20_000, help="At least so many.")
@click.option("--rate", type=click.FloatRange(1, 1000), default=50.0, help="Requests a second.")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Where data, logs and the report are kept; by default only the report, in .data.",
)
@click.option("--first-port", type=click.IntRange(1024, 65_000), default=8100)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one line of JSON.")
def rehearse(
    a: str,
    b: str,
    requests: int,
    rate: float,
    data: Path | None,
    first_port: int,
    as_json: bool,
) -> None:
    """Release B beside A on this machine, under traffic, and see that nobody notices.

    Brings its own PostgreSQL, Envoy, partners and people: expand, shadow, a/b, switch, soak, done,
    by the same driver and gates as anywhere. Ends with 1 where a promise is broken: a failed
    request, a lost write, a p99 of more than twice A's.
    """
    from core import telemetry
    from deploy.release.rehearsal.plan import RehearsalPlan
    from deploy.release.rehearsal.rehearsing import rehearse, until_told, written

    telemetry.configure("WARNING")
    began = time.monotonic()

    def told(text: str) -> None:
        if not HOLDS.search(text):  # what is waited for changes each second
            click.echo(f"{time.monotonic() - began:6.1f} s  {text}", err=True)

    with TemporaryDirectory(prefix="beleg-", ignore_cleanup_errors=True) as scratch:
        folder = (data or Path(scratch)).resolve()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        plan = RehearsalPlan(a, b, folder, requests, rate, first_port=first_port)
        report = asyncio.run(until_told(rehearse(plan, told)))
        kept = folder if data else Path(".data")
        kept.mkdir(mode=0o700, parents=True, exist_ok=True)
        places = written(report, kept)
    click.echo(json.dumps(report.as_json()) if as_json else report.as_markdown())
    told(f"The report: {', '.join(map(str, places))}")
    if not report.kept:
        broken = [f"{each.name}: {each.found}" for each in report.promises if not each.kept]
        click.echo("A promise is broken. " + "; ".join(broken), err=True)
        raise SystemExit(BROKEN)
