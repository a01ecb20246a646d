"""What is measured, each in a process of its own: our public API, the peer, the bare function."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench import machine
from tests.ports import free_ports

START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: where it listens, and which process it is."""

    port: int
    pid: int


@contextmanager
def ours(environ: Mapping[str, str], log: Path) -> Iterator[Server]:
    """Our public API, as an operator runs it."""
    port, metrics = free_ports(2)
    words = ("deploy.ops.cli", "api", "--port", str(port), "--metrics-port", str(metrics))
    with _running(words, port, environ, log, machine.cores()[0]) as server:
        yield server


@contextmanager
def other(app: str, environ: Mapping[str, str], log: Path) -> Iterator[Server]:
    """Another ASGI application, on the same server software with the same settings."""
    (port,) = free_ports(1)
    words = ("uvicorn", app, "--port", str(port), "--no-access-log", "--timeout-keep-alive", "75")
    with _running(words, port, environ, log, machine.cores()[0]) as server:
        yield server


@contextmanager
def worker(environ: Mapping[str, str], log: Path) -> Iterator[Server]:
    """Our worker, on whichever core is free."""
    (port,) = free_ports(1)
    words = ("deploy.ops.cli", "worker", "--metrics-port", str(port))
    first, others = machine.cores()
    with _running(words, port, environ, log, first | others) as server:
        yield server


@contextmanager
def _running(
    words: tuple[str, ...], port: int, environ: Mapping[str, str], log: Path, cores: set[int]
) -> Iterator[Server]:
    with log.open("ab") as out:
        process = subprocess.Popen(
            (sys.executable, "-m", *words),
            env={"BELEG_ENV": "test", **os.environ, **environ},
            stdout=out,
            stderr=out,
        )
    try:
        os.sched_setaffinity(process.pid, cores)
        _await_port(process, port, log)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait()


def _await_port(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"{process.args!r} did not start:\n{log.read_text(errors='replace')[-3000:]}")
