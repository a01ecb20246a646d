"""The command line, `beleg`: one command a thing that an operator does.

What a command needs is imported when it runs, so that each part loads itself alone.
"""

import asyncio
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from core import settings, telemetry
from core.errors import Complaint, Invalid, Refused, Unavailable
from core.settings import Settings

PORT = click.IntRange(1, 65_535)
METRICS_PORT = click.IntRange(1, 65_533)


class Commands(click.Group):
    """Commands that say in one line why they refuse."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except Refused as refusal:
            raise click.ClickException(refusal.detail) from refusal


@click.group(
    cls=Commands, context_settings={"show_default": True, "help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="beleg")
def main() -> None:
    """Beleg reads the paperwork of a credit application and shows what every answer rests on."""


def configured() -> Settings:
    """The settings that the environment names, with the logs set up as they say."""
    loaded = settings.load()
    telemetry.configure(loaded.log_level)
    return loaded


def connected() -> Settings:
    """The same, for what cannot do without a database."""
    loaded = configured()
    if not loaded.database_url:
        variable = "BELEG_DATABASE_URL"
        raise Invalid(Complaint(variable, f"{variable} is not set; `beleg up` brings its own."))
    return loaded


host = click.option("--host", default="127.0.0.1", help="The address to listen on.")
drain = click.option(
    "--drain", default=0.0, help="Seconds to go on serving, not ready, after SIGTERM."
)


@main.command()
@click.option("--data", type=click.Path(path_type=Path), default=".data", help="All data.")
@host
@click.option("--web-port", type=PORT, default=8000)
@click.option("--api-port", type=PORT, default=8001)
@click.option("--metrics-port", type=METRICS_PORT, default=9000, help="And the two after it.")
@click.option("--demo/--no-demo", default=True, help="With a made-up lender to look at.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON once it is ready.")
def up(
    data: Path,
    host: str,
    web_port: int,
    api_port: int,
    metrics_port: int,
    demo: bool,
    as_json: bool,
) -> None:
    """Run all of it on this machine until Ctrl-C, with a PostgreSQL of its own."""
    from deploy.ops.up import Plan, Ports, up

    ports = Ports(web_port, api_port, metrics_port)
    up(Plan(data.resolve(), host, ports, demo, configured().database_url), as_json)


@main.command()
@host
@click.option("--port", type=PORT, default=8001)
@click.option("--metrics-port", type=PORT, default=9000)
@drain
def api(host: str, port: int, metrics_port: int, drain: float) -> None:
    """Run the public API."""
    from deploy.ops.serve import Place, serve
    from public_api.app import build

    serve(build(connected()), Place(host, port, metrics_port, drain))


@main.command()
@host
@click.option("--port", type=PORT, default=8000)
@click.option("--metrics-port", type=PORT, default=9001)
@drain
def bff(host: str, port: int, metrics_port: int, drain: float) -> None:
    """Run the web app and its backend."""
    from bff.app import build
    from deploy.ops.serve import Place, serve

    serve(build(connected()), Place(host, port, metrics_port, drain))


@main.command()
@host
@click.option("--metrics-port", type=PORT, default=9002)
def worker(host: str, metrics_port: int) -> None:
    """Run the worker, which reads documents and does all other work for later."""
    from deploy.ops.serve import work
    from deploy.ops.worker import JobWorker, sandbox_of

    settings = connected()
    with sandbox_of(settings) as sandbox:
        work(JobWorker(settings, sandbox), host, metrics_port)


@main.command()
@click.option("--to", default="head", help="The last revision to apply.")
def migrate(to: str) -> None:
    """Apply the revisions that this build requires; changes nothing where they are applied."""
    from core.db import GONE
    from deploy.ops.migrate import migrate

    url = connected().database_url
    try:
        applied = migrate(url, to)
    except GONE as problem:
        raise Unavailable(f"The database is not reachable: {problem}") from problem
    click.echo(f"Applied {', '.join(applied)}." if applied else "Nothing to apply.")


@main.command()
@click.option("--secrets", type=click.Path(path_type=Path), required=True, help="File to write.")
def seed(secrets: Path) -> None:
    """Let the demo lender move into an instance, and write down how to get in."""
    from deploy.ops.seed import seed

    found = asyncio.run(seed(connected()))
    fresh = secrets.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(found, file)
    fresh.rename(secrets)


@main.command("settings")
def list_settings() -> None:
    """List every setting: its environment variable, default and meaning."""
    for variable, default, meaning in settings.described():
        click.echo(f"{variable}={default}\n    {meaning}")


@main.group()
def client() -> None:
    """Partners that call the public API."""


@client.command("create")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, help="May be given several times.")
@click.option("--test", is_flag=True, help="A sandbox: test keys, made-up cases, apart from all.")
@click.option("--cases/--no-cases", default=True, help="Whether a sandbox begins with cases.")
@click.option("--expires", "expires_at", type=click.DateTime(), help="When the key ends, in UTC.")
@click.option("--network", "networks", multiple=True, help="Only from there, such as 192.0.2.0/24.")
@click.option("--per-minute", type=int, help="Calls that the key may make in a minute.")
@click.option("--per-day", type=int, help="Calls that the client may make in a day.")
@click.option("--openid-app", "oidc_client_id", help="Its app, by its id at the OpenID provider.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def create_client(name: str, scopes: tuple[str, ...], as_json: bool, **rules: Any) -> None:
    """Take in a partner and print its API key, which is shown this once."""
    from deploy.ops.people import create_client

    if rules["expires_at"]:
        rules["expires_at"] = rules["expires_at"].replace(tzinfo=UTC)
    rules["cases"] = rules["cases"] and rules["test"]
    _say(create_client(connected(), name, scopes, **rules), as_json)


@client.command("keys")
@click.argument("client_id", type=click.UUID)
def list_keys(client_id: UUID) -> None:
    """List a partner's keys, as far as they may be shown."""
    from deploy.ops.lives import keys

    for key in keys(connected(), client_id):
        until = f", until {key.expires_at:%Y-%m-%d %H:%M}" if key.expires_at else ""
        click.echo(f"{key.id} {key.shown} {', '.join(key.scopes)}{until}")


@client.command("rotate")
@click.argument("key_id", type=click.UUID)
@click.option("--grace-hours", default=24.0, help="How long the old key goes on working.")
def rotate_key(key_id: UUID, grace_hours: float) -> None:
    """Print a new key in place of an old one, shown this once."""
    from deploy.ops.lives import rotate

    click.echo(rotate(connected(), key_id, grace_hours))


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
def webhook() -> None:
    """Addresses that partners have told what happens."""


@webhook.command("list")
def list_webhooks() -> None:
    """List every webhook and whether it is told."""
    from deploy.ops.lives import hooks

    for line in hooks(connected()):
        click.echo(line)


@webhook.command("switch")
@click.argument("webhook_id", type=click.UUID)
@click.option("--on/--off", "enabled", required=True, help="On, it goes on where it stopped.")
def switch_webhook(webhook_id: UUID, enabled: bool) -> None:
    """Switch a webhook on or off."""
    from deploy.ops.lives import switch_hook

    switch_hook(connected(), webhook_id, enabled=enabled)


@main.group()
def user() -> None:
    """People who work at the lender."""


@user.command("create")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@click.option("--role", type=click.Choice(["viewer", "underwriter"]), default="underwriter")
@click.option("--locale", type=click.Choice(["en", "de"]), default="en")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def create_user(
    email: str, name: str, password: str, role: str, locale: str, as_json: bool
) -> None:
    """Take in a person; the password is asked for unless it is given."""
    from deploy.ops.people import create_user

    _say(create_user(connected(), email, name, password, role, locale), as_json)


def _say(said: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(said))
    else:
        for name, value in said.items():
            click.echo(f"{name}: {', '.join(value) if isinstance(value, list) else value}")


@main.group()
def audit() -> None:
    """The log of who did what."""


@audit.command("verify")
def verify_audit() -> None:
    """Check the whole chain; exit 1 where it does not hold."""
    from deploy.ops.people import verify_audit

    verdict = verify_audit(connected())
    click.echo(f"sealed: {verdict.sealed}, not yet sealed: {verdict.unsealed}")
    if verdict.broken_at is not None:
        raise click.ClickException(f"the chain is broken at seal {verdict.broken_at}")


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


@main.command()
def logtree() -> None:
    """Print every logger with its level, handlers and propagation."""
    configured()
    import public_api.app  # noqa: F401 - loading them makes their loggers

    for line in telemetry.log_tree():
        click.echo(line)


if __name__ == "__main__":
    main()
