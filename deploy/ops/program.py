"""One of our own commands as a child process."""

import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import nullcontext

from deploy.ops.lifeline import lifeline
from deploy.ops.logs import LogFile

STOP_SECONDS = 40.0


class Program:
    """`beleg NAME ...` in a process of its own, with its health on a port of its own."""

    def __init__(
        self,
        name: str,
        *words: str,
        environ: Mapping[str, str],
        health: str | None = None,
        log: LogFile | None = None,
    ) -> None:
        self.name = name
        self.log = log
        self._words = words
        self._environ = dict(environ)
        self._health = health

    def start(self) -> None:
        """Start the process; what it prints goes to its log, or else to standard error."""
        with self.log.begin() if self.log else nullcontext(sys.stderr) as out:
            self._process = subprocess.Popen(  # noqa: S603 - our own command, no shell
                (sys.executable, "-m", "deploy.ops.cli", self.name, *self._words),
                stdin=subprocess.DEVNULL,
                stdout=out.fileno(),
                stderr=out.fileno(),
                env=self._environ,
                process_group=0,  # Ctrl-C is for the parent, which stops its children in order
                preexec_fn=lifeline(signal.SIGTERM),
            )

    def ended(self) -> int | None:
        """The exit code; None while it runs."""
        return self._process.poll()

    def stop(self) -> None:
        """End the process, by force if it does not end by itself."""
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def complaint(self) -> str | None:
        """Why it is not ready yet; None once it is."""
        if self._health is None:
            return None
        try:
            with urllib.request.urlopen(self._health, timeout=5):  # noqa: S310 - our own address
                return None
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.read().decode(errors="replace")
        except OSError as problem:
            return str(problem)
