"""Brings one database up to what this build requires, and no further than it knows."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import asyncpg

from core.errors import Complaint, Conflict, Invalid
from deploy.ops.migrating.backfill import steering as backfill
from deploy.ops.migrating.backfill.files import read_backfills
from deploy.ops.migrating.grants import grant
from deploy.ops.migrating.lint.rules import require_safe
from deploy.ops.migrating.migrator import USUAL, Manner, connection, migrating
from deploy.ops.migrating.revisions import FOLDER, Revision, revisions

LEDGER_REVISION = "0012"
"""From this revision on a database knows its backfills."""


def migrate(url: str, to: str = "head", manner: Manner = USUAL, runtime: str = "") -> list[str]:
    """Apply the expands up to `to`; the ones that were applied, none where nothing was needed.

    A database that has all expands of this build is left alone, even when a newer build's
    revisions, which this one does not know, are applied to it. The role of the address
    `runtime` may run the product on it from then on.
    """
    return asyncio.run(_migrate(url, to, manner, runtime))


def known(folder: Path = FOLDER) -> set[str]:
    """The expands that this build brings: those it requires, and any it can do without."""
    return {each.number for each in revisions(folder) if each.kind == "expand"}


async def applied(url: str) -> set[str]:
    """The revisions that the database's own ledger names."""
    async with connection(url, "beleg/migrations") as opened:
        return await ledger(opened)


async def ledger(opened: asyncpg.Connection) -> set[str]:
    """The same, over a connection that is there already."""
    try:
        rows = await opened.fetch("SELECT revision FROM applied_revision")
    except asyncpg.UndefinedTableError:
        return set()
    return {row["revision"] for row in rows}


async def require_known(
    opened: asyncpg.Connection, brought: Sequence[Revision], wanted: Sequence[Revision]
) -> None:
    """Refuse to change a database whose newest revisions only a newer build knows."""
    try:
        rows = await opened.fetch("SELECT version_num FROM alembic_version")
    except asyncpg.UndefinedTableError:
        return
    unknown = {row["version_num"] for row in rows} - {each.number for each in brought}
    if unknown:
        lacking = ", ".join(each.name for each in wanted)
        raise Conflict(
            f"The database has {', '.join(sorted(unknown))}, which this build does not know:"
            f" apply {lacking} with the newer build."
        )


async def _migrate(url: str, to: str, manner: Manner, runtime: str) -> list[str]:
    brought = revisions(manner.folder)
    wanted = _wanted(brought, to)
    done: list[str] = []
    if await _pending(url, wanted):
        async with migrating(url, manner) as migrator:
            already = await ledger(migrator.control)
            pending = [each for each in wanted if each.number not in already]
            if pending:
                await require_known(migrator.control, brought, pending)
            for revision in pending:
                require_safe(revision)
            for revision in pending:
                await migrator.apply(revision)
                done.append(revision.number)
    async with connection(url, "beleg/migrations") as opened:
        await _register(opened, brought)
        await grant(opened, runtime, manner.told)
    return done


async def _register(opened: asyncpg.Connection, brought: Sequence[Revision]) -> None:
    """Let the database know the backfills of these revisions, also where none was pending."""
    numbers = {each.number for each in brought}
    backfills = [each for each in read_backfills() if each.revision in numbers]
    if LEDGER_REVISION in await ledger(opened):
        await backfill.register(opened, backfills)


async def _pending(url: str, wanted: Sequence[Revision]) -> bool:
    already = await applied(url)
    return any(each.number not in already for each in wanted)


def _wanted(brought: Sequence[Revision], to: str) -> list[Revision]:
    """The expands up to the one that is named, in order."""
    chain = in_order([each for each in brought if each.kind == "expand"])
    if to == "head":
        return chain
    revision = named(brought, to)
    if revision.kind != "expand":
        raise Invalid(
            Complaint("to", f"{revision.name} is a contract: `beleg migrate contract {to}`.")
        )
    return chain[: chain.index(revision) + 1]


def in_order(expands: Sequence[Revision]) -> list[Revision]:
    """One chain: each expand stands on the one before it, the first on none."""
    above = {each.after: each for each in expands}
    chain: list[Revision] = []
    below: tuple[str, ...] = ()
    while below in above:
        chain.append(above.pop(below))
        below = (chain[-1].number,)
    if len(chain) != len(expands):
        loose = ", ".join(each.name for each in expands if each not in chain)
        raise Invalid(Complaint("down_revision", f"Not in the one chain of expands: {loose}."))
    return chain


def named(brought: Sequence[Revision], name: str) -> Revision:
    """The revision of that name or number."""
    for revision in brought:
        if name in (revision.name, revision.number):
            return revision
    raise Invalid(Complaint("revision", f"This build brings no revision {name}."))
