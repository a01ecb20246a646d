"""What was done to the fleet, a line of JSON each: it narrates, the state is in the databases."""

import fcntl
import getpass
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from core.errors import Conflict


class Journal:
    """A file that is only ever added to."""

    def __init__(self, file: TextIO, run: dict[str, Any]) -> None:
        self._file = file
        self._run = run

    def note(self, event: str, **said: Any) -> None:
        """Add a line: what happened, and whatever belongs to it."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._file.write(json.dumps({"at": at, "event": event, **self._run, **said}) + "\n")
        self._file.flush()


@contextmanager
def opened(path: Path, command: str) -> Iterator[Journal]:
    """The journal, held by one command at a time; raises Conflict where another has it."""
    try:
        file = path.open("a+", encoding="utf-8")
    except OSError as problem:
        raise Conflict(f"The journal {path} cannot be written: {problem.strerror}.") from problem
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            begun = [each for each in _lines(path) if each["event"] == "begun"]
            who = "{by}, process {pid}".format_map(begun[-1]) if begun else "somebody"
            raise Conflict(f"Another command is at this fleet: {who} ({path}).") from None
        by = f"{getpass.getuser()}@{socket.gethostname()}"
        yield Journal(file, {"command": command, "pid": os.getpid(), "by": by})


def last_failures(path: Path) -> dict[str, str]:
    """Of each instance whose last command failed: when, which, and why."""
    found: dict[str, str] = {}
    for line in _lines(path):
        if line["event"] == "failed":
            found[line["instance"]] = f"{line['at'][:16]}Z {line['command']}: {line['why']}"
        elif line["event"] in ("done", "skipped"):
            found.pop(line["instance"], None)
    return found


def _lines(path: Path) -> list[dict[str, Any]]:
    """Every line that is whole; a command that was killed may have left half a one."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        return []
    found = []
    for line in text.splitlines():
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return found
