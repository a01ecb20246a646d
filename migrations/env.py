"""Runs the revisions: one transaction each, a short lock timeout, one migrator at a time."""

import asyncio
import time
from typing import Any

import structlog
from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from core.connecting import connect
from core.query import metadata

LOCK = "SELECT pg_try_advisory_lock(hashtext('beleg migrations'))"
UNLOCK = "SELECT pg_advisory_unlock(hashtext('beleg migrations'))"
PATIENCE_SECONDS = 120
log = structlog.get_logger()


def note(ctx: Any, step: Any, heads: Any, run_args: Any) -> None:
    """Keep the ledger of applied revisions, for builds that do not know the newest one."""
    for revision in step.up_revision_ids:
        ctx.connection.execute(
            text("INSERT INTO applied_revision (revision) VALUES (:revision)"),
            {"revision": revision},
        )
        log.info("revision_applied", revision=revision)


def apply(connection: Connection) -> None:
    """Run once no other migrator does; poll, since waiting would block concurrent indexes."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not connection.scalar(text(LOCK)):
        connection.rollback()
        if time.monotonic() > deadline:
            raise TimeoutError("another migration has been running for two minutes")
        time.sleep(0.2)
    connection.commit()
    try:
        # A revision that cannot have its lock soon gives up rather than queue everybody behind it.
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata,
            transaction_per_migration=True,
            on_version_apply=note,
        )
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.rollback()
        connection.execute(text(UNLOCK))
        connection.commit()


async def main() -> None:
    """Connect and apply."""
    url = context.config.attributes["url"]
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: connect(url, "beleg-migrate")
    )
    try:
        async with engine.connect() as connection:
            await connection.run_sync(apply)
    finally:
        await engine.dispose()


asyncio.run(main())
