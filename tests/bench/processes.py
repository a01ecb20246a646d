"""The servers that are measured, each a process on the core that is kept for servers."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.ops.lifeline import lifeline

READY_SECONDS = 60.0
STOP_SECONDS = 40.0
NANOSECONDS = 1e9


def cores() -> tuple[int, int]:
    """The core of the servers, and the core of the load and PostgreSQL."""
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) < 2:
        raise SystemExit("The comparison needs two cores: one for a server, one for its load.")
    return allowed[0], allowed[1]


class Server:
    """A process that answers on a port of its own."""

    def __init__(self, name: str, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.name = name
        self.port = port
        self.process = process

    def cpu(self) -> float:
        """Seconds of CPU, user and system, that the process has used so far."""
        return cpu_of(self.process.pid)

    def resident(self) -> float:
        """MiB of memory that the process holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


@contextmanager
def serving(
    name: str, *words: str, port: int, core: int, environ: Mapping[str, str], log: Path
) -> Iterator[Server]:
    """`python -m WORDS`, pinned to a core, its log lines in a file, until the block ends."""

    def pin() -> None:
        os.sched_setaffinity(0, {core})
        lifeline_of_child()

    lifeline_of_child = lifeline(15)
    with log.open("ab") as lines:
        process = subprocess.Popen(
            (sys.executable, "-m", *words),
            stdin=subprocess.DEVNULL,
            stdout=lines,
            stderr=lines,
            env={**os.environ, **environ},
            preexec_fn=pin,
        )
    try:
        yield Server(name, process, port)
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def await_ready(server: Server, url: str) -> None:
    """Return once the address answers; raises SystemExit where the process ends before."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"{server.name} did not start; see its log")


def cpu_of(pid: int) -> float:
    """Seconds of CPU of all threads of a process."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / NANOSECONDS


def cpu_below(pid: int) -> float:
    """Seconds of CPU of a process and of those it has started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    total = cpu_of(pid)
    for child in children:
        try:
            total += cpu_of(int(child))
        except FileNotFoundError:  # it has just ended
            continue
    return total
