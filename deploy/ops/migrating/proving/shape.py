"""The shape of a database as PostgreSQL's own catalogue tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import asyncpg

if TYPE_CHECKING:
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection

OURS = "n.nspname = current_schema() AND c.relkind IN ('r', 'p')"
COLUMNS = f"""
    SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
        a.attnotnull AS required, a.atthasdef OR a.attidentity <> '' AS filled,
        a.attgenerated <> '' OR a.attidentity = 'a' AS generated, t.typtype AS kind,
        (SELECT min(enumlabel) FROM pg_enum WHERE enumtypid = a.atttypid) AS label
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
    WHERE {OURS} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum"""  # noqa: S608
TABLES = f"""
    SELECT c.relname AS table, c.relfilenode AS file FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS}"""  # noqa: S608
CONSTRAINTS = f"""
    SELECT k.conname AS name, c.relname AS table, k.contype::text AS kind, parent.relname AS parent,
        k.confdeltype::text AS on_delete, k.convalidated AS valid,
        array(SELECT attname::text FROM pg_attribute a
            WHERE a.attrelid = k.conrelid AND a.attnum = any(k.conkey)) AS columns,
        pg_get_constraintdef(k.oid) AS definition
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_class parent ON parent.oid = k.confrelid WHERE {OURS}"""  # noqa: S608
INDEXES = f"""
    SELECT i.relname AS name, c.relname AS table, x.indisunique AS unique, x.indisvalid AS valid,
        array(SELECT attname::text FROM pg_attribute a
            WHERE a.attrelid = x.indrelid AND a.attnum = any(x.indkey::int2[])) AS columns
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS}"""  # noqa: S608


@dataclass(frozen=True)
class ColumnShape:
    """A column: its type, and whether an INSERT must give it."""

    type: str
    required: bool
    """Whether it is NOT NULL."""
    filled: bool
    """Whether PostgreSQL fills it where an INSERT leaves it out."""
    generated: bool
    """Whether an INSERT may not give it."""
    label: str | None
    """A word that it takes, where its type is an enum."""

    @property
    def must_be_given(self) -> bool:
        """Whether an INSERT that leaves it out fails, unless a trigger fills it."""
        return self.required and not self.filled and not self.generated


@dataclass(frozen=True)
class ConstraintShape:
    """A constraint, by PostgreSQL's letter for its kind."""

    table: str
    kind: str
    columns: frozenset[str]
    parent: str | None
    on_delete: str
    valid: bool
    definition: str


@dataclass(frozen=True)
class IndexShape:
    """An index and the columns it is on."""

    table: str
    unique: bool
    valid: bool
    columns: frozenset[str]


@dataclass(frozen=True)
class Shape:
    """A database's tables, as far as a build could notice."""

    columns: Mapping[str, ColumnShape]
    """By `table.column`."""
    constraints: Mapping[tuple[str, str], ConstraintShape]
    """By table and name."""
    indexes: Mapping[str, IndexShape]
    files: Mapping[str, int]
    """By table, the file it is in: another one after a rewrite."""

    def of_table(self, table: str) -> dict[str, ColumnShape]:
        """A table's columns by their names."""
        start = f"{table}."
        return {
            name.removeprefix(start): each
            for name, each in self.columns.items()
            if name.startswith(start)
        }


async def shape_of(connection: Connection) -> Shape:
    """What shape the database has now."""
    columns = {
        f"{row['table']}.{row['name']}": ColumnShape(
            row["type"], row["required"], row["filled"], row["generated"], row["label"]
        )
        for row in await connection.fetch(COLUMNS)
    }
    constraints = {
        (row["table"], row["name"]): ConstraintShape(
            row["table"],
            row["kind"],
            frozenset(row["columns"]),
            row["parent"],
            row["on_delete"].strip(),
            row["valid"],
            row["definition"],
        )
        for row in await connection.fetch(CONSTRAINTS)
    }
    indexes = {
        row["name"]: IndexShape(
            row["table"], row["unique"], row["valid"], frozenset(row["columns"])
        )
        for row in await connection.fetch(INDEXES)
    }
    files = {row["table"]: row["file"] for row in await connection.fetch(TABLES)}
    return Shape(columns, constraints, indexes, files)
