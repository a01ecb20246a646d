"""The parts' logs as files: a part appends to its own, the supervisor reads along.

The part holds the file itself, so it waits for no reader and loses no line with one that died.
"""

import os
import shutil
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

MIB = 1024 * 1024
LIMIT_BYTES = 16 * MIB
OLDER = 4
READ_BYTES = MIB
LAST_BYTES = MIB // 16
PATIENCE_SECONDS = 60.0


class LogFile:
    """A part's log, which only its owner can read; what was in it before it grew lies beside it.

    At most `OLDER` older files are kept, each of about `LIMIT_BYTES`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.halted: Callable[[], AbstractContextManager[None]] = nullcontext
        """Keeps the part from writing while its log is emptied."""
        self._run = 0  # where the part's present run begins
        self._read: int | None = None
        self._carried: list[str] = []  # read while the log was put aside
        self._full_until = 0.0

    def begin(self) -> BinaryIO:
        """The file for a new run of the part to append to."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.bound()
        file = self.append()
        self._run = file.seek(0, os.SEEK_END)
        if self._read is None:
            self._read = self._run
        return file

    def append(self) -> BinaryIO:
        """The file, to append to."""
        return open(self.path, "ab", opener=_private)

    def fresh(self) -> list[str]:
        """The whole lines that were written since the last call."""
        carried, self._carried = self._carried, []
        try:
            with self.path.open("rb") as file:
                if self._read is None or self._read > _size(file):
                    self._read = 0
                file.seek(self._read)
                read = file.read(READ_BYTES)
        except FileNotFoundError:
            return carried
        whole = read[: read.rfind(b"\n") + 1] or (read if len(read) == READ_BYTES else b"")
        self._read += len(whole)
        return carried + _lines(whole)

    def last(self, count: int) -> list[str]:
        """The last lines of the part's present run, at most so many."""
        try:
            with self.path.open("rb") as file:
                file.seek(max(self._run, _size(file) - LAST_BYTES))
                return _lines(file.read())[-count:]
        except FileNotFoundError:
            return []

    def bound(self) -> None:
        """Put what the log holds aside where it has grown too long, and what is oldest away.

        The part goes on appending to the same file, so it is copied and then emptied.
        """
        if not self.path.exists() or self.path.stat().st_size <= LIMIT_BYTES:
            return
        if time.monotonic() < self._full_until:
            return
        fresh = self._beside("new")
        try:
            self._put_aside(fresh)
        except OSError:  # the disk is full
            fresh.unlink(missing_ok=True)
            self._full_until = time.monotonic() + PATIENCE_SECONDS

    def _put_aside(self, fresh: Path) -> None:
        with self.path.open("rb") as log, open(fresh, "wb", opener=_private) as copy:
            shutil.copyfileobj(log, copy, READ_BYTES)
            copy.flush()
            for number in range(OLDER, 1, -1):
                if self._beside(number - 1).exists():
                    self._beside(number - 1).replace(self._beside(number))
            fresh.replace(self._beside(1))
            with self.halted():
                shutil.copyfileobj(log, copy)  # what was written meanwhile
                copy.flush()
                self._carried = self.fresh()
                os.truncate(self.path, 0)
        self._run = self._read = 0

    def _beside(self, ending: int | str) -> Path:
        return self.path.with_name(f"{self.path.name}.{ending}")


def _private(path: str, flags: int) -> int:
    descriptor = os.open(path, flags, 0o600)
    os.fchmod(descriptor, 0o600)  # one that was there before may be open to others
    return descriptor


def _lines(text: bytes) -> list[str]:
    """Split at line feeds only: JSON may hold other ends of lines as they are."""
    return text.decode(errors="replace").removesuffix("\n").split("\n") if text else []


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size
