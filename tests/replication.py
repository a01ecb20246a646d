"""A primary and a standby that has every write before it is acknowledged."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import asyncpg

from deploy.ops.postgres import DATABASE, SUPERUSER, Embedded
from tests import postgres

OPTIONS = {**postgres.FAST, "synchronous_commit": "on"}


@dataclass(frozen=True)
class Pair:
    """Two servers of one database."""

    primary: Embedded
    standby: Embedded

    @property
    def url(self) -> str:
        """The address of the database on whichever of them takes writes."""
        parts = urlsplit(self.primary.url)
        login = parts.netloc.rpartition("@")[0]
        hosts = ",".join(f"127.0.0.1:{each.port}" for each in (self.primary, self.standby))
        return f"postgresql://{login}@{hosts}{parts.path}"

    async def promote(self) -> None:
        """Let the standby take writes."""
        await administer(self.standby, "SELECT pg_promote()")

    async def refuse_writes(self) -> None:
        """Let the primary take none, though it goes on."""
        await administer(self.primary, "ALTER SYSTEM SET default_transaction_read_only = on")
        await administer(self.primary, "SELECT pg_reload_conf()")


async def administer(server: Embedded, *statements: str) -> None:
    """Run statements as the superuser."""
    connection = await asyncpg.connect(server.address(SUPERUSER, DATABASE))
    try:
        for each in statements:
            await connection.execute(each)
    finally:
        await connection.close()


@asynccontextmanager
async def replicated() -> AsyncIterator[Pair]:
    """A migrated database on two servers, the second of which follows the first."""
    with ExitStack() as stack:
        folders = [stack.enter_context(postgres.folder()) for _ in range(2)]
        primary = stack.enter_context(Embedded(folders[0], OPTIONS))
        await asyncio.to_thread(postgres.migrate, primary.url)
        standby = Embedded(folders[1], OPTIONS)
        await asyncio.to_thread(_copy, primary, standby)
        stack.enter_context(standby)
        await administer(
            primary,
            "ALTER SYSTEM SET synchronous_standby_names = '*'",
            "SELECT pg_reload_conf()",
        )
        await _await_synchronous(primary)
        yield Pair(primary, standby)


def _copy(primary: Embedded, standby: Embedded) -> None:
    """Copy what a running server has, with the order to follow it."""
    copy = primary.folder / "copy"
    copy.mkdir(mode=0o700)
    primary._account.own(copy)
    source = primary.address(SUPERUSER, "replication").rpartition("/")[0]
    primary._run(
        *("pg_basebackup", "-d", source, "-D", primary._server_path(copy)),
        *("-R", "-X", "stream", "-c", "fast", "--no-sync"),
    )
    shutil.move(copy, standby.cluster)
    for file in primary.folder.glob("*.password"):
        shutil.copy2(file, standby.folder)


async def _await_synchronous(primary: Embedded) -> None:
    connection = await asyncpg.connect(primary.address(SUPERUSER, DATABASE))
    try:
        async with asyncio.timeout(60):
            while not await connection.fetchval(
                "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
            ):
                await asyncio.sleep(0.02)
    finally:
        await connection.close()
