"""One of our own commands as a child process."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import partial

from deploy.ops.lifeline import lifeline
from deploy.ops.logs import LogFile

STOP_SECONDS = 40.0
HALT_SECONDS = 1.0


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
        if self.log:
            self.log.halted = partial(halted, self._process)

    @property
    def pid(self) -> int:
        """The process, once it was started."""
        return self._process.pid

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


@contextmanager
def halted(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Let a child stand still for a moment, in which it writes nothing; only Linux tells when."""
    if sys.platform != "linux" or process.poll() is not None:
        yield
        return
    process.send_signal(signal.SIGSTOP)
    try:
        states = os.WSTOPPED | os.WEXITED | os.WNOHANG | os.WNOWAIT
        deadline = time.monotonic() + HALT_SECONDS
        while not os.waitid(os.P_PID, process.pid, states) and time.monotonic() < deadline:
            time.sleep(0.0001)
        yield
    finally:
        process.send_signal(signal.SIGCONT)
