"""The differ as a process of this machine: started, found again after a crash, and ended.

A running differ holds its folder by a lock, which the kernel lets go of however it ends; so the
number that stands in the folder is never a stranger's.
"""

import asyncio
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from core.errors import Conflict, Unavailable
from deploy.ops.lifeline import lifeline, stepping_back
from deploy.ops.logs import LogFile
from deploy.release.model import ShadowSummary
from deploy.release.shadow import rules
from deploy.release.shadow.differ import read_findings
from deploy.release.shadow.report import ShadowReport, write

PLACE = "differ.json"
LOCK = "differ.lock"
RULES = "ignore.toml"
LOG = "differ.log"
LOOK_SECONDS = 0.05
START_SECONDS = 60.0
END_SECONDS = 20.0
HOLD_SECONDS = 3.0
_CHILDREN: list[subprocess.Popen[bytes]] = []
"""Kept so that they are reaped; whoever comes later finds a differ by its folder."""


@dataclass(frozen=True, slots=True)
class DifferPlace:
    """Where a differ listens, and whom it asks."""

    host: str
    port: int
    a: tuple[str, ...]
    b: tuple[str, ...]
    pid: int = 0

    @property
    def address(self) -> str:
        """As the edge is told it."""
        return f"{self.host}:{self.port}"


class LocalDiffer:
    """A differ whose state lies in a folder; `a` and `b` are where the shadows' APIs listen.

    Its rules are the file `ignore.toml` in the folder, unless another is named. A tied one ends
    with its starter.
    """

    def __init__(
        self,
        folder: Path,
        a: Sequence[str],
        b: Sequence[str],
        *,
        rules: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        tied: bool = False,
    ) -> None:
        self._folder = folder
        self._a, self._b = tuple(a), tuple(b)
        self._rules = rules
        self._host, self._port = host, port
        self._tie = lifeline(signal.SIGTERM) if tied else None

    async def start(self) -> str:
        """Be there; the address that the edge mirrors to, as `host:port`."""
        self._folder.mkdir(parents=True, exist_ok=True)
        before = written(self._folder)
        if before and is_held(self._folder):
            if (before.a, before.b) == (self._a, self._b) and await _listens(before):
                return before.address
            await self.stop()
        port = self._port or (before.port if before else 0)
        place = DifferPlace(self._host, _free(self._host, port), self._a, self._b)
        process = self._spawn(place)
        deadline = time.monotonic() + START_SECONDS
        while not (is_held(self._folder) and await _listens(place)):
            if process.poll() is not None or time.monotonic() > deadline:
                raise Unavailable(self._last_words())
            await asyncio.sleep(LOOK_SECONDS)
        return place.address

    async def stop(self) -> None:
        """Be there no more; what it found stays."""
        place = written(self._folder)
        pid = place.pid if place else 0
        for end in (signal.SIGTERM, signal.SIGKILL):
            deadline = time.monotonic() + END_SECONDS
            if not pid or not is_held(self._folder):
                break
            with suppress(ProcessLookupError):
                os.kill(pid, end)
            while is_held(self._folder) and time.monotonic() < deadline:  # noqa: ASYNC110
                await asyncio.sleep(LOOK_SECONDS)

        while any(each.pid == pid for each in _CHILDREN):
            await asyncio.sleep(LOOK_SECONDS / 10)  # it has let go, and is just ending
            _reap()

    async def report(self) -> ShadowSummary:
        """What it has found so far; all of it is written into the folder as a page."""
        return await asyncio.to_thread(summarise, self._folder, self._rules)

    def _spawn(self, place: DifferPlace) -> subprocess.Popen[bytes]:
        _reap()
        sides = [word for name in ("a", "b") for each in getattr(place, name)
                 for word in (f"--{name}", each)]  # fmt: skip
        with (self._folder / LOG).open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own command, no shell
                (
                    *(sys.executable, "-m", "deploy.ops.cli", "release", "differ"),
                    *("--folder", str(self._folder), "--host", place.host),
                    *("--port", str(place.port), *sides),
                ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # it outlives whoever drives the release, unless it is tied
                preexec_fn=stepping_back(self._tie),
            )
        _CHILDREN.append(process)
        return process

    def _last_words(self) -> str:
        log = LogFile(self._folder / LOG)
        return "\n".join(["The differ did not start. The end of its log:", *log.last(10)])


def summarise(folder: Path, rules_file: Path | None = None) -> ShadowSummary:
    """What was found in a folder, with the report written there."""
    file = rules_file or folder / RULES
    known = rules.read(file if rules_file or file.exists() else None)
    report = ShadowReport.of(read_findings(folder), known)
    page = write(report, folder)
    return ShadowSummary(
        report.mirrored, report.compared, report.lines(), tuple(report.uncovered), str(page)
    )


class FolderHold:
    """Holds a differ's folder for as long as its process lives, and says there who does."""

    def __init__(self, folder: Path, place: DifferPlace) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = (folder / LOCK).open("a")
        _hold(self._lock.fileno(), folder)
        fresh = folder / f"{PLACE}.new"
        fresh.write_bytes(orjson.dumps({**asdict(place), "pid": os.getpid()}))
        fresh.replace(folder / PLACE)


def _hold(lock: int, folder: Path) -> None:
    deadline = time.monotonic() + HOLD_SECONDS  # somebody may just be looking
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Conflict(f"Another differ works in {folder}.") from None
            time.sleep(LOOK_SECONDS / 10)


def is_held(folder: Path) -> bool:
    """Whether a differ works there."""
    try:
        with (folder / LOCK).open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def written(folder: Path) -> DifferPlace | None:
    """Where the differ of a folder is, or was last."""
    try:
        said: dict[str, Any] = orjson.loads((folder / PLACE).read_bytes())
        return DifferPlace(**{**said, "a": tuple(said["a"]), "b": tuple(said["b"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


async def _listens(place: DifferPlace) -> bool:
    try:
        _, writer = await asyncio.open_connection(place.host, place.port)
    except OSError:
        return False
    writer.close()
    return True


def _reap() -> None:
    """Let go of those of ours that have ended."""
    _CHILDREN[:] = [each for each in _CHILDREN if each.poll() is None]


def _free(host: str, wanted: int) -> int:
    """The port that is wanted, if it is free; else any."""
    for port in (wanted, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            found: int = probe.getsockname()[1]
            return found
    raise Unavailable(f"{host} has no free port for the differ.")
