"""Looks at everything that an instance stands on, and reports."""

from collections.abc import AsyncIterator, Mapping

import asyncpg

from core.connecting import connect
from core.connector import Connector, is_encrypted, peer_of
from core.db import CONNECTION_LOST, REQUIRES, reason_of
from core.errors import Refused
from core.pool import Connection
from core.poolers import PoolerMode
from core.settings import Settings
from deploy.ops.checking.budget import Budget
from deploy.ops.checking.findings import Finding, Report, attention, ok, wrong
from deploy.ops.checking.identity import look_at_identity
from deploy.ops.checking.records import look_at_records
from deploy.ops.checking.server import LIMITS, look_at_server
from deploy.ops.checking.surroundings import look_around
from deploy.ops.migrating.apply import known, ledger

SAME = "SELECT pg_postmaster_start_time(), current_database()"
NAME = "beleg/check"


async def check(settings: Settings, processes: Mapping[str, int]) -> Report:
    """What there is to say of an environment, before or while an instance runs in it."""
    report = await _check_database(settings, processes)
    around = await look_around(settings, processes)
    return Report((*report.findings, *around), report.budget)


async def _check_database(settings: Settings, processes: Mapping[str, int]) -> Report:
    connector = Connector(settings.database_url, NAME)
    try:
        connection = await connector()
    except Refused as refusal:
        problem = refusal.__cause__
        why = f"{refusal.detail} {reason_of(problem) if problem else ''}".strip()
        return Report((_unreachable(why), *await look_at_identity(settings, None)))
    except CONNECTION_LOST as lost:
        return Report((_unreachable(reason_of(lost)), *await look_at_identity(settings, None)))
    try:
        return await _look(settings, connector, connection, processes)
    finally:
        await connection.close(timeout=5)


async def _look(
    settings: Settings, connector: Connector, connection: Connection, processes: Mapping[str, int]
) -> Report:
    direct = connector.mode is PoolerMode.DIRECT
    encrypted = is_encrypted(connection)
    findings = [ok("database", "it can be reached.")]
    findings += await look_at_server(
        connection,
        connector.address,
        encrypted=encrypted,
        direct=direct,
        migrates=not settings.database_owner_url,
    )
    findings += await look_at_records(settings, connection)
    findings += [each async for each in _pooler(settings, connector, connection)]
    findings += [await _revisions(connection), await _backfills(connection)]
    budget = await _budget(settings, connection, processes)
    findings += [_connections(budget, direct), *await look_at_identity(settings, connection)]
    return Report(tuple(findings), budget)


def _unreachable(why: str) -> Finding:
    advice = "Look at the address (BELEG_DATABASE_URL), the network, pg_hba.conf and the password."
    return wrong("database", f"it cannot be reached: {why}", advice)


async def _pooler(
    settings: Settings, connector: Connector, connection: Connection
) -> AsyncIterator[Finding]:
    mode, variable = connector.mode, "BELEG_DATABASE_DIRECT_URL"
    if mode is PoolerMode.DIRECT:
        yield ok("pooler", "none; this is PostgreSQL itself.")
    elif mode is PoolerMode.SESSION:
        yield ok("pooler", "in session mode; its pool_size must hold what is needed below.")
    elif not settings.database_direct_url:
        detail = "in transaction mode, through which nothing can be listened to."
        yield wrong("pooler", detail, f"Set {variable} to an address of PostgreSQL itself.")
    else:
        detail = "in transaction mode: served without prepared statements, so more slowly."
        yield ok("pooler", detail)
    if settings.database_direct_url:
        yield await _direct(settings.database_direct_url, connection)


async def _direct(url: str, connection: Connection) -> Finding:
    about = "direct address"
    try:
        direct = await connect(url, NAME)
    except (*CONNECTION_LOST, Refused) as problem:
        reason = problem.detail if isinstance(problem, Refused) else reason_of(problem)
        advice = "Look at BELEG_DATABASE_DIRECT_URL."
        return wrong(about, f"it cannot be reached: {reason}", advice)
    try:
        here, there = await connection.fetchrow(SAME), await direct.fetchrow(SAME)
        if here != there:
            advice = "Let both addresses name one database."
            return wrong(about, "it leads to another database.", advice)
        writable = (await peer_of(direct)).writable
        return ok(about, f"the same database{'' if writable else ', which takes no writes'}.")
    finally:
        await direct.close(timeout=5)


async def _revisions(connection: Connection) -> Finding:
    applied = await ledger(connection)
    if missing := [each for each in REQUIRES if each not in applied]:
        detail = f"{', '.join(missing)} not applied; this build is not ready without."
        return attention("revisions", detail, "Run beleg migrate.", owed=True)
    if pending := sorted(known() - applied):
        return attention(
            "revisions", f"{', '.join(pending)} not applied.", "Run beleg migrate.", owed=True
        )
    return ok("revisions", "all that this build requires are applied.")


async def _backfills(connection: Connection) -> Finding:
    try:
        rows = await connection.fetch("SELECT name, state FROM backfill WHERE state <> 'verified'")
    except asyncpg.UndefinedTableError:
        return ok("backfills", "none yet.")
    if rows:
        names = ", ".join(f"{row['name']} ({row['state']})" for row in rows)
        return attention("backfills", f"not done: {names}.", "See beleg backfill.", owed=True)
    return ok("backfills", "none is owed.")


async def _budget(
    settings: Settings, connection: Connection, processes: Mapping[str, int]
) -> Budget:
    row = await connection.fetchrow(LIMITS)
    assert row is not None  # noqa: S101 - a SELECT without FROM has a row
    limits = [each for each in (row["server"], row["role"], row["database"]) if each >= 0]
    return Budget.of(
        processes, settings.database_connections, min(limits), row["others"], row["held"]
    )


def _connections(budget: Budget, direct: bool) -> Finding:
    about = "connections"
    need = f"{budget.running} running, {budget.releasing} in a release, {budget.free} to be had"
    if not direct:
        return ok(about, f"{need}; a pooler shares them out, and must take as many clients.")
    advice = "Raise max_connections, lower BELEG_DATABASE_CONNECTIONS, or put pgbouncer between."
    if budget.running > budget.free:
        return wrong(about, f"{need}.", advice)
    if budget.releasing > budget.free:
        return attention(about, f"{need}: two builds side by side do not fit.", advice)
    return ok(about, f"{need}.")
