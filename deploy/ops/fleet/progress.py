"""What a person sees while a command goes through the fleet: a line an instance, and who runs."""

import shutil
import sys
from typing import TextIO

from deploy.ops.fleet.waves import Outcome
from deploy.ops.terminal import ERASE_LINE, printable


class Progress:
    """Standard error: a line for each that ended and, on a terminal, one that tells who runs."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._running: dict[str, str] = {}
        self._total = self._ended = 0

    def begin(self, total: int) -> None:
        """So many are to be done."""
        self._total = total

    def note(self, what: str) -> None:
        """Say what is being done, where a line can be written over."""
        if self._live:
            room = shutil.get_terminal_size().columns - 1
            self._write(f"{ERASE_LINE}{printable(what)[:room]}")

    def running(self, name: str, how_far: str) -> None:
        """An instance's command runs, and said this last."""
        self._running[name] = how_far
        self._status()

    def finished(self, outcome: Outcome) -> None:
        """Write down how an instance's command ended."""
        self._running.pop(outcome.instance, None)
        self._ended += 1
        self.clear()
        width = len(str(self._total))
        said = outcome.failure.why if outcome.failure else outcome.said
        self._write(
            f"{self._ended:{width}}/{self._total} wave {outcome.wave}  {outcome.instance}: "
            f"{outcome.result} in {outcome.seconds:.1f} s: {printable(said)}\n"
        )
        self._status()

    def clear(self) -> None:
        """Take away the line that is written over."""
        if self._live:
            self._write(ERASE_LINE)

    def _status(self) -> None:
        names = [f"{name} ({said})" if said else name for name, said in self._running.items()]
        if names:
            self.note(f"{self._ended}/{self._total} ended; running: {', '.join(names)}")

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:  # nobody reads any more; the journal has it
            pass
