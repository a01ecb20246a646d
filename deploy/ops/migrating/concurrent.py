"""Indexes that are built or dropped beside whatever runs, and again after a half of it died."""

import re

import asyncpg

from deploy.ops.migrating.locks import Watch, backend
from deploy.ops.migrating.notices import Notice, Told

LOOK_SECONDS = 0.5
NAME = r'(?P<name>[\w."]+)'
CREATED = re.compile(
    rf"\s*CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?:IF\s+NOT\s+EXISTS\s+)?{NAME}"
    r'\s+ON\s+(?:ONLY\s+)?(?P<table>[\w."]+)',
    re.IGNORECASE,
)
DROPPED = re.compile(rf"\s*DROP\s+INDEX\s+CONCURRENTLY\s+(?:IF\s+EXISTS\s+)?{NAME}", re.IGNORECASE)
INDEX = """
    SELECT indisvalid AND indisready AS valid, indrelid = to_regclass($2) AS ours
    FROM pg_index WHERE indexrelid = to_regclass($1)"""


async def run(
    connection: asyncpg.Connection, statement: str, watch: Watch, what: str, told: Told
) -> None:
    """Run a CONCURRENTLY statement, unless it was run to its end before.

    It waits without an end: what it waits for waits for nothing, and is named meanwhile.
    """
    await connection.execute("SET lock_timeout = 0; SET statement_timeout = 0")
    async with watch.over(await backend(connection), LOOK_SECONDS):
        if not await _was_run(connection, statement, what, told):
            await connection.execute(statement)


async def _was_run(connection: asyncpg.Connection, statement: str, what: str, told: Told) -> bool:
    if created := CREATED.match(statement):
        index = await connection.fetchrow(INDEX, created["name"], created["table"])
        if index is None:
            return False
        if not index["valid"] and index["ours"]:
            text = f"{what} drops {created['name']}, left INVALID by a try that did not end."
            told(Notice("leftover_dropped", text, {"index": created["name"]}))
            await connection.execute(f"DROP INDEX CONCURRENTLY {created['name']}")
            return False
        return bool(index["ours"])
    if dropped := DROPPED.match(statement):
        return await connection.fetchval("SELECT to_regclass($1)", dropped["name"]) is None
    return False
