"""Commands about published versions: who calls them, brownouts, retirement."""

from datetime import datetime

import click

from deploy.ops.commands.root import connected, main


@main.group("versions")
def versions_() -> None:
    """How the published versions live: who calls them, brownouts, retirement."""


@versions_.command("list")
def list_versions() -> None:
    """List the versions, their dates, and how each stands."""
    from deploy.ops import versions

    for line in versions.describe(connected()):
        click.echo(line)


@versions_.command("usage")
@click.option("--days", default=30)
@click.option("--irregular", is_flag=True, help="Only what is taken and should not be sent.")
def show_usage(days: int, irregular: bool) -> None:
    """Show who called which operation of which version from which build."""
    from deploy.ops import versions

    if irregular:
        for line in versions.irregular_calls(connected(), days):
            last = f"{line.last_at:%Y-%m-%d %H:%M}"
            what = f"{line.version} {line.operation} {line.irregularity}"
            click.echo(f"{what} {line.calls} {line.client} {last}")
        return
    for each in versions.calls(connected(), days):
        build = each.build or "-"
        last = f"{each.last_at:%Y-%m-%d %H:%M}"
        click.echo(f"{each.version} {each.operation} {each.calls} {each.client} {build} {last}")


@versions_.command("brownout")
@click.argument("version")
@click.option("--from", "starts_at", type=click.DateTime(), required=True, help="UTC.")
@click.option("--until", "ends_at", type=click.DateTime(), required=True, help="UTC.")
def brown_out(version: str, starts_at: datetime, ends_at: datetime) -> None:
    """Announce a window in which a version answers 410."""
    from deploy.ops import versions

    versions.brown_out(connected(), version, starts_at, ends_at)


@versions_.command("retire")
@click.argument("version")
@click.option("--anyway", is_flag=True, help="Although clients still call it.")
@click.option("--reason", help="Why, for the audit log.")
def retire_version(version: str, anyway: bool, reason: str | None) -> None:
    """Let a version be gone; refused, naming who, while clients call it."""
    from deploy.ops import versions

    versions.retire(connected(), version, reason, anyway=anyway)
    click.echo(f"{version} is retired.")
