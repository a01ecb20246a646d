"""The PostgreSQL that tests run on: a server, and a template that each test gets a copy of."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg

from deploy.ops.postgres import DATABASE, ROLE, SUPERUSER, Embedded

# What a crash of the machine would lose does not matter here, and waiting for the disk is slow.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}

# Copying a database makes 300 files: 6 ms in memory, 95 ms on a disk.
MEMORY = Path("/dev/shm")
MEMORY_BYTES = 2 * 1024**3


@contextmanager
def folder() -> Iterator[Path]:
    """Where a server of the tests' own keeps its data: in memory where there is enough of it."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_BYTES
    with TemporaryDirectory(prefix="beleg-", dir=MEMORY if roomy else None) as path:
        yield Path(path)


@contextmanager
def serving(prepared: str | None = None) -> Iterator[Embedded]:
    """A PostgreSQL server of the tests' own, on a copy of the data that was prepared for it."""
    with folder() as path:
        if prepared:
            subprocess.run(("cp", "-a", f"{prepared}/.", path), check=True)
        with Embedded(path, FAST) as server:
            yield server


async def address(embedded: Embedded) -> str:
    """The server's database, whose role may create others from now on.

    Its password withstands nobody: proving it in earnest takes a client two milliseconds each time.
    """
    password = urlsplit(embedded.url).password
    connection = await asyncpg.connect(embedded.address(SUPERUSER, DATABASE))
    await connection.execute("SET scram_iterations = 1")
    await connection.execute(f"ALTER ROLE {ROLE} CREATEDB PASSWORD '{password}'")
    await connection.close()
    return embedded.url


async def create_template(server: str) -> str:
    """The name of a migrated database that the tests' databases are copied from."""
    name = f"beleg_template_{uuid4().hex}"
    administration = await asyncpg.connect(server)
    await administration.execute(f"CREATE DATABASE {name}")
    await administration.close()
    await asyncio.to_thread(migrate, database(server, name))
    return name


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


def migrate(url: str, *options: str) -> None:
    """Bring a database up to date by the command that an operator uses."""
    done = subprocess.run(
        (sys.executable, "-m", "deploy.ops.cli", "migrate", *options),
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "BELEG_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
