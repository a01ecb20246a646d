"""Brings one database up to what this build requires, and no further than it knows."""

import asyncio
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config

import migrations
from core.connecting import connect


def migrate(url: str, to: str = "head") -> list[str]:
    """Apply revisions up to `to`; the ones that were applied, none where nothing was needed.

    A database that has all this build knows is left alone, even when a newer build's revisions,
    which this one does not know, are applied to it.
    """
    before = asyncio.run(applied(url))
    if to == "head" and before.issuperset(known()):
        return []
    config = Config(attributes={"url": url})
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, to)
    return sorted(asyncio.run(applied(url)) - before)


def known() -> set[str]:
    """The revisions that this build brings: those it requires, and any it can do without."""
    folder = Path(migrations.__file__).parent / "versions"
    return {file.stem.partition("_")[0] for file in folder.glob("[0-9]*.py")}


async def applied(url: str) -> set[str]:
    """The revisions that the database's own ledger names."""
    connection = await connect(url, "beleg-migrate")
    try:
        rows = await connection.fetch("SELECT revision FROM applied_revision")
    except asyncpg.UndefinedTableError:
        return set()
    finally:
        await connection.close()
    return {row["revision"] for row in rows}
