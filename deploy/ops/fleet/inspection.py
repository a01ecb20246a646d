"""How one instance's database stands, by what it says itself; nothing is changed in it."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from core.builds import LIVE_FOR
from core.connecting import connect
from core.errors import Refused, Unavailable
from core.readiness import IDENTITY_REVISION, VERIFIED
from core.restores import is_restored
from deploy.ops.fleet.file import Fleet, FleetInstance, Wave
from deploy.ops.fleet.remedies import Failure, failure_of
from deploy.ops.migrating.proving.drift import drift
from deploy.ops.migrating.proving.inventory import import_all

LIVE = """
    SELECT build, count(*) AS processes FROM live_build
    WHERE seen_at > now() - $1::interval AND ended_at IS NULL GROUP BY build ORDER BY build"""
BACKFILLS = "SELECT name, state, done, total, error FROM backfill ORDER BY name"
IDENTITY = "SELECT id FROM instance_identity"
SERVER = """
    SELECT (SELECT system_identifier FROM pg_control_system())::text AS cluster,
           pg_postmaster_start_time() AS started_at,
           (SELECT oid FROM pg_database WHERE datname = current_database())::bigint AS oid"""
WHERE_FROM = """
    SELECT coalesce(inet_server_addr()::text, '') || ':' || coalesce(inet_server_port(), 0)
               AS cluster,
           pg_postmaster_start_time() AS started_at,
           (SELECT oid FROM pg_database WHERE datname = current_database())::bigint AS oid"""
NOT_BEGUN = "not begun"
"""Where a backfill stands that its database does not know yet."""
RELEASE = """
    SELECT b, state, weight, held, ended_at IS NULL AS open, since, now() - since AS age,
        coalesce(measured -> 'look' ->> 'verdict', '') AS verdict,
        coalesce(nullif(measured ->> 'trouble', ''), measured -> 'look' -> 'reasons' ->> 0, '')
            AS said
    FROM release ORDER BY id DESC LIMIT 1"""
COMMAND_SECONDS = 30
BRIEFLY = "SET LOCAL lock_timeout = '3s'"


@dataclass(frozen=True, slots=True)
class BackfillRow:
    """How far a backfill has come on one database."""

    name: str
    state: str
    done: int
    total: int | None
    error: str | None


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """The last release of an instance: where it stands, and what its gate said last."""

    b: str
    state: str
    weight: float
    held: str | None
    open: bool
    since: datetime
    age: timedelta
    verdict: str
    said: str


@dataclass(frozen=True, slots=True)
class BuildRevisions:
    """The revisions that this build brings, those of them that `beleg migrate` applies, and the
    backfills that it is not ready without."""

    brought: frozenset[str]
    expands: frozenset[str]
    backfills: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ServerDatabase:
    """A database itself, whatever addresses lead to it: its server's cluster, start and its oid."""

    cluster: str
    started_at: datetime
    oid: int

    @property
    def server(self) -> tuple[str, datetime]:
        """The running server."""
        return self.cluster, self.started_at


@dataclass(slots=True)
class Inspection:
    """How an instance stands; what could not be asked is empty, and `failure` says why."""

    name: str
    wave: Wave
    failure: Failure | None = None
    missing: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()
    backfills: tuple[BackfillRow, ...] = ()
    live: dict[str, int] = field(default_factory=dict)
    identity: str | None = None
    adopt_owed: bool = False
    drift: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    place: ServerDatabase | None = None
    release: ReleaseRow | None = None
    last_failure: str | None = None

    @property
    def registered(self) -> set[str]:
        """The backfills that the database knows."""
        return {each.name for each in self.backfills if each.state != NOT_BEGUN}

    @property
    def unverified(self) -> list[BackfillRow]:
        """The backfills that are not done yet."""
        return [each for each in self.backfills if each.state != VERIFIED]


@asynccontextmanager
async def session(url: str, seconds: float) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """A connection for questions, bounded in time, that leaves nothing behind."""
    try:
        async with asyncio.timeout(seconds):
            connection = await connect(
                url, "beleg/fleet", command_seconds=COMMAND_SECONDS, statements=0
            )
    except Unavailable as refusal:
        raise refusal.__cause__ or refusal from None
    try:
        yield connection
    finally:
        connection.terminate() if connection.is_closed() else await _close(connection)


async def _close(connection: "asyncpg.Connection[Any]") -> None:
    try:
        await connection.close(timeout=2)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        connection.terminate()


async def inspect_all(
    fleet: Fleet, instances: Sequence[FleetInstance], build: BuildRevisions
) -> dict[str, Inspection]:
    """How each instance stands, several looked at at a time; none keeps the others waiting."""
    room = asyncio.Semaphore(max(8, fleet.defaults.parallel))

    async def one(instance: FleetInstance) -> Inspection:
        async with room:
            return await inspect(fleet, instance, build)

    found = await asyncio.gather(*map(one, instances))
    return {each.name: each for each in found}


async def inspect(fleet: Fleet, instance: FleetInstance, build: BuildRevisions) -> Inspection:
    """How an instance stands, as this build sees it; whatever is wrong is part of the answer."""
    seen = Inspection(instance.name, fleet.wave_of(instance))
    seconds = fleet.defaults.connect_seconds
    try:
        url = fleet.url(instance)
        async with (
            asyncio.timeout(seconds + COMMAND_SECONDS),
            session(url, seconds) as connection,
            connection.transaction(readonly=True),
        ):
            await connection.execute(BRIEFLY)
            await _look(connection, seen, build)
    except (Refused, OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as problem:
        seen.failure = failure_of(problem, instance)
    return seen


async def _look(
    connection: "asyncpg.Connection[Any]", seen: Inspection, build: BuildRevisions
) -> None:
    seen.place = await _place(connection)
    applied = await _applied(connection)
    seen.missing = tuple(sorted(build.expands - applied))
    seen.newer = tuple(sorted(applied - build.brought))
    seen.backfills = tuple(await _backfills(connection, build))
    for each in await _rows(connection, LIVE, LIVE_FOR):
        seen.live[each["build"]] = each["processes"]
    for each in await _rows(connection, RELEASE):
        seen.release = ReleaseRow(**each)
    for each in await _rows(connection, IDENTITY):
        seen.identity = str(each["id"])
    seen.adopt_owed = IDENTITY_REVISION in applied and await is_restored(connection)
    if not seen.missing:
        import_all()  # so that the build's metadata is whole
        differs = await drift(connection)
        seen.drift, seen.dropped = differs.found, differs.dropped


async def _backfills(
    connection: "asyncpg.Connection[Any]", build: BuildRevisions
) -> list[BackfillRow]:
    """Those that the database knows, and those that it should."""
    found = [BackfillRow(**each) for each in await _rows(connection, BACKFILLS)]
    unknown = build.backfills.difference(each.name for each in found)
    found += [BackfillRow(each, NOT_BEGUN, 0, None, None) for each in unknown]
    return sorted(found, key=lambda each: each.name)


async def _applied(connection: "asyncpg.Connection[Any]") -> set[str]:
    rows = await _rows(connection, "SELECT revision FROM applied_revision")
    return {row["revision"] for row in rows}


async def _rows(
    connection: "asyncpg.Connection[Any]", sql: str, *values: object
) -> list[Mapping[str, Any]]:
    """The rows of a question, none where an older schema has no place for them."""
    try:
        async with connection.transaction():
            return [dict(row) for row in await connection.fetch(sql, *values)]
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError):
        return []


async def _place(connection: "asyncpg.Connection[Any]") -> ServerDatabase:
    try:
        async with connection.transaction():
            row = await connection.fetchrow(SERVER)
    except asyncpg.InsufficientPrivilegeError:  # some providers keep the cluster's number secret
        row = await connection.fetchrow(WHERE_FROM)
    return ServerDatabase(**dict(row or {}))
