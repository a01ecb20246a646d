"""Dumps and restores, as an operator makes them, by PostgreSQL's own programs."""

import asyncio
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import asyncpg

from deploy.ops.account import ServerAccount
from deploy.ops.binaries import locate
from tests import postgres


async def move(old: str, new: str) -> None:
    """Dump a database and restore the dump into another, which is empty."""
    await asyncio.to_thread(_move, old, new)


async def fresh(server: str) -> str:
    """The address of a new, empty database on a server."""
    name = f"beleg_test_{uuid4().hex}"
    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return postgres.database(server, name)


async def burn(url: str, number: int) -> None:
    """Let a cluster count on, as its past would have."""
    connection = await asyncpg.connect(url)
    await connection.execute(
        f"DO $$ BEGIN FOR i IN 1..{number:d} LOOP"
        " PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"
    )
    await connection.close()


def _move(old: str, new: str) -> None:
    with TemporaryDirectory(prefix="beleg-", dir="/tmp") as folder:
        Path(folder).chmod(0o777)
        _run("pg_dump", "-Fc", "--no-owner", "-f", f"{folder}/dump", old)
        _run("pg_restore", "--no-owner", "-d", new, f"{folder}/dump")


def _run(program: str, *words: str) -> None:
    """Run one of PostgreSQL's programs as whoever runs its server."""
    account = ServerAccount.fit()
    done = subprocess.run(
        (locate(account) / program, *words), check=False, capture_output=True, **account.identity()
    )
    assert done.returncode == 0, done.stderr
