"""Who drives a rehearsal's releases: a process of its own, as an operator's command is one.

It shares no interpreter with the traffic, whose times are the measure. Each line that it reads is
a release to drive until it rests. Where it ends, what it started ends with it.
"""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import BaseModel

from core import telemetry
from core.connecting import connected
from core.db import Database
from core.errors import Refused, Unavailable
from deploy.ops.lifeline import lifeline
from deploy.ops.logs import LogFile
from deploy.release.composition import Composition
from deploy.release.config import LocalConfig
from deploy.release.driver import Driver, Times
from deploy.release.edge import FileEdge
from deploy.release.local import LocalPlatform
from deploy.release.lock import driving
from deploy.release.metrics import PageCounters, build_name
from deploy.release.model import Addresses, Differ
from deploy.release.shadow import LocalDiffer

TIMES = Times(notice=0.5, look=1.0, seldom=2.0, retry=1.0)
LONGEST_LINE = 1 << 20
Told = Callable[[str], None]


class DriverOrders(BaseModel):
    """What every release of a rehearsal is driven with."""

    database_url: str
    local: LocalConfig
    environ: Mapping[str, str]
    edge: Path
    """The folder of Envoy's files."""
    admin: str


class DriverProcess:
    """Drives one release after another."""

    def __init__(self, process: Process, log: LogFile) -> None:
        self._process = process
        self._log = log

    async def drive(self, told: Told, shadow: Path) -> None:
        """Drive the open release until it rests; raises Unavailable where that cannot be."""
        await self._write(str(shadow))
        assert self._process.stdout  # noqa: S101 - it was opened with one
        while line := await self._process.stdout.readline():
            said = json.loads(line)
            if "told" in said:
                told(said["told"])
            elif said["problem"]:
                raise Unavailable(said["problem"])
            else:
                return
        raise Unavailable("\n".join(["The driver has ended:", *self._log.last(12)]))

    async def _write(self, line: str) -> None:
        assert self._process.stdin  # noqa: S101 - it was opened with one
        self._process.stdin.write(line.encode() + b"\n")
        await self._process.stdin.drain()

    async def _end(self) -> None:
        if self._process.returncode is None:
            self._process.terminate()  # it may be in the middle of a release
        await self._process.wait()

    @classmethod
    @asynccontextmanager
    async def running(cls, orders: DriverOrders, log: LogFile) -> AsyncIterator["DriverProcess"]:
        """A driver for as long as the block lasts."""
        log.path.parent.mkdir(parents=True, exist_ok=True)
        with log.path.open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", __name__),
                stdin=PIPE,
                stdout=PIPE,
                stderr=errors,
                limit=LONGEST_LINE,
                start_new_session=True,  # Ctrl-C is for who started it
                preexec_fn=lifeline(signal.SIGTERM),
            )
        driver = cls(process, log)
        try:
            await driver._write(orders.model_dump_json())
            yield driver
        finally:
            await driver._end()


async def _main() -> None:
    telemetry.configure("WARNING")
    orders = DriverOrders.model_validate_json(sys.stdin.readline())
    async with connected(orders.database_url, 4, requires=(), backfills=()) as db:
        while line := await asyncio.to_thread(sys.stdin.readline):
            problem = ""
            try:
                await _driven(orders, db, Path(line.strip()))
            except Refused as refused:
                problem = refused.detail
            _say("problem", problem)


async def _driven(orders: DriverOrders, db: Database, shadow: Path) -> None:
    def differ(a: Addresses, b: Addresses) -> Differ:
        return LocalDiffer(shadow, a.api, b.api, tied=True)

    platform = LocalPlatform(orders.local, orders.environ, tied=True)
    edge = FileEdge(orders.edge, orders.admin)
    parts = Composition(platform, edge, differ, PageCounters(), build_name)
    async with driving(orders.database_url, "rehearsal") as lock:
        if lock is None:
            raise Unavailable("Somebody else drives the release of this rehearsal.")
        await Driver(db, lock, parts, lambda text: _say("told", text), TIMES).run(stay=False)


def _say(kind: str, text: str) -> None:
    print(json.dumps({kind: text}), flush=True)


if __name__ == "__main__":
    asyncio.run(_main())
