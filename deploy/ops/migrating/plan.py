"""`beleg migrate plan`: what would be done to a database as it is, and who would be in the way."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import asyncpg

from deploy.ops.migrating.apply import ledger
from deploy.ops.migrating.backfill.files import read_backfills
from deploy.ops.migrating.contracts import below, objections
from deploy.ops.migrating.effects import CATALOGUE, Effect, effects_of
from deploy.ops.migrating.lint.rules import complaints
from deploy.ops.migrating.proving.proof import connect
from deploy.ops.migrating.proving.shape import Connection
from deploy.ops.migrating.revisions import Revision, revisions

SIZES = """
    SELECT c.relname AS table, pg_table_size(c.oid) AS size,
        greatest(c.reltuples, 0)::bigint AS rows
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')"""
HOLDERS = """
    SELECT DISTINCT a.pid, a.application_name AS name, coalesce(a.state, 'prepared') AS state,
        coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), 0)::float AS seconds,
        c.relname AS table
    FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
    LEFT JOIN pg_stat_activity a ON a.pid = l.pid
    JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
    WHERE l.granted AND c.relname = any($1) AND l.pid IS DISTINCT FROM pg_backend_pid()"""
SNAPSHOTS = """
    SELECT pid, application_name AS name, state,
        extract(epoch FROM clock_timestamp() - xact_start)::float AS seconds
    FROM pg_stat_activity WHERE datname = current_database() AND backend_xmin IS NOT NULL
        AND pid <> pg_backend_pid() AND xact_start < clock_timestamp() - interval '1 second'"""
PREPARED = """
    SELECT gid, extract(epoch FROM clock_timestamp() - prepared)::float AS seconds
    FROM pg_prepared_xacts WHERE database = current_database()"""
BACKFILLS = "SELECT name, state FROM backfill"


@dataclass(frozen=True)
class PlannedStatement:
    """A statement, and a sentence for each table that it locks."""

    sql: str
    locks: Sequence[str]


@dataclass(frozen=True)
class PlannedRevision:
    """A revision that would be applied: what it locks and who is in the way."""

    name: str
    statements: Sequence[PlannedStatement]
    concurrent: bool
    blockers: Sequence[str]
    complaints: Sequence[str]


@dataclass
class MigrationPlan:
    """What `beleg migrate` would do, what follows it, and what waits to be asked for."""

    revisions: list[PlannedRevision] = field(default_factory=list)
    backfills: list[str] = field(default_factory=list)
    contracts: dict[str, list[str]] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """The plan in words."""
        lines = [line for each in self.revisions for line in _lines(each)]
        if self.revisions:
            lines.append(
                "Each waits for its locks 100 ms a try, for ten minutes at most, and is undone as a"
                " whole in between: nobody queues behind it for longer than that."
            )
        else:
            lines.append("Nothing to apply.")
        lines += [f"Then: {each}" for each in self.backfills]
        for name, reasons in self.contracts.items():
            lines.append(f"Contract {name}, only by `beleg migrate contract {name}`:")
            lines += [f"    waits: {each}" for each in reasons] or ["    nothing stands against it"]
        return lines

    def as_json(self) -> dict[str, Any]:
        """The same for a pipeline."""
        return asdict(self)


async def plan(url: str) -> MigrationPlan:
    """What would be done to the database; asks only."""
    connection = await connect(url)
    try:
        await connection.execute("SET default_transaction_read_only = on")
        applied = await ledger(connection)
        sizes = {row["table"]: row for row in await connection.fetch(SIZES)}
        made, brought = MigrationPlan(), revisions()
        for revision in brought:
            if revision.number in applied:
                continue
            if revision.kind == "contract":
                found = await objections(connection, revision, below(brought, revision))
                made.contracts[revision.name] = [each.text for each in found]
            else:
                made.revisions.append(await _planned(connection, revision, sizes))
        made.backfills = await _backfills(connection, sizes)
        return made
    finally:
        await connection.close()


async def _planned(
    connection: Connection, revision: Revision, sizes: dict[str, asyncpg.Record]
) -> PlannedRevision:
    found = effects_of(revision)
    tables = sorted({effect.table for _, effects in found for effect in effects})
    statements = [
        PlannedStatement(
            " ".join(statement.text.split()), [_sentence(each, sizes) for each in effects]
        )
        for statement, effects in found
    ]
    blockers = [*await _holders(connection, tables), *await _prepared(connection)] if tables else []
    if revision.is_concurrent:
        blockers += await _snapshots(connection)
    wrong = [f"{each.rule}: {each.says}" for each in complaints(revision)]
    return PlannedRevision(revision.name, statements, revision.is_concurrent, blockers, wrong)


def _sentence(effect: Effect, sizes: dict[str, asyncpg.Record]) -> str:
    size = sizes[effect.table]["size"] if effect.table in sizes else 0
    work = {
        CATALOGUE: "changes the catalogue only",
        "scan": f"goes through all of it ({_bytes(size)})",
        "rewrite": f"writes all of it anew ({_bytes(size)})",
        "build": f"builds an index over it ({_bytes(size)})",
    }[effect.work]
    longest = f"at most about {max(effect.seconds(size), 0.1):.1f} s"
    return f"{effect.mode} on {effect.table}: {effect.stops}; {work}, {longest}"


def _bytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"


async def _holders(connection: Connection, tables: list[str]) -> list[str]:
    rows = await connection.fetch(HOLDERS, tables)
    return [
        f"session {row['pid']} ({row['name'] or 'no name'}, {row['state']}, {row['seconds']:.0f} s)"
        f" holds a lock on {row['table']}"
        for row in rows
        if row["pid"] is not None
    ]


async def _prepared(connection: Connection) -> list[str]:
    rows = await connection.fetch(PREPARED)
    return [f"prepared transaction {row['gid']}, since {row['seconds']:.0f} s" for row in rows]


async def _snapshots(connection: Connection) -> list[str]:
    rows = await connection.fetch(SNAPSHOTS)
    return [
        f"session {row['pid']} ({row['name'] or 'no name'}, {row['state']}) has had its snapshot"
        f" for {row['seconds']:.0f} s: CONCURRENTLY waits until it ends"
        for row in rows
    ]


async def _states(connection: Connection) -> dict[str, str]:
    try:
        return {row["name"]: row["state"] for row in await connection.fetch(BACKFILLS)}
    except asyncpg.UndefinedTableError:
        return {}


async def _backfills(connection: Connection, sizes: dict[str, asyncpg.Record]) -> list[str]:
    states, found = await _states(connection), []
    for each in read_backfills():
        state = states.get(each.name, "not begun")
        if state == "verified":
            continue
        rows = sizes[each.table]["rows"] if each.table in sizes else 0
        found.append(f"backfill {each.name} ({state}): about {rows} rows of {each.table}")
    return found


def _lines(revision: PlannedRevision) -> list[str]:
    how = "outside a transaction" if revision.concurrent else "in one transaction"
    count = len(revision.statements)
    lines = [f"{revision.name}: {count} statement{'s' if count > 1 else ''} {how}"]
    for each in revision.statements:
        lines.append(f"    {each.sql[:90]}")
        lines += [f"        {lock}" for lock in each.locks] or ["        locks no table in use"]
    lines += [f"    in the way now: {each}" for each in revision.blockers]
    lines += [f"    REFUSED: {each}" for each in revision.complaints]
    return lines
