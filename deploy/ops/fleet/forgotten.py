"""Databases of ours on the fleet's servers that no line of its file names."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import asyncpg

from core.errors import Refused
from deploy.ops.fleet.addresses import other_database
from deploy.ops.fleet.file import Fleet
from deploy.ops.fleet.inspection import Inspection, session

OTHERS = """
    SELECT oid::bigint, datname FROM pg_database
    WHERE datallowconn AND NOT datistemplate ORDER BY datname"""
OURS = "SELECT to_regclass('applied_revision') IS NOT NULL"
CREDENTIALS = 3
AT_A_TIME = 8


@dataclass(slots=True)
class Unnamed:
    """Databases that no line names: those that are ours, and those nobody could look into."""

    forgotten: list[str]
    unseen: list[str]


async def unnamed(fleet: Fleet, seen: Mapping[str, Inspection]) -> Unnamed:
    """Look into every database of every server of the fleet, with the credentials it names."""
    servers: dict[object, list[str]] = defaultdict(list)
    named = {each.place for each in seen.values() if each.place}
    for instance in fleet.instances:
        if place := seen[instance.name].place:
            servers[place.server].append(fleet.url(instance))
    found = Unnamed([], [])
    for server, urls in servers.items():
        oids = {place.oid for place in named if place.server == server}
        await _server(urls, oids, fleet.defaults.connect_seconds, found)
    return found


async def _server(urls: list[str], named: set[int], seconds: float, found: Unnamed) -> None:
    try:
        async with session(urls[0], seconds) as connection:
            rows = await connection.fetch(OTHERS)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return
    names = [row["datname"] for row in rows if row["oid"] not in named]
    room = asyncio.Semaphore(AT_A_TIME)

    async def one(name: str) -> bool | None:
        async with room:
            return await _is_ours(urls, name, seconds)

    for name, ours in zip(names, await asyncio.gather(*map(one, names)), strict=True):
        if ours is None:
            found.unseen.append(name)
        elif ours:
            found.forgotten.append(name)


async def _is_ours(urls: list[str], name: str, seconds: float) -> bool | None:
    """Whether a database has our tables; None where none of the credentials may look."""
    for url in urls[:CREDENTIALS]:
        try:
            async with session(other_database(url, name), seconds) as connection:
                return bool(await connection.fetchval(OURS))
        except (Refused, OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            continue
    return None
