"""`beleg up`: all of it on one machine, out of one folder."""

import json
import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from core.errors import Conflict
from core.settings import local_blobs
from deploy.ops.postgres import Embedded
from deploy.ops.program import Program
from deploy.ops.supervisor import Stopped, Supervisor

PORT_SECONDS = 3.0
ANY = ("0.0.0.0", "::")  # noqa: S104 - compared with, never bound


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the parts listen; the internal ports of API, web app and worker follow each other."""

    web: int
    api: int
    metrics: int

    def named(self) -> dict[str, tuple[int, ...]]:
        """Every port, by the option that sets it."""
        internal = (self.metrics, self.metrics + 1, self.metrics + 2)
        return {"--web-port": (self.web,), "--api-port": (self.api,), "--metrics-port": internal}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to start: where data lies, where to listen, whether with the demo lender, on what."""

    data: Path
    host: str
    ports: Ports
    demo: bool
    database_url: str

    @property
    def secrets(self) -> Path:
        """The file of the demo lender's secrets."""
        return self.data / "demo.json"

    def url(self, port: int, path: str = "") -> str:
        """The address of a port of ours, as seen from this machine."""
        host = "127.0.0.1" if self.host in ANY else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{port}{path}"


def up(plan: Plan, as_json: bool) -> None:
    """Start everything, say where it is, and keep it running until Ctrl-C or SIGTERM."""
    plan.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    supervisor = Supervisor()
    supervisor.heed_signals()
    try:
        environ = _environ(plan, _database(plan, supervisor))
        _prepare(plan, supervisor, environ)
        _start(plan, supervisor, environ)
        click.echo(json.dumps(described(plan)) if as_json else _told(described(plan)))
        supervisor.watch()
    except Stopped:
        pass
    finally:
        _progress("Stopping")
        supervisor.stop()


def _database(plan: Plan, supervisor: Supervisor) -> str:
    """The address of the operator's PostgreSQL, else of one of our own in the data folder."""
    if plan.database_url:
        return plan.database_url
    _progress("Starting PostgreSQL")
    server = Embedded(plan.data / "postgresql")
    supervisor.start(server)
    return server.url


def _environ(plan: Plan, database_url: str) -> dict[str, str]:
    """What the parts find in their environment; what the operator has set stays."""
    return {
        "BELEG_BLOB_URL": local_blobs(plan.data / "blobs"),
        "BELEG_DEMO": str(plan.demo).lower(),
        "BELEG_WEBHOOK_ALLOW_PRIVATE": "true",  # a receiver being written is on this machine
        **os.environ,
        "BELEG_DATABASE_URL": database_url,
    }


def _prepare(plan: Plan, supervisor: Supervisor, environ: Mapping[str, str]) -> None:
    """Migrate, and let the demo lender move in where it has not yet."""
    _progress("Applying migrations")
    supervisor.finish(Program("migrate", environ=environ))
    if plan.demo and not plan.secrets.exists():
        _progress("Making up the demo lender")
        supervisor.finish(Program("seed", "--secrets", str(plan.secrets), environ=environ))


def _start(plan: Plan, supervisor: Supervisor, environ: Mapping[str, str]) -> None:
    for option, ports in plan.ports.named().items():
        for port in ports:
            _await_free(plan.host, port, option)
    _progress("Starting the worker, the API and the web app")
    programs = [
        _program("worker", plan, environ, metrics=plan.ports.metrics + 2),
        _program("api", plan, environ, metrics=plan.ports.metrics, port=plan.ports.api),
        _program("bff", plan, environ, metrics=plan.ports.metrics + 1, port=plan.ports.web),
    ]
    for program in programs:
        supervisor.start(program)
    supervisor.await_ready(programs)


def _program(
    name: str, plan: Plan, environ: Mapping[str, str], metrics: int, port: int | None = None
) -> Program:
    words = ["--host", plan.host, "--metrics-port", str(metrics)]
    if port is not None:
        words += ["--port", str(port)]
    return Program(name, *words, environ=environ, health=plan.url(metrics, "/readyz"))


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


def described(plan: Plan) -> dict[str, Any]:
    """Where everything is, and how to get into the demo lender."""
    metrics = plan.ports.metrics
    return {
        "web": plan.url(plan.ports.web),
        "api": plan.url(plan.ports.api),
        "metrics": {
            part: plan.url(metrics + offset) for offset, part in enumerate(("api", "bff", "worker"))
        },
        "demo": json.loads(plan.secrets.read_text()) if plan.demo else None,
    }


def _told(where: Mapping[str, Any]) -> str:
    lines = [f"Web app  {where['web']}", f"API      {where['api']}"]
    if demo := where["demo"]:
        lines += [
            f"Sign in  {demo['user']} with {demo['password']}",
            f"API key  {demo['api_key']}",
            f"Test key {demo.get('test_key', '-')}, to try out at {where['api']}/docs/try",
        ]
    return "\n".join(["", *lines, "Ctrl-C stops it.", ""])


def _progress(step: str) -> None:
    click.echo(f"{step} ...", err=True)
