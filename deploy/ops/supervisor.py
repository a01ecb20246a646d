"""Keeps the parts of the product running, and ends them in the order that loses nothing."""

import signal
import threading
import time
from collections import defaultdict, deque
from collections.abc import Sequence
from typing import Protocol

import structlog

from core.errors import Unavailable
from deploy.ops.logs import LogFile
from deploy.ops.program import Program
from deploy.ops.relay import Relay
from deploy.ops.terminal import Terminal

log = structlog.get_logger()

LOOK_SECONDS = 0.1
READY_SECONDS = 60.0
CRASHES = 5
CRASH_SECONDS = 60.0
FIRST_PAUSE = 0.5


class Stopped(Exception):
    """The operator asked for the end while something was still being done."""


class Part(Protocol):
    """What the supervisor keeps running."""

    name: str

    @property
    def log(self) -> LogFile | None:
        """Where it logs to, if that is a file of its own."""

    def start(self) -> None:
        """Start it."""

    def ended(self) -> int | None:
        """The exit code; None while it runs."""

    def stop(self) -> None:
        """End it and clear up after it; harmless where it has ended."""


class ReadyPart(Part, Protocol):
    """A part that can be asked whether it is ready."""

    def complaint(self) -> str | None:
        """Why it is not ready yet; None once it is."""


class Supervisor:
    """Starts parts in order, restarts those that crash, and stops all in reverse order."""

    def __init__(self, relay: Relay | None = None) -> None:
        self._relay = relay or Relay(Terminal())
        self._parts: list[Part] = []
        self._crashes: dict[str, deque[float]] = defaultdict(deque)
        self._stopping = threading.Event()

    def heed_signals(self) -> None:
        """Take Ctrl-C and SIGTERM as the wish to stop."""
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, lambda *_: self._stopping.set())

    def start(self, part: Part) -> None:
        """Start a part and keep it from now on."""
        part.start()
        self._parts.append(part)

    def finish(self, task: Program) -> None:
        """Run a program to its end; raises Unavailable if it fails, Stopped if told to stop."""
        task.start()
        try:
            while (code := task.ended()) is None:
                self._relay.look(task.name, task.log)
                self._pause(LOOK_SECONDS)
        finally:
            task.stop()
        if code:
            why = self._relay.ended(task.name, task.log, code)
            raise Unavailable(f"beleg {task.name} failed; {why}.")
        self._relay.look(task.name, task.log)

    def await_ready(self, programs: Sequence[ReadyPart]) -> None:
        """Return once all are ready; raises Unavailable saying what one of them waits for."""
        deadline = time.monotonic() + READY_SECONDS
        for program in programs:
            while (complaint := program.complaint()) is not None:
                if (code := program.ended()) is not None:
                    why = self._relay.ended(program.name, program.log, code)
                    raise Unavailable(
                        f"beleg {program.name} ended with {code} while starting; {why}."
                    )
                if time.monotonic() > deadline:
                    self._relay.last_lines(program.log)
                    raise Unavailable(f"beleg {program.name} is not ready: {complaint}")
                self._look()
                self._pause(LOOK_SECONDS)

    def watch(self) -> None:
        """Restart what crashes until told to stop; raises Unavailable where one keeps crashing."""
        while not self._stopping.wait(LOOK_SECONDS):
            for part in self._parts:
                if (code := part.ended()) is not None:
                    self._restart(part, code)
            self._look()

    def stop(self) -> None:
        """End every part, the last started first."""
        while self._parts:
            part = self._parts.pop()
            part.stop()
            self._relay.look(part.name, part.log)

    def _restart(self, part: Part, code: int) -> None:
        now, crashes = time.monotonic(), self._crashes[part.name]
        crashes.append(now)
        while crashes[0] < now - CRASH_SECONDS:
            crashes.popleft()
        if len(crashes) >= CRASHES:
            why = self._relay.ended(part.name, part.log, code)
            raise Unavailable(
                f"{part.name} ended {CRASHES} times within {CRASH_SECONDS:.0f} seconds, at last "
                f"with {code}. Everything was stopped; {why}."
            )
        pause = FIRST_PAUSE * 2 ** (len(crashes) - 1)
        log.error("part_crashed", part=part.name, code=code, restarts_in=pause)
        self._relay.ended(part.name, part.log, code, f"It is started again in {pause:g} s.")
        part.stop()
        if not self._stopping.wait(pause):
            part.start()
            log.info("part_restarted", part=part.name)
            self._relay.note(part.name, "was started again.")

    def _look(self) -> None:
        """Pass on what the parts say, and keep their logs within bounds."""
        for part in self._parts:
            self._relay.look(part.name, part.log)
            if part.log is not None:
                part.log.bound()

    def _pause(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise Stopped
