"""Commands that run the product or a part of it, and set it up."""

import asyncio
import json
import os
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core import telemetry
from core.errors import Complaint, Invalid
from deploy.ops.commands.root import (
    METRICS_PORT,
    PORT,
    configured,
    connected,
    drain,
    host,
    main,
)

if TYPE_CHECKING:
    from core.settings import Settings
    from deploy.ops.serve import ListenAddress

metrics_host = click.option(
    "--metrics-host",
    default="",
    show_default="as --host",
    help="The address to listen on for health and metrics.",
)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SHADOW_NICE = 10
SWITCH_SECONDS = 0.001  # threads that take in large files let the others go on so often


@main.command()
@click.option("--data", type=click.Path(path_type=Path), default=".data", help="All data.")
@host
@click.option("--web-port", type=PORT, default=8000)
@click.option("--api-port", type=PORT, default=8001)
@click.option("--metrics-port", type=METRICS_PORT, default=9000, help="And the two after it.")
@click.option("--demo/--no-demo", default=True, help="With a made-up lender to look at.")
@click.option("--edge", is_flag=True, help="Behind Envoy, ready for a release; 3 more ports.")
@click.option("--certificate", type=FILE, help="With --edge: the chain that is shown, for https.")
@click.option("--certificate-key", type=FILE, help="With --edge: its key.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON once it is ready.")
@click.option("--verbose", is_flag=True, help="Show all that the parts log.")
def up(
    data: Path,
    host: str,
    web_port: int,
    api_port: int,
    metrics_port: int,
    demo: bool,
    edge: bool,
    certificate: Path | None,
    certificate_key: Path | None,
    as_json: bool,
    verbose: bool,
) -> None:
    """Run all of it on this machine until Ctrl-C, with a PostgreSQL of its own."""
    from deploy.ops.plan import Plan, Ports
    from deploy.ops.up import up

    ports = Ports(web_port, api_port, metrics_port)
    settings = configured()
    shown = (certificate, certificate_key)
    if any(shown) and not (edge and all(shown)):
        raise click.UsageError("--certificate and --certificate-key go together, and with --edge.")
    plan = Plan(
        data.resolve(),
        host,
        ports,
        demo,
        settings.database_url,
        settings.log_level,
        edge,
        settings.trusted_hops,
        (certificate.resolve(), certificate_key.resolve())
        if certificate and certificate_key
        else None,
    )
    up(plan, as_json=as_json, verbose=verbose)


@main.command()
@host
@click.option("--port", type=PORT, default=8001)
@metrics_host
@click.option("--metrics-port", type=PORT, default=9000)
@drain
def api(host: str, port: int, metrics_host: str, metrics_port: int, drain: float) -> None:
    """Run the public API."""
    from deploy.ops.serve import serve
    from deploy.ops.unread import api_words
    from deploy.ops.wire_limits import WireLimits
    from public_api.app import build

    settings = _placed(connected(), metrics_host or host)
    if settings.shadow:
        os.nice(SHADOW_NICE)  # users come first
    place = _place(settings, host, port, metrics_host, metrics_port, drain)
    serve(build(settings), place, WireLimits.of(settings), api_words())


@main.command()
@host
@click.option("--port", type=PORT, default=8000)
@metrics_host
@click.option("--metrics-port", type=PORT, default=9001)
@drain
def bff(host: str, port: int, metrics_host: str, metrics_port: int, drain: float) -> None:
    """Run the web app and its backend."""
    from bff.app import build
    from core.settings import Environment
    from deploy.ops.confinement import require_confinement
    from deploy.ops.serve import serve
    from deploy.ops.unread import web_words
    from deploy.ops.wire_limits import WireLimits

    settings = _placed(_no_shadow(connected()), metrics_host or host)
    if settings.env is Environment.PRODUCTION:
        require_confinement(settings)  # it draws pages of strangers' files
    place = _place(settings, host, port, metrics_host, metrics_port, drain)
    serve(build(settings), place, WireLimits.of(settings), web_words())


@main.command()
@host
@metrics_host
@click.option("--metrics-port", type=PORT, default=9002)
def worker(host: str, metrics_host: str, metrics_port: int) -> None:
    """Run the worker, which reads documents and does all other work for later."""
    from deploy.ops.extras import require

    require("reading", "The worker")
    from deploy.ops.confinement import require_confinement
    from deploy.ops.serve import work
    from deploy.ops.wire_limits import WireLimits
    from deploy.ops.worker import JobWorker, parser_pool_of

    where = metrics_host or host
    settings = _placed(_no_shadow(connected()), where)
    confinement = require_confinement(settings)
    sys.setswitchinterval(SWITCH_SECONDS)
    with parser_pool_of(settings) as parser_pool:
        worker = JobWorker(settings, parser_pool, confinement)
        work(worker, where, metrics_port, WireLimits.of(settings))


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
    from core import settings

    for variable, default, meaning in settings.described():
        click.echo(f"{variable}={default}\n    {meaning}")


@main.command()
def logtree() -> None:
    """Print every logger with its level, handlers and propagation."""
    configured()
    import public_api.app  # noqa: F401 - loading them makes their loggers

    for line in telemetry.log_tree():
        click.echo(line)


def _no_shadow(settings: "Settings") -> "Settings":
    if settings.shadow:
        detail = "BELEG_SHADOW: only the API can be a shadow; unset it for the other parts"
        raise Invalid(Complaint("BELEG_SHADOW", detail))
    return settings


def _placed(settings: "Settings", metrics_host: str) -> "Settings":
    """The settings of a part that serves: it is said where it stands, and its metrics are inside.

    `beleg up` of older builds says no environment, but always whether it carries the demo lender.
    """
    from core.settings import Allowed

    name = "BELEG_ENV"
    if not (settings.says_environment or "BELEG_DEMO" in os.environ):
        said = "development, test, staging or production: what is refused depends on it"
        raise Invalid(Complaint(name, f"{name} is not set: say where this stands, {said}"))
    if not settings.allows(Allowed.PUBLIC_METRICS) and _is_public(metrics_host):
        raise Invalid(
            Complaint(
                "metrics_host",
                f"{metrics_host} is an address that strangers may reach: name another by"
                " --metrics-host, or, where a network policy keeps them from it,"
                f" BELEG_PRODUCTION_ALLOWS={Allowed.PUBLIC_METRICS}",
            )
        )
    return settings


def _is_public(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:  # a name, which its own network has given
        return False
    return address.is_unspecified or address.is_global


def _place(
    settings: "Settings", host: str, port: int, metrics_host: str, metrics_port: int, drain: float
) -> "ListenAddress":
    from deploy.ops.serve import ListenAddress

    return ListenAddress(
        host,
        port,
        metrics_port,
        drain,
        proxied=settings.trusted_hops > 0,
        metrics_host=metrics_host,
    )
