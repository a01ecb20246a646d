"""Commands of a release's shadow: the differ, its report, the role that it reads with."""

import asyncio
import json
from pathlib import Path

import click

from deploy.ops.commands.releases import file, recorded_at, release
from deploy.ops.commands.root import PORT, configured, host

folder = click.option(
    "--folder", type=click.Path(path_type=Path), required=True, help="Where what was found lies."
)


@release.command()
@folder
@host
@click.option("--port", type=PORT, required=True)
@click.option("--findings-port", type=PORT, help="Where it says what it found, to anybody.")
@click.option("--a", "a", multiple=True, required=True, help="A's shadow, host:port.")
@click.option("--b", "b", multiple=True, required=True, help="B's shadow, host:port.")
@click.option("--at-once", type=click.IntRange(1, 64), default=1, help="Requests asked at once.")
@click.option("--seconds", type=click.FloatRange(0.1, 120), default=15.0, help="Patience.")
def differ(
    folder: Path,
    host: str,
    port: int,
    findings_port: int | None,
    a: tuple[str, ...],
    b: tuple[str, ...],
    at_once: int,
    seconds: float,
) -> None:
    """Compare two shadows by what the edge mirrors; a release starts and stops it by itself."""
    from deploy.release.shadow.differ import DifferBounds
    from deploy.release.shadow.local import DifferPlace
    from deploy.release.shadow.serve import serve

    configured()
    serve(
        folder.resolve(),
        DifferPlace(host, port, a, b),
        DifferBounds(at_once=at_once, seconds=seconds),
        findings_port,
    )


@release.command("shadow-report")
@folder
@click.option("--rules", type=click.Path(path_type=Path), help="Instead of ignore.toml there.")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
def shadow_report(folder: Path, rules: Path | None, as_json: bool) -> None:
    """Say what a differ has found; report.html, report.md and report.json say all of it."""
    from deploy.release.shadow.local import summarise

    summary = summarise(folder.resolve(), rules)
    page = Path(summary.report)
    as_file = page.with_suffix(".json" if as_json else ".md")
    click.echo(as_file.read_text().rstrip())
    if not as_json:
        click.echo(f"\nAs a page: {page}")


@release.command("shadow-role")
@file
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def shadow_role(file: Path, as_json: bool) -> None:
    """Make the role that shadows read with, or check that the one given can only read."""
    from deploy.release.shadow import role

    settings = recorded_at(file)
    url = settings.database_owner_url or settings.database_url
    address = asyncio.run(role.ensure(url))
    name = role.name_in(address)
    if as_json:
        click.echo(json.dumps({"role": name, "powers": []}))
    else:
        click.echo(f"{name} reads all data and can do nothing else.")
