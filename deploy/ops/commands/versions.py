"""Commands about published versions: who calls them, brownouts, retirement."""

from datetime import datetime

import click

from deploy.ops.commands.root import connected, main

UTC_TIME = click.DateTime(
    [
        "%Y-%m-%d",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%dT%H:%MZ",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%dT%H:%M:%SZ",
        "%Y-%m-%d %H:%M:%S",
    ]
)


@main.group("versions")
def versions_() -> None:
    """How the published versions live: who calls them, brownouts, retirement."""


@versions_.command("list")
def list_versions() -> None:
    """List the versions, their dates, how each stands, and every brownout to come, in UTC."""
    from deploy.ops import versions

    for line in versions.describe(connected()):
        click.echo(line)


@versions_.command("usage")
@click.option("--days", default=30, type=click.IntRange(1, 3650), help="So many days back.")
@click.option("--irregular", is_flag=True, help="Only what is taken and should not be sent.")
def show_usage(days: int, irregular: bool) -> None:
    """Show who called which operation of which version from which build."""
    from deploy.ops import versions

    if irregular:
        for line in versions.irregular_calls(connected(), days):
            last = f"{line.last_at:%Y-%m-%d %H:%M}Z"
            what = f"{line.version} {line.operation} {line.irregularity}"
            click.echo(f"{what} {line.calls} {line.client} {last}")
        return
    for each in versions.calls(connected(), days):
        build = each.build or "-"
        last = f"{each.last_at:%Y-%m-%d %H:%M}Z"
        click.echo(f"{each.version} {each.operation} {each.calls} {each.client} {build} {last}")


@versions_.command("brownout")
@click.argument("version")
@click.option("--from", "starts_at", type=UTC_TIME, help="When it begins, in UTC.")
@click.option("--until", "ends_at", type=UTC_TIME, help="When it ends, in UTC.")
@click.option("--cancel", is_flag=True, help="Take back the one that begins --from, or the only.")
@click.option("--anyway", is_flag=True, help="Although it begins sooner than was published.")
@click.option("--reason", help="Why, for the audit log.")
def brown_out(
    version: str,
    starts_at: datetime | None,
    ends_at: datetime | None,
    cancel: bool,
    anyway: bool,
    reason: str | None,
) -> None:
    """Announce a window in which a deprecated version answers 410, or take one back.

    Partners see it at once: in the header Beleg-Brownout of every answer of the version, and in
    /docs. So it is announced two weeks ahead. --cancel takes back what is announced or running,
    with effect at once.
    """
    from deploy.ops import versions

    if cancel:
        if ends_at or anyway:
            raise click.UsageError("--cancel goes with --from and --reason alone.")
        window = versions.cancel_brownout(connected(), version, starts_at, reason)
        click.echo(f"The brownout of {version}, {window}, is cancelled.")
        return
    if starts_at is None or ends_at is None:
        raise click.UsageError("A brownout has a beginning and an end: --from and --until.")
    window = versions.brown_out(connected(), version, starts_at, ends_at, reason, anyway=anyway)
    click.echo(f"The brownout of {version}, {window}, is announced; --cancel takes it back.")


@versions_.command("retire")
@click.argument("version")
@click.option("--cancel", is_flag=True, help="Serve it again.")
@click.option("--anyway", is_flag=True, help="Although clients still call it.")
@click.option("--reason", help="Why, for the audit log.")
def retire_version(version: str, cancel: bool, anyway: bool, reason: str | None) -> None:
    """Let a deprecated version be gone, or take that back.

    Refused, naming who, while clients call it; and always for a version that is not deprecated,
    and for the last that is served. --cancel serves a retired version again, at once.
    """
    from deploy.ops import versions

    if cancel:
        if anyway:
            raise click.UsageError("--cancel goes with --reason alone.")
        versions.cancel_retirement(connected(), version, reason)
        click.echo(f"The retirement of {version} is cancelled.")
        return
    versions.retire(connected(), version, reason, anyway=anyway)
    click.echo(f"{version} is retired; --cancel takes it back.")
