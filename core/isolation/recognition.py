"""A reader of scans can start nothing: it asks its supervisor, which runs Tesseract, as confined.

A question is a picture; the answer is whether the program did its work, how many seconds all of
them have worked, and what it saw. Both come with their length first.
"""

import os
import signal
import struct
import subprocess
import sys
from tempfile import TemporaryFile
from typing import IO

from core.formats.common import work
from core.formats.pdf import tesseract
from core.isolation.lockdown import confine, end_with_parent

QUESTION, ANSWER = struct.Struct("!Q"), struct.Struct("!?Qd")
MOST_PICTURE = 128 * 1024 * 1024  # of amounts, in grey
MOST_SEEN = 16 * 1024 * 1024


class Link:
    """One end of what a reader and its supervisor say to each other."""

    def __init__(self, reads: int, writes: int) -> None:
        self.reads, self.writes = reads, writes

    def close(self) -> None:
        """Say no more, and hear no more."""
        os.close(self.reads)
        os.close(self.writes)

    def send(self, *parts: bytes) -> None:
        """Write all of it."""
        for part in parts:
            remaining = memoryview(part)
            while remaining:
                remaining = remaining[os.write(self.writes, remaining) :]

    def receive(self, size: int) -> bytes | None:
        """So many bytes; None where the other end says no more."""
        parts = []
        while size:
            part = os.read(self.reads, min(size, 1 << 20))
            if not part:
                return None
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def ask(self, picture: bytes) -> bytes | None:
        """What the program sees in a picture, which the supervisor has it look at."""
        self.send(QUESTION.pack(len(picture)), picture)
        head = self.receive(ANSWER.size)
        if head is None:
            raise RuntimeError("The supervisor answers no more.")
        done, size, work.of_programs = ANSWER.unpack(head)
        seen = self.receive(size)
        return seen if done else None


def _held() -> IO[bytes]:
    """A file for a picture: in memory, where there is such a thing."""
    if sys.platform == "linux":
        return os.fdopen(os.memfd_create("picture"), "w+b")
    return TemporaryFile()


def link() -> tuple[Link, Link]:
    """Both ends: the reader's and the supervisor's."""
    (asked, asks), (answered, answers) = os.pipe(), os.pipe()
    return Link(answered, asks), Link(asked, answers)


class Recogniser:
    """The supervisor's side, until its reader has ended."""

    def __init__(self, end: Link, reader: int, memory: int) -> None:
        self._end = end
        self._reader = reader
        self._memory = memory
        self._running: subprocess.Popen[bytes] | None = None

    def serve(self) -> None:
        """Answer what the reader asks; the reader is not trusted, and hears no more if it lies."""
        try:
            while head := self._end.receive(QUESTION.size):
                (size,) = QUESTION.unpack(head)
                if size > MOST_PICTURE:
                    break
                picture = self._end.receive(size)
                if picture is None:
                    break
                seen = self._look(picture)
                answer = ANSWER.pack(seen is not None, len(seen or b""), work.of_children())
                self._end.send(answer, seen or b"")
        except (OSError, subprocess.SubprocessError):  # it has ended meanwhile, or none can start
            pass
        self._end.close()

    def kill(self) -> None:
        """End the program that looks, if one does."""
        if self._running is not None:
            self._running.kill()

    def _look(self, picture: bytes) -> bytes | None:
        with _held() as file:
            file.write(picture)
            file.seek(0)
            self._running = subprocess.Popen(  # noqa: S603 - the machine's own program, no shell
                tesseract.command(),
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=tesseract.ENVIRONMENT,
                preexec_fn=self._confine,
            )
        with self._running as program:
            assert program.stdout is not None  # noqa: S101 - it is a pipe
            seen = program.stdout.read(MOST_SEEN + 1)
            if len(seen) > MOST_SEEN:
                program.kill()
        self._running = None
        return seen if program.returncode == 0 else None

    def _confine(self) -> None:
        """Make what is about to be the program one of the reader's group, and as confined."""
        os.setpgid(0, self._reader)
        end_with_parent(signal.SIGKILL)
        confine(self._memory, tesseract.PATIENCE_SECONDS, starts=True)
