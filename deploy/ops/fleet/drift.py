"""Where a database's schema is not what this build's metadata says."""

from typing import Any

import asyncpg
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.types import NullType

from core.query import metadata

COLUMNS = """
    SELECT c.relname AS table, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
      AND a.attnum > 0 AND NOT a.attisdropped"""
INVALID = """
    SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE NOT i.indisvalid AND c.relnamespace = current_schema()::regnamespace
    ORDER BY c.relname"""
SAME = {"xid8": "bigint"}
"""Types that a build reads as another: asyncpg gives both as a whole number."""


async def lines(connection: "asyncpg.Connection[Any]") -> list[str]:
    """What the database lacks or has otherwise, a line each."""
    rows = await connection.fetch(COLUMNS)
    found = {(row["table"], row["column"]): row["type"] for row in rows}
    tables = {row["table"] for row in rows}
    said = [f"table {name} is missing" for name in sorted(expected_tables() - tables)]
    for (table, column), kind in sorted(expected_columns().items()):
        if table not in tables:
            continue
        there = found.get((table, column))
        if there is None:
            said.append(f"column {table}.{column} is missing")
        elif kind and SAME.get(there, there) != kind:
            said.append(f"column {table}.{column} is {there}, not {kind}")
    return said + [f"index {row['relname']} is invalid" for row in await connection.fetch(INVALID)]


def expected_tables() -> set[str]:
    """The tables that this build's metadata knows."""
    _load()
    return set(metadata.tables)


def expected_columns() -> dict[tuple[str, str], str]:
    """Each column's type, as PostgreSQL writes it; empty where the metadata does not say."""
    _load()
    postgresql = dialect()  # type: ignore[no-untyped-call]
    return {
        (table.name, column.name): ""
        if isinstance(column.type, NullType)
        else column.type.compile(dialect=postgresql).lower()
        for table in metadata.tables.values()
        for column in table.columns
    }


def _load() -> None:
    """Have every table of core in the metadata: what composes the faces imports them all."""
    import public_api.app  # noqa: F401
