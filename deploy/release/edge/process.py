"""Envoy as a child process: started from its folder, and let go once it has answered all."""

import signal
import subprocess
import time
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path

from deploy.ops.binaries import envoy
from deploy.ops.lifeline import lifeline
from deploy.ops.logs import LogFile
from deploy.ops.program import halted
from deploy.release.edge.files import BOOTSTRAP

DRAIN_SECONDS = 10.0
STOP_SECONDS = 5.0
LOOK_SECONDS = 0.05


class EnvoyProcess:
    """Envoy on the files of a folder, asked at its admin address."""

    name = "edge"

    def __init__(self, folder: Path, admin: str, log: LogFile | None, concurrency: int = 1) -> None:
        self.log = log
        self._folder = folder
        self._admin = f"http://{admin}"
        self._concurrency = concurrency

    def start(self) -> None:
        """Start it; raises Unavailable where Envoy is not installed."""
        words = (
            str(envoy()),
            *("-c", str(self._folder / BOOTSTRAP)),
            *("--concurrency", str(self._concurrency), "--disable-hot-restart"),
            *("--log-level", "warning"),
        )
        out = self.log.begin() if self.log else None
        self.process = subprocess.Popen(  # noqa: S603 - a program of ours, no shell
            words,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            process_group=0,  # Ctrl-C is for the parent, which stops its children in order
            preexec_fn=lifeline(signal.SIGTERM),
        )
        if self.log and out:
            out.close()
            self.log.halted = partial(halted, self.process)

    def ended(self) -> int | None:
        """The exit code; None while it runs."""
        return self.process.poll()

    def stop(self) -> None:
        """Take no more connections, answer what was begun, and end."""
        if self.process.poll() is None:
            self._drain()
            self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def complaint(self) -> str | None:
        """Why it is not ready yet; None once it is."""
        try:
            self._ask("/ready")
        except urllib.error.HTTPError as answer:
            with answer:
                return f"Envoy is {answer.read().decode().strip().lower()}"
        except OSError as problem:
            return str(problem)
        return None

    def _drain(self) -> None:
        """Return once nothing is under way any more, or it has been waited for long enough."""
        deadline = time.monotonic() + DRAIN_SECONDS
        try:
            self._ask("/drain_listeners?skip_exit", post=True)
            while time.monotonic() < deadline and self._under_way():
                time.sleep(LOOK_SECONDS)
        except OSError:
            return

    def _under_way(self) -> int:
        said = self._ask("/stats?filter=^http.(api|web).downstream_rq_active$")
        return sum(int(line.rpartition(":")[2]) for line in said.splitlines())

    def _ask(self, path: str, *, post: bool = False) -> str:
        asked = urllib.request.Request(  # noqa: S310 - our own address
            f"{self._admin}{path}", method="POST" if post else "GET"
        )
        with urllib.request.urlopen(asked, timeout=5) as answer:  # noqa: S310
            said: str = answer.read().decode()
            return said
