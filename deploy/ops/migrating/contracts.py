"""Contracts: what a build that runs, or may come back, uses is not dropped from under it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import asyncpg
import orjson

import deploy
from core.builds import FIRST, FIRST_SESSIONS, LIVE_FOR
from core.errors import Complaint, Conflict, Invalid
from deploy.ops.migrating.apply import in_order, ledger, named, require_known
from deploy.ops.migrating.lint.rules import require_safe
from deploy.ops.migrating.migrator import USUAL, Manner, migrating
from deploy.ops.migrating.revisions import Revision, revisions

WINDOW = timedelta(days=7)
STATEMENTS = Path(deploy.__file__).parent / "statements"

SEEN = """
    SELECT build, part, uses, now() - seen_at AS age, seen_at + $1 AS until,
        seen_at > now() - $2::interval AND ended_at IS NULL AS live
    FROM live_build WHERE seen_at > now() - $1::interval
        OR seen_at > now() - $2::interval AND ended_at IS NULL
    ORDER BY build, part"""
SILENT = """
    SELECT application_name, count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = ANY($1) GROUP BY 1 ORDER BY 1"""
CONNECTED = """
    SELECT split_part(application_name, '/', 2) AS build, count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'beleg/%'
        AND split_part(application_name, '/', 3) IN ('api', 'bff', 'worker') GROUP BY 1"""
BACKFILLS = "SELECT name, state, done, total FROM backfill"

Waived = Callable[[Sequence[str]], Awaitable[None]]


@dataclass(frozen=True)
class Objection:
    """One reason why a contract may not be applied now."""

    text: str
    waivable: bool = False
    """Whether an operator who knows better may say so: nothing that runs would break."""


@dataclass(frozen=True)
class Guard:
    """What a contract is held against: how long a build may come back, what each one uses."""

    window: timedelta = WINDOW
    statements: Path = STATEMENTS
    waived: Waived | None = None
    """Notes what an operator sets aside, once; without it nothing is."""
    shortened: Waived | None = None
    """Notes, once, what only a window shorter than usual lets pass."""


GUARD = Guard()


def contract(url: str, name: str, guard: Guard = GUARD, manner: Manner = USUAL) -> list[str]:
    """Apply one contract, unless something needs what it drops; none where it was applied."""
    return asyncio.run(_contract(url, name, guard, manner))


async def objections(
    connection: asyncpg.Connection,
    contract: Revision,
    below: Sequence[Revision],
    guard: Guard = GUARD,
) -> list[Objection]:
    """Every reason why the contract may not be applied now, those that weigh most first."""
    applied = await ledger(connection)
    lacking = [each.name for each in below if each.number not in applied]
    if lacking:
        told = f"It comes after {', '.join(lacking)}, not applied yet: `beleg migrate` first."
        return [Objection(told)]
    return [
        *await _sessions(connection, contract, guard.statements),
        *await _builds(connection, contract, guard),
        *await _backfills(connection, contract.needs),
    ]


async def _contract(url: str, name: str, guard: Guard, manner: Manner) -> list[str]:
    brought = revisions(manner.folder)
    revision = named(brought, name)
    if revision.kind != "contract":
        problem = f"{revision.name} is an expand: `beleg migrate` applies it."
        raise Invalid(Complaint("contract", problem))
    check = _Check(revision, below(brought, revision), guard)
    async with migrating(url, manner) as migrator:
        if revision.number in await ledger(migrator.control):
            return []
        await require_known(migrator.control, brought, [revision])
        require_safe(revision)
        await migrator.apply(revision, check)
    return [revision.number]


def below(brought: Sequence[Revision], contract: Revision) -> list[Revision]:
    """What a contract comes after: whatever it names, and all expands up to the last of these."""
    chain = in_order([each for each in brought if each.kind == "expand"])
    direct = [named(brought, number) for number in contract.after]
    last = max((chain.index(each) for each in direct if each in chain), default=-1)
    return [*chain[: last + 1], *(each for each in direct if each not in chain)]


class _Check:
    """Asked at each try: a build may have come while locks were waited for."""

    def __init__(self, contract: Revision, below: Sequence[Revision], guard: Guard) -> None:
        self._contract = contract
        self._below = below
        self._guard = guard
        self._noted = False

    async def __call__(self, connection: asyncpg.Connection) -> None:
        found = await objections(connection, self._contract, self._below, self._guard)
        waived = self._guard.waived
        firm = [each.text for each in found if waived is None or not each.waivable]
        if firm:
            raise Conflict("\n".join((f"{self._contract.name} is refused:", *firm)))
        if self._noted:
            return
        if found and waived:
            await waived([each.text for each in found])
        elif self._guard.shortened:
            usual = replace(self._guard, window=WINDOW)
            if full := await objections(connection, self._contract, self._below, usual):
                await self._guard.shortened([each.text for each in full])
        self._noted = True


async def _sessions(
    connection: asyncpg.Connection, contract: Revision, statements: Path
) -> list[Objection]:
    """The build that beats no heart, while it is connected, whether or not another noted it."""
    why = _why(FIRST, _frozen(FIRST, statements), contract.drops)
    rows = await connection.fetch(SILENT, list(FIRST_SESSIONS)) if why else []
    if not rows:
        return []
    named = ", ".join(f"{row['count']} called {row['application_name']}" for row in rows)
    return [
        Objection(f"Build {FIRST} {why} and is connected: sessions {named}. Stop its processes.")
    ]


async def _builds(
    connection: asyncpg.Connection, contract: Revision, guard: Guard
) -> list[Objection]:
    rows = await connection.fetch(SEEN, guard.window, LIVE_FOR)
    # A heart may falter, or not have beaten yet, while its process is at work.
    sessions = {row["build"]: row["count"] for row in await connection.fetch(CONNECTED)}
    found = []
    for build in dict.fromkeys([*sessions, *(row["build"] for row in rows)]):
        seen = [row for row in rows if row["build"] == build]
        uses = {use for row in seen for use in row["uses"]} or _frozen(build, guard.statements)
        if why := _why(build, uses, contract.drops):
            found.append(_objection(build, why, seen, sessions.get(build, 0)))
    return sorted(found, key=lambda each: each.waivable)


def _objection(build: str, why: str, seen: Sequence[asyncpg.Record], sessions: int) -> Objection:
    parts = Counter(row["part"] for row in seen if row["live"])
    if not parts and sessions:
        return Objection(f"Build {build} {why} and has {sessions} sessions. Stop its processes.")
    if parts:
        processes = ", ".join(f"{count} {part}" for part, count in parts.items())
        return Objection(f"Build {build} {why} and is alive: {processes}. Stop its processes.")
    last = min(seen, key=lambda row: row["age"])
    return Objection(
        f"Build {build} {why} and may come back: last seen {_ago(last['age'])} ago, its rollback"
        f" window ends {last['until']:%Y-%m-%d %H:%M}Z. Wait until then; where it will not come"
        " back for certain, --anyway --reason says so.",
        waivable=True,
    )


async def _backfills(connection: asyncpg.Connection, needs: Sequence[str]) -> list[Objection]:
    rows = {row["name"]: row for row in await connection.fetch(BACKFILLS)} if needs else {}
    return [
        Objection(
            f"Backfill {name} is not verified ({_progress(rows.get(name))}): `beleg backfill run`"
            " brings it to its end."
        )
        for name in needs
        if name not in rows or rows[name]["state"] != "verified"
    ]


def _progress(row: asyncpg.Record | None) -> str:
    if row is None:
        return "not begun"
    share = f", {100 * row['done'] // row['total']} %" if row["total"] else ""
    return f"{row['state']}{share}"


def _why(build: str, uses: Iterable[str] | None, drops: Sequence[str]) -> str:
    """What of that which is dropped a build uses, in words; nothing where it uses none of it."""
    if uses is None:
        return f"uses nobody knows what (there is no statements/{build}.json)"
    used = ", ".join(_used(uses, drops))
    return f"uses {used}" if used else ""


def _used(uses: Iterable[str], drops: Sequence[str]) -> Iterator[str]:
    """Those of the dropped tables and columns that are used."""
    used = set(uses)
    tables = {use.partition(".")[0] for use in used}
    return (drop for drop in drops if drop in used or drop in tables)


def _frozen(build: str, statements: Path) -> set[str] | None:
    """What a released build uses, as it was frozen; None where it was not."""
    file = statements / f"{build.partition('+')[0]}.json"
    return set(orjson.loads(file.read_bytes())["uses"]) if file.exists() else None


def _ago(age: timedelta) -> str:
    hours = age.total_seconds() / 3600
    if hours < 2:
        return f"{age.total_seconds() / 60:.0f} minutes"
    return f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.0f} days"
