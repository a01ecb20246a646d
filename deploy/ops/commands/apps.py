"""Commands about the mobile apps in the field."""

import click

from deploy.ops.commands.root import connected, main


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
    from deploy.ops import apps

    floor = Floor(platform, minimum, latest, messages["message_en"], messages["message_de"])
    apps.set_floor(connected(), floor)
    click.echo(f"{platform} before {minimum} has to be updated, before {latest} is advised to be.")


@app.command("kill")
@click.argument("platform")
@click.argument("build")
@click.option("--revive", is_flag=True, help="Let it call again.")
def kill_build(platform: str, build: str, revive: bool) -> None:
    """Refuse one build from now on."""
    from deploy.ops import apps

    apps.kill(connected(), platform, build, revive=revive)
    click.echo(f"{platform} {build} {'may call again' if revive else 'is refused from now on'}.")
