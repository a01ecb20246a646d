"""`beleg up`: all of it on one machine, out of one folder."""

import asyncio
import json
import os
import socket
import time
from base64 import b64encode
from collections.abc import Mapping
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

import click
import structlog

from core import builds, telemetry
from core.errors import Conflict
from core.keys import KEY_BYTES
from core.settings import FROM_FILE, PREFIX, Environment, local_blobs, variable, without
from deploy.ops.binaries import envoy
from deploy.ops.plan import LOOPBACK, Plan, banner, described
from deploy.ops.postgres import Embedded
from deploy.ops.program import Program
from deploy.ops.relay import Relay, near
from deploy.ops.supervisor import Stopped, Supervisor
from deploy.ops.terminal import Terminal

if TYPE_CHECKING:
    from deploy.release.edge.local import LocalEdge

log = structlog.get_logger()

PORT_SECONDS = 3.0
TERSE = {"log_error_verbosity": "terse"}  # the details of an error quote what was written


def up(plan: Plan, *, as_json: bool = False, verbose: bool = False) -> None:
    """Start everything, say where it is, and keep it running until Ctrl-C or SIGTERM."""
    if plan.edge:
        envoy()  # missing, it is missed before anything starts
    plan.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    terminal = Terminal()
    supervisor = Supervisor(Relay(terminal, verbose=verbose))
    supervisor.heed_signals()
    try:
        # First, for it refuses a folder that is in use: nothing is written into that one's logs.
        own = None if plan.database_url else _start_postgresql(plan, supervisor, terminal)
        with TextIOWrapper(plan.log("up").begin(), encoding="utf-8") as own_log:
            telemetry.configure(plan.log_level, own_log, build=builds.BUILD)
            log.info("starting", version=version("beleg"))
            try:
                environ = _environ(plan, own)
                _bring_up(plan, supervisor, terminal, environ)
                log.info("started")
                click.echo(json.dumps(described(plan)) if as_json else banner(plan))
                if plan.edge:
                    _say_what_is_released(plan, terminal, environ["BELEG_DATABASE_URL"])
                supervisor.watch()
            except Exception as problem:
                if not isinstance(problem, Stopped):
                    log.exception("gave_up")
                raise
            finally:
                log.info("stopping")
    except Stopped:
        pass
    finally:
        with terminal.step("Stopping"):
            supervisor.stop()


def _start_postgresql(plan: Plan, supervisor: Supervisor, terminal: Terminal) -> Embedded:
    """Start a PostgreSQL of our own."""
    server = Embedded(plan.data / "postgresql", TERSE, plan.log("postgresql"))
    with terminal.step("Starting PostgreSQL"):
        supervisor.start(server)
    return server


def _bring_up(
    plan: Plan, supervisor: Supervisor, terminal: Terminal, environ: Mapping[str, str]
) -> None:
    """Start what there is to start, each step on top of the one before."""
    with terminal.step("Applying migrations"):
        supervisor.finish(Program("migrate", environ=environ, log=plan.log("migrate")))
    with terminal.step("Bringing data into its new shape"):
        words = ("run", "--rest", "0")  # nothing else runs yet
        supervisor.finish(Program("backfill", *words, environ=environ, log=plan.log("backfill")))
    if plan.demo and not plan.secrets.exists():
        words = ("seed", "--secrets", str(plan.secrets))
        with terminal.step("Making up the demo lender"):
            supervisor.finish(Program(*words, environ=environ, log=plan.log("seed")))
    with terminal.step("Starting the worker, the API and the web app"):
        _start(plan, supervisor, environ)


def _environ(plan: Plan, own: Embedded | None) -> dict[str, str]:
    """What is found set by what is started here; what the operator has set stays."""
    database = {"BELEG_DATABASE_URL": plan.database_url}
    if own is not None:
        database = {
            "BELEG_DATABASE_URL": own.runtime_url,
            "BELEG_DATABASE_OWNER_URL": own.url,
        }
    return {
        "BELEG_ENV": Environment.DEVELOPMENT.value,
        "BELEG_AUDIT_ANCHORS": (plan.data / "audit.anchors").as_uri(),
        "BELEG_BLOB_URL": local_blobs(plan.data / "blobs"),
        "BELEG_DEMO": str(plan.demo).lower(),
        "BELEG_WEBHOOK_ALLOW_PRIVATE": "true",  # a receiver being written is on this machine
        **_keys(plan.data),
        **_said(os.environ, *database),
        **database,
        **({"BELEG_TRUSTED_HOPS": str(max(plan.trusted_hops, 1))} if plan.edge else {}),
    }


def _said(environ: Mapping[str, str], *instead: str) -> dict[str, str]:
    """What the operator has set, but for what is said instead; a setting left empty is not set."""
    kept = without(environ, *instead).items()
    return {name: value for name, value in kept if value or not name.startswith(PREFIX)}


def _keys(data: Path) -> dict[str, str]:
    """The files of the keys that this folder's secrets and audit log are sealed with."""
    said = {}
    for name in ("secret_keys", "audit_keys"):
        if os.environ.get(variable(name)) or os.environ.get(f"{variable(name)}{FROM_FILE}"):
            continue
        file = data / name.replace("_", ".")
        if not file.exists():
            fresh = file.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(f"own:{b64encode(os.urandom(KEY_BYTES)).decode()}\n")
            fresh.rename(file)
        said[f"{variable(name)}{FROM_FILE}"] = str(file)
    return said


def _start(plan: Plan, supervisor: Supervisor, environ: Mapping[str, str]) -> None:
    parts = without(environ, "BELEG_DATABASE_OWNER_URL")  # who serves strangers owns nothing
    if plan.edge:
        _start_behind_edge(plan, supervisor, environ, parts)
        return
    _await_all_free(plan)
    programs = [
        _program("worker", plan, parts, metrics=plan.ports.metrics + 2),
        _program("api", plan, parts, metrics=plan.ports.metrics, port=plan.ports.api),
        _program("bff", plan, parts, metrics=plan.ports.metrics + 1, port=plan.ports.web),
    ]
    for program in programs:
        supervisor.start(program)
    supervisor.await_ready(programs)


def _start_behind_edge(
    plan: Plan, supervisor: Supervisor, environ: Mapping[str, str], parts: Mapping[str, str]
) -> None:
    """The same parts on loopback as slot blue, and Envoy where callers look for them."""
    from deploy.release.edge.local import OtherSlots, SlotProgram

    supervisor.start(OtherSlots(plan.data))
    _await_all_free(plan)
    edge = _edge(plan)
    programs = []
    for part, ports in edge.parts.items():
        words = ["--host", LOOPBACK, "--metrics-port", str(ports.health)]
        if ports.port is not None:
            words += ["--port", str(ports.port)]
        health = f"http://{LOOPBACK}:{ports.health}/readyz"
        program = SlotProgram(part, *words, environ=parts, health=health, log=plan.log(part))
        program.edge, program.part = edge, part
        programs.append(program)
    for program in reversed(programs):
        supervisor.start(program)
    supervisor.await_ready(programs)
    edge.write_config(environ, plan.ports.metrics + 10)
    process = edge.process(plan.log("edge"))
    supervisor.start(process)
    supervisor.await_ready([process])


def _say_what_is_released(plan: Plan, terminal: Terminal, database_url: str) -> None:
    """Say it where what serves now is not what a release has made."""
    from deploy.release.edge.local import HERE
    from deploy.release.restarted import unmade

    file = near(plan.data / "release.toml")
    if said := asyncio.run(unmade(database_url, str(HERE), file)):
        log.warning("release_unmade", said=said)
        terminal.say(said)


def _edge(plan: Plan) -> "LocalEdge":
    from deploy.release.edge.local import LocalEdge, PartPorts
    from deploy.release.edge.settings import Certificate
    from deploy.release.model import Part

    api, web, admin = plan.ports.behind
    parts = {
        Part.API: PartPorts(plan.ports.metrics, api),
        Part.BFF: PartPorts(plan.ports.metrics + 1, web),
        Part.WORKER: PartPorts(plan.ports.metrics + 2),
    }
    return LocalEdge(
        plan.data,
        plan.host,
        api_port=plan.ports.api,
        web_port=plan.ports.web,
        admin_port=admin,
        parts=parts,
        trusted_hops=max(plan.trusted_hops, 1),
        certificate=Certificate(*plan.certificate) if plan.certificate else None,
    )


def _program(
    name: str, plan: Plan, environ: Mapping[str, str], metrics: int, port: int | None = None
) -> Program:
    words = ["--host", plan.host, "--metrics-port", str(metrics)]
    if port is not None:
        words += ["--port", str(port)]
    health = plan.url(metrics, "/readyz")
    return Program(name, *words, environ=environ, health=health, log=plan.log(name))


def _await_all_free(plan: Plan) -> None:
    for option, ports in plan.ports.named(edge=plan.edge).items():
        for port in ports:
            _await_free(plan.host, port, option)


def _await_free(host: str, port: int, option: str) -> None:
    """Return once a port can be listened on; a killed predecessor's parts are just ending."""
    deadline = time.monotonic() + PORT_SECONDS
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                return probe.bind((host, port))
            except OSError as problem:
                if time.monotonic() > deadline:
                    raise Conflict(f"Port {port}: {problem}. Choose one by {option}.") from None
        time.sleep(0.1)
