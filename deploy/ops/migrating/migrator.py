"""The one migrator of a database: alone at work, and each revision whole or not at all."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import asyncpg
import structlog
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from core import connecting
from core.db import CONNECTION_LOST
from core.errors import Conflict, Unavailable
from deploy.ops.migrating import concurrent
from deploy.ops.migrating.locks import (
    PATIENCE_SECONDS,
    Watch,
    backend,
    patiently,
)
from deploy.ops.migrating.notices import Notice, Told, quiet
from deploy.ops.migrating.revisions import FOLDER, Revision

STATEMENT_SECONDS = 5.0
LOCK = "SELECT pg_try_advisory_lock(hashtext('beleg migrations'))"
OTHER = """
    SELECT pid, application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND datname = current_database()
        AND objid = (hashtext('beleg migrations')::bigint & 4294967295)::oid"""
LEFT_BEHIND = """
    SELECT pid, query FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'beleg/%/migrate/work'"""
DROPPED = "UPDATE applied_revision SET drops = $2 WHERE revision = $1"
RECORDED = "INSERT INTO applied_revision (revision) VALUES ($1) ON CONFLICT DO NOTHING"

log = structlog.get_logger()


@dataclass(frozen=True)
class Manner:
    """How patiently a migrator works, and whom it tells."""

    folder: Path = FOLDER
    patience_seconds: float = PATIENCE_SECONDS
    statement_seconds: float = STATEMENT_SECONDS
    told: Told = quiet


USUAL = Manner()
Check = Callable[[asyncpg.Connection], Awaitable[None]]
"""Raises Refused where a revision may not be applied now."""


async def _nothing(_: asyncpg.Connection) -> None:
    """Nothing to check."""


class Migrator:
    """Applies revisions over one connection and watches itself through another."""

    def __init__(self, control: asyncpg.Connection, work: AsyncConnection, manner: Manner) -> None:
        self.control = control
        self._work = work
        self._manner = manner
        self._scripts = ScriptDirectory(
            manner.folder.parent, version_locations=[str(manner.folder)]
        )

    async def apply(self, revision: Revision, check: Check = _nothing) -> None:
        """Apply one revision, having asked `check` at each try whether it still may be."""
        started = time.monotonic()
        try:
            await self._apply(revision, check)
        except CONNECTION_LOST:
            raise
        except asyncpg.QueryCanceledError as problem:
            raise Conflict(self._too_long(revision)) from problem
        except asyncpg.PostgresError as problem:
            raise Conflict(f"{revision.name} failed and is not applied: {problem}") from problem
        seconds = round(time.monotonic() - started, 2)
        log.info("revision_applied", revision=revision.number)
        text = f"{revision.name} applied in {seconds} s."
        self._manner.told(
            Notice("applied", text, {"revision": revision.number, "seconds": seconds})
        )

    async def _apply(self, revision: Revision, check: Check) -> None:
        raw = await self._work.get_raw_connection()
        driver: asyncpg.Connection = raw.driver_connection  # type: ignore[assignment]
        pid = await backend(driver)
        watch = Watch(self.control, revision.name, self._manner.told)
        statements = revision.statements[len(revision.validations) :]
        if revision.is_concurrent:
            await check(driver)
            await concurrent.run(driver, statements[0], watch, revision.name, self._manner.told)
            statements = ()

        async def wait(work: Callable[[int], Awaitable[None]]) -> None:
            await patiently(work, pid, watch, revision.name, self._manner.patience_seconds)

        for validation in revision.validations:
            await wait(partial(self._validate, driver, validation, check))
        await wait(partial(self._once, revision, statements, driver, check))

    async def _validate(
        self, driver: asyncpg.Connection, statement: str, check: Check, milliseconds: int
    ) -> None:
        """In a transaction of its own: what was found valid stays so if the rest must wait."""
        async with driver.transaction():
            await driver.execute(f"SET LOCAL lock_timeout = {milliseconds:d}")
            await driver.execute("SET LOCAL statement_timeout = 0")
            await check(driver)
            await driver.execute(statement)

    async def _once(
        self,
        revision: Revision,
        statements: Sequence[str],
        driver: asyncpg.Connection,
        check: Check,
        milliseconds: int,
    ) -> None:
        longest = int(self._manner.statement_seconds * 1000)
        try:
            # Through SQLAlchemy, so that it begins its transaction: the driver's words join it.
            await self._work.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds:d}")
            await driver.execute(f"SET LOCAL statement_timeout = {longest:d}")
            await check(driver)
            for statement in statements:
                await driver.execute(statement)
            await driver.execute(RECORDED, revision.number)
            if revision.drops:
                await driver.execute(DROPPED, revision.number, revision.drops)
            await self._work.run_sync(lambda c: self._stamp(c, revision.number))
            await self._work.commit()
        finally:
            await self._work.rollback()

    def _stamp(self, connection: Connection, number: str) -> None:
        """Alembic's own table, which a build that is to be migrated by it alone would read."""
        MigrationContext.configure(connection).stamp(self._scripts, number)

    def _too_long(self, revision: Revision) -> str:
        return (
            f"{revision.name} has a statement that ran longer than"
            f" {self._manner.statement_seconds:g} s under a lock for which everybody waits, so it"
            " was ended and nothing of it is applied. A table has grown too big for this form:"
            " split it (NOT VALID and VALIDATE, CONCURRENTLY, a backfill), or give it longer in a"
            " quiet hour with --statement-seconds."
        )


@asynccontextmanager
async def migrating(url: str, manner: Manner) -> AsyncIterator[Migrator]:
    """The migrator of this database, alone for as long as the block lasts."""
    name = f"beleg/{version('beleg')}/migrate"
    async with connection(url, name) as control:
        await _be_alone(control, manner)
        await _end_left_behind(control, manner.told)
        engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=lambda: connect(url, f"{name}/work"),
            poolclass=NullPool,
        )
        try:
            async with engine.connect() as work:
                yield Migrator(control, work, manner)
        finally:
            await engine.dispose()


async def connect(url: str, name: str) -> asyncpg.Connection:
    """A session of the migrator's own, which says by its name what it does."""
    opened = await connecting.connect(url, name, command_seconds=None)
    try:
        await opened.execute("SET idle_session_timeout = 0")  # one waits while the other works
    except BaseException:
        opened.terminate()
        raise
    return opened


@asynccontextmanager
async def connection(url: str, name: str) -> AsyncIterator[asyncpg.Connection]:
    """The same, for as long as the block lasts."""
    opened = await connect(url, name)
    try:
        yield opened
    finally:
        await opened.close(timeout=5)


async def _be_alone(control: asyncpg.Connection, manner: Manner) -> None:
    """Poll for the lock, since waiting for it would hold up whoever builds an index."""
    deadline = time.monotonic() + manner.patience_seconds
    said = False
    while not await control.fetchval(LOCK):
        if not said and (other := await control.fetchrow(OTHER)):
            text = f"Another migrator is at work (session {other['pid']}); this one waits for it."
            manner.told(Notice("other_migrator", text, {"pid": other["pid"]}))
            said = True
        if time.monotonic() > deadline:
            raise Unavailable(
                f"Another migrator has been at work for {manner.patience_seconds:.0f} s"
                " (the advisory lock `beleg migrations`): see what it waits for, then try again."
            )
        await asyncio.sleep(0.2)


async def _end_left_behind(control: asyncpg.Connection, told: Told) -> None:
    """End what a migrator that was killed has left at work: whoever lives holds our lock."""
    for row in await control.fetch(LEFT_BEHIND):
        text = f"Session {row['pid']} of a migrator that died is still at work; it is ended."
        told(Notice("left_behind_ended", text, {"pid": row["pid"]}))
        await control.execute("SELECT pg_terminate_backend($1)", row["pid"])
    while await control.fetch(LEFT_BEHIND):  # noqa: ASYNC110 - PostgreSQL tells no event of ours
        await asyncio.sleep(0.05)
