"""What a person reads while something works: steps with their time, and lines in between."""

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

ERASE_LINE = "\r\x1b[K"


class Terminal:
    """Standard error as a person sees it; one that is gone holds nothing up."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._step = ""  # what the last line, still without its end, says

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Say what is being done, and afterwards how long it took or that it failed."""
        started = time.monotonic()
        self._end_line()
        self._step = f"{what} ..."
        self._write(self._step)
        try:
            yield
        except BaseException:
            self._finish(what, "failed after ", started)
            raise
        self._finish(what, "", started)

    def note(self, how_far: str) -> None:
        """Say how far the step is, where a line can be written over."""
        if self._step and self._stream.isatty():
            room = shutil.get_terminal_size().columns - 1
            self._write(f"{ERASE_LINE}{f'{self._step} {printable(how_far)}'[:room]}")

    def say(self, text: str) -> None:
        """Write a line, or several, below whatever is there."""
        self._end_line()
        self._write(f"{text}\n")

    def _finish(self, what: str, how: str, started: float) -> None:
        line = f"{what} ... {how}{time.monotonic() - started:.1f} s\n"
        if self._step and not self._stream.isatty():
            line = line.removeprefix(self._step)  # it stands there already
        elif self._step:
            line = f"{ERASE_LINE}{line}"
        self._step = ""
        self._write(line)

    def _end_line(self) -> None:
        if self._step:
            self._step = ""
            self._write("\n")

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:  # nobody reads any more; the logs have it
            pass


def printable(text: str) -> str:
    """The text without what would steer a terminal."""
    return "".join(each if each.isprintable() else " " for each in text)
