"""Processes that outlive who started them, found again by what was written down about them."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from core.errors import Unavailable
from deploy.ops.lifeline import lifeline, step_back
from deploy.release.slots import PartRecord, began

LOOK_SECONDS = 0.05
END_SECONDS = 45.0
"""An API drains and then lets what is under way take up to 30 s."""
_CHILDREN: dict[int, subprocess.Popen[bytes]] = {}
"""Kept so that they are reaped; whoever comes later finds them by their files."""


def start(
    words: Sequence[str],
    *,
    cwd: Path,
    environ: Mapping[str, str],
    log: Path,
    note: Path,
    tied: bool,
    nice: bool = False,
) -> int:
    """Start a process; it writes its number and when it began into `note` before it becomes itself.

    So one that was started just before its starter was killed is found all the same. A tied one
    ends with its starter; a nice one lets others go first.
    """
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    note.unlink(missing_ok=True)
    held = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    tie = lifeline(signal.SIGTERM) if tied else None
    try:
        with log.open("ab") as out:
            process = subprocess.Popen(  # noqa: S603 - a build's own command, no shell
                tuple(words),
                cwd=cwd,
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,  # Ctrl-C is for who started it
                preexec_fn=_introduced(held, tie, nice),
            )
    finally:
        os.close(held)
    _CHILDREN[process.pid] = process
    return process.pid


def _introduced(note: int, tie: Callable[[], None] | None, nice: bool) -> Callable[[], None]:
    def introduce() -> None:
        if tie:
            tie()
        if nice:
            step_back()
        pid = os.getpid()
        os.write(note, f"{pid} {began(pid)}".encode())

    return introduce


def noted(note: Path) -> tuple[int, str]:
    """Which process wrote itself down there, and when it began; (0, "") where none did."""
    try:
        pid, _, since = note.read_text().partition(" ")
    except FileNotFoundError:
        return 0, ""
    return (int(pid), since) if since else (0, "")


async def end(part: PartRecord, seconds: float = END_SECONDS) -> None:
    """Ask it to end and wait until it has; by force where it does not. No other is touched."""
    for sign, patience in ((signal.SIGTERM, seconds), (signal.SIGKILL, 5.0)):
        if not alive(part):
            return
        try:
            os.kill(part.pid, sign)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + patience
        while alive(part) and time.monotonic() < deadline:  # noqa: ASYNC110 - no child of ours
            await asyncio.sleep(LOOK_SECONDS)
    if alive(part):
        raise Unavailable(f"Process {part.pid} does not end, not even by force.")


def alive(part: PartRecord) -> bool:
    """Whether it is there; reaps it where it was ours and has ended."""
    is_there = part.alive
    child = _CHILDREN.get(part.pid)
    if not is_there and child is not None and child.poll() is not None:
        del _CHILDREN[part.pid]
    return is_there
