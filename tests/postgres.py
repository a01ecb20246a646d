"""The PostgreSQL that tests run on: one server and one template, shared by all workers of a run."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg

from deploy.ops.postgres import DATABASE, ROLE, SUPERUSER, Embedded

# What a crash of the machine would lose does not matter here, and waiting for the disk is slow.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "400",
}

# Copying a database makes 300 files: 6 ms in memory, 95 ms on a disk.
MEMORY = Path("/dev/shm")
MEMORY_BYTES = 2 * 1024**3


@contextmanager
def serving() -> Iterator[Embedded]:
    """A PostgreSQL server of the tests' own, in memory where there is enough of it."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_BYTES
    with (
        TemporaryDirectory(prefix="beleg-", dir=MEMORY if roomy else None) as folder,
        Embedded(Path(folder), FAST) as server,
    ):
        yield server


def place(server: Embedded) -> dict[str, Any]:
    """Where a server runs, in words that another process can join it by."""
    return {"folder": str(server.folder), "port": server.port}


def joined(folder: str, port: int) -> Embedded:
    """The server that runs in this folder, started by another process."""
    server = Embedded(Path(folder))
    server.port = port
    return server


async def address(embedded: Embedded) -> str:
    """The server's database, whose role may create others from now on."""
    connection = await asyncpg.connect(embedded.address(SUPERUSER, DATABASE))
    await connection.execute(f"ALTER ROLE {ROLE} CREATEDB")
    await connection.close()
    return embedded.url


@asynccontextmanager
async def template(server: str) -> AsyncIterator[str]:
    """The name of a migrated database that the tests' databases are copied from."""
    administration = await asyncpg.connect(server)
    name = f"beleg_template_{uuid4().hex}"
    await administration.execute(f"CREATE DATABASE {name}")
    await asyncio.to_thread(migrate, database(server, name))
    yield name
    await drop(administration, name)
    await administration.close()


def database(server: str, name: str) -> str:
    """The address of a database on the server."""
    return urlsplit(server)._replace(path=f"/{name}").geturl()


async def drop(administration: asyncpg.Connection, name: str) -> None:
    """Remove a database, whoever is still connected to it."""
    for _ in range(100):
        try:
            await administration.execute(f"DROP DATABASE {name} WITH (FORCE)")
        except asyncpg.InsufficientPrivilegeError:  # autovacuum is at it, and is not ours to end
            await asyncio.sleep(0.1)
        else:
            return


def migrate(url: str) -> None:
    """Bring a database up to date by the command that an operator uses."""
    done = subprocess.run(
        (sys.executable, "-m", "deploy.ops.cli", "migrate"),
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "BELEG_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
