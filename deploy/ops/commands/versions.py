"""Commands about published versions: their contracts, their lives, and the apps that call them."""

from datetime import datetime

import click

from deploy.ops.commands.root import connected, main


@main.group("versions")
def versions_() -> None:
    """How the published versions live: who calls them, brownouts, retirement."""


@versions_.command("list")
def list_versions() -> None:
    """List the versions, their dates, and how each stands."""
    from deploy.ops.lives import listed

    for line in listed(connected()):
        click.echo(line)


@versions_.command("usage")
@click.option("--days", default=30)
def show_usage(days: int) -> None:
    """Show who called which operation of which version from which build."""
    from deploy.ops.lives import used

    for each in used(connected(), days):
        build = each.build or "-"
        last = f"{each.last_at:%Y-%m-%d %H:%M}"
        click.echo(f"{each.version} {each.operation} {each.calls} {each.client} {build} {last}")


@versions_.command("brownout")
@click.argument("version")
@click.option("--from", "starts_at", type=click.DateTime(), required=True, help="UTC.")
@click.option("--until", "ends_at", type=click.DateTime(), required=True, help="UTC.")
def brown_out(version: str, starts_at: datetime, ends_at: datetime) -> None:
    """Announce a window in which a version answers 410."""
    from deploy.ops.lives import brown_out

    brown_out(connected(), version, starts_at, ends_at)


@versions_.command("retire")
@click.argument("version")
@click.option("--anyway", is_flag=True, help="Although clients still call it.")
@click.option("--reason", help="Why, for the audit log.")
def retire_version(version: str, anyway: bool, reason: str | None) -> None:
    """Let a version be gone; refused, naming who, while clients call it."""
    from deploy.ops.lives import retire

    retire(connected(), version, reason, anyway=anyway)
    click.echo(f"{version} is retired.")


@main.group()
def app() -> None:
    """Mobile apps in the field."""


@app.command("floor")
@click.argument("platform")
@click.option("--minimum", required=True)
@click.option("--latest", required=True)
@click.option("--message-en")
@click.option("--message-de")
def set_floor(platform: str, minimum: str, latest: str, **messages: str | None) -> None:
    """Set the oldest build of a platform that works, and the newest there is."""
    from core.apps import Floor
    from deploy.ops.lives import set_floor

    floor = Floor(platform, minimum, latest, messages["message_en"], messages["message_de"])
    set_floor(connected(), floor)


@app.command("kill")
@click.argument("platform")
@click.argument("build")
@click.option("--revive", is_flag=True, help="Let it call again.")
def kill_build(platform: str, build: str, revive: bool) -> None:
    """Refuse one build from now on."""
    from deploy.ops.lives import kill

    kill(connected(), platform, build, revive=revive)


@main.group()
def contract() -> None:
    """What the public API has published."""


@contract.command("check")
@click.option("--since", help="A git revision; what it had published must still hold.")
def check_contract(since: str | None) -> None:
    """Fail where what would be served is not what was published, and say who would break."""
    from deploy.ops.contracts import check

    said = check(since)
    for line in said:
        click.echo(line)
    if said:
        raise SystemExit(1)


@contract.command("show")
@click.argument("version")
def show_contract(version: str) -> None:
    """Print a version's document as it is published."""
    from deploy.ops.contracts import show

    click.echo(show(version), nl=False)


@contract.command("publish")
def publish_contract() -> None:
    """Publish what was added to a version; a change that breaks anybody is refused."""
    from deploy.ops.contracts import publish

    for place in publish():
        click.echo(place)
