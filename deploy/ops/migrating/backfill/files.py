"""The backfills that a build brings, as their files say, and how one walks its table."""

import runpy
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import orjson

import migrations
from core.errors import Conflict
from core.pool import Connection

FOLDER = Path(migrations.__file__).parent / "backfills"
_TYPES = """
SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute
WHERE attrelid = to_regclass($1) AND attname = ANY($2::text[]) AND NOT attisdropped"""


@dataclass(frozen=True)
class Backfill:
    """What a backfill's file says; what each text means stands in `migrations/backfills`."""

    name: str
    table: str
    keys: tuple[str, ...]
    update: str
    verify: str

    @property
    def revision(self) -> str:
        """The expand that made room for it, before which it cannot start."""
        return self.name.partition("_")[0]

    @property
    def quoted_table(self) -> str:
        """The table's name as SQL takes it."""
        return _quoted(self.table)


def read_backfills() -> tuple[Backfill, ...]:
    """Every backfill that this build brings, in the order in which they run."""
    return tuple(read(file) for file in sorted(FOLDER.glob("[0-9]*.py")))


def read(file: Path) -> Backfill:
    """The backfill of a file; raises KeyError where it lacks a name."""
    said = runpy.run_path(str(file))
    return Backfill(file.stem, said["TABLE"], tuple(said["KEYS"]), said["UPDATE"], said["VERIFY"])


class Stretch(NamedTuple):
    """Neighbouring rows of a table: how many, from which key to which, and the last as a cursor."""

    rows: int
    bounds: tuple[Any, ...]
    cursor: str


class Keyset:
    """A table in the order of its keys, a stretch at a time; a cursor is a JSON array of a key."""

    def __init__(self, backfill: Backfill, types: Sequence[str]) -> None:
        self._table = backfill.quoted_table
        self._names = [_quoted(each) for each in backfill.keys]
        self._types = types

    @classmethod
    async def of(cls, connection: Connection, backfill: Backfill) -> "Keyset":
        """The keys of a backfill's table; raises Conflict where the table has no such columns."""
        rows = await connection.fetch(_TYPES, backfill.quoted_table, list(backfill.keys))
        types = {row["attname"]: row["type"] for row in rows}
        if lacking := [each for each in backfill.keys if each not in types]:
            raise Conflict(f"{backfill.table} has no column {', '.join(lacking)}.")
        return cls(backfill, [types[each] for each in backfill.keys])

    async def first(self, connection: Connection) -> str | None:
        """The lowest key there is; None in an empty table."""
        return await self._end(connection, "ASC")

    async def last(self, connection: Connection) -> str | None:
        """The highest key there is; None in an empty table."""
        return await self._end(connection, "DESC")

    async def _end(self, connection: Connection, way: str) -> str | None:
        key: str | None = await connection.fetchval(
            f"SELECT jsonb_build_array({', '.join(self._names)})::text FROM {self._table}"  # noqa: S608
            f" ORDER BY {', '.join(f'{each} {way}' for each in self._names)} LIMIT 1"
        )
        return key

    async def bounds(self, connection: Connection, first: str, last: str) -> tuple[Any, ...]:
        """Two keys as the parameters of UPDATE and VERIFY."""
        row = await connection.fetchrow(f"SELECT {self._key('$1')}, {self._key('$2')}", first, last)
        return tuple(row or ())

    async def next(
        self, connection: Connection, cursor: str | None, until: str, rows: int
    ) -> Stretch | None:
        """At most so many rows after the cursor and not beyond `until`; None where there are none.

        They are found by the index of the keys, without reading what comes before.
        """
        after = () if cursor is None else (cursor,)
        row = await connection.fetchrow(self._sql(bool(after)), until, rows, *after)
        if row is None:
            return None
        count, cursor, *bounds = row
        return Stretch(count, tuple(bounds), cursor)

    def _sql(self, after: bool) -> str:
        names = ", ".join(self._names)
        where = f"({names}) <= ({self._key('$1')})"
        if after:
            where += f" AND ({names}) > ({self._key('$3')})"
        ends = ", ".join(
            f"{end}.{name} AS {end}{i}"
            for end in ("low", "high")
            for i, name in enumerate(self._names)
        )
        backwards = ", ".join(f"{each} DESC" for each in self._names)
        high = ", ".join(f"high.{each}" for each in self._names)
        return f"""
WITH stretch AS MATERIALIZED (
    SELECT {names} FROM {self._table} WHERE {where} ORDER BY {names} LIMIT $2)
SELECT (SELECT count(*) FROM stretch), jsonb_build_array({high})::text, {ends}
FROM (SELECT * FROM stretch ORDER BY {names} LIMIT 1) low,
    (SELECT * FROM stretch ORDER BY {backwards} LIMIT 1) high"""  # noqa: S608

    def _key(self, parameter: str) -> str:
        """A cursor's columns, each in its own type."""
        return ", ".join(
            f"({parameter}::text::jsonb ->> {i})::{kind}" for i, kind in enumerate(self._types)
        )


async def estimated_rows(connection: Connection, backfill: Backfill) -> int:
    """About how many rows the table has, without reading it: the planner's own guess."""
    plan = await connection.fetchval(f"EXPLAIN (FORMAT JSON) SELECT FROM {backfill.quoted_table}")
    read = orjson.loads(plan) if isinstance(plan, str) else plan  # by the connection's codec
    return int(read[0]["Plan"]["Plan Rows"])


async def counted_rows(connection: Connection, backfill: Backfill) -> int | None:
    """How many rows the table has, where counting takes no more than a second."""
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL statement_timeout = '1s'")
            rows: int = await connection.fetchval(f"SELECT count(*) FROM {backfill.quoted_table}")  # noqa: S608
    except asyncpg.QueryCanceledError:
        return None
    return rows


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
