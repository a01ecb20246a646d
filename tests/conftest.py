"""The PostgreSQL that tests run on: one server a session, one fresh copy of a template a test."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from deploy.ops.postgres import DATABASE, ROLE, SUPERUSER, Embedded
from tests import tables
from tests.builders import House, running

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


@pytest.fixture(scope="session")
def embedded() -> Iterator[Embedded]:
    """A PostgreSQL server of the tests' own, in memory where there is enough of it."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_BYTES
    with (
        TemporaryDirectory(prefix="beleg-", dir=MEMORY if roomy else None) as folder,
        Embedded(Path(folder), FAST) as server,
    ):
        yield server


@pytest.fixture(scope="session")
async def server(request: pytest.FixtureRequest) -> str:
    """The address of a database whose role may create others: the operator's, else our own."""
    if url := os.environ.get("BELEG_TEST_DATABASE_URL"):
        return url
    embedded: Embedded = request.getfixturevalue("embedded")
    connection = await asyncpg.connect(embedded.address(SUPERUSER, DATABASE))
    await connection.execute(f"ALTER ROLE {ROLE} CREATEDB")
    await connection.close()
    return embedded.url


@pytest.fixture(scope="session")
async def administration(server: str) -> AsyncIterator[asyncpg.Connection]:
    """The connection that creates and drops the tests' databases."""
    connection = await asyncpg.connect(server)
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
async def template(administration: asyncpg.Connection, server: str) -> AsyncIterator[str]:
    """The name of a migrated database that the tests' databases are copied from."""
    name = f"beleg_template_{uuid4().hex}"
    await administration.execute(f"CREATE DATABASE {name}")
    migrate(_address(server, name))
    yield name
    await _drop(administration, name)


@pytest.fixture
async def database(
    administration: asyncpg.Connection, server: str, template: str
) -> AsyncIterator[str]:
    """The address of a migrated, empty database that is this test's alone."""
    name = f"beleg_test_{uuid4().hex}"
    await administration.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield _address(server, name)
    await _drop(administration, name)


@pytest.fixture
async def empty_database(administration: asyncpg.Connection, server: str) -> AsyncIterator[str]:
    """The address of a database that no migration has touched yet."""
    name = f"beleg_test_{uuid4().hex}"
    await administration.execute(f"CREATE DATABASE {name}")
    yield _address(server, name)
    await _drop(administration, name)


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


def _address(server: str, name: str) -> str:
    return urlsplit(server)._replace(path=f"/{name}").geturl()


async def _drop(administration: asyncpg.Connection, name: str) -> None:
    for _ in range(100):
        try:
            await administration.execute(f"DROP DATABASE {name} WITH (FORCE)")
        except asyncpg.InsufficientPrivilegeError:  # autovacuum is at it, and is not ours to end
            await asyncio.sleep(0.1)
        else:
            return


@pytest.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[House]:
    """An instance of the product on a database of its own."""
    async with running(database, tmp_path) as instance:
        yield instance


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the tables that tests have filled in."""
    for line in tables.lines():
        terminalreporter.write_line(line)
