"""Where a build's metadata and a database differ, by Alembic's own comparison.

Metadata names what statements need and no more, so what only the database has (defaults,
constraints, indexes, NOT NULL, the queue's other columns) is no difference. Compared are tables and
columns that the metadata names, their types, NOT NULL where the metadata says `nullable=False`,
indexes that it declares; and what is gone from it, if a released build used it.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, Index, MetaData, Table
from sqlalchemy.exc import SAWarning
from sqlalchemy.ext.asyncio import create_async_engine

from core.connecting import connect
from deploy.ops.migrating.proving.drift import KNOWN_AS, type_text


@dataclass
class Differences:
    """What would have to be done for the database to be as the metadata says."""

    tables: list[Table] = field(default_factory=list)
    columns: list[Column[Any]] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    types: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By `table.column`: its type in the database, and in the metadata."""
    required: list[str] = field(default_factory=list)
    """Columns that the metadata says are never null, and the database lets be."""
    gone: dict[str, str] = field(default_factory=dict)
    """Columns that only released builds use, by their type; a whole table has none."""

    def __bool__(self) -> bool:
        return any((self.tables, self.columns, self.indexes, self.types, self.required, self.gone))


async def differences(url: str, known: MetaData, used: frozenset[str]) -> Differences:
    """Compare the metadata with a database; `used` is what released builds use."""
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: connect(url, "beleg/new")
    )
    try:
        async with engine.connect() as connection:
            found = await connection.run_sync(_compare, known)
    finally:
        await engine.dispose()
    made = Differences()
    for each in _flat(found):
        _take(made, each, used)
    return made


def _compare(connection: Connection, known: MetaData) -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # of types that SQLAlchemy does not know
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, known))


def _flat(found: list[Any]) -> Iterator[tuple[Any, ...]]:
    for each in found:
        yield from each if isinstance(each, list) else (each,)


def _take(made: Differences, each: tuple[Any, ...], used: frozenset[str]) -> None:
    match each:
        case "add_table", table:
            made.tables.append(table)
        case "add_column", _, _, column:
            made.columns.append(column)
        case "add_index", index:
            # What a new table brings with it is listed apart, and built with it.
            if index.table not in made.tables:
                made.indexes.append(index)
        case "modify_type", _, table, name, _, old, new:
            had, has = _text(old), _text(new)
            if had != has and has != KNOWN_AS.get(had):
                made.types[f"{table}.{name}"] = had, has
        case "modify_nullable", _, table, name, _, True, False:
            made.required.append(f"{table}.{name}")
        case "remove_column", _, table, column if f"{table}.{column.name}" in used:
            made.gone[f"{table}.{column.name}"] = _text(column.type)
        case "remove_table", table:
            if any(column.startswith(f"{table.name}.") for column in used):
                made.gone[table.name] = ""


def _text(kind: Any) -> str:
    text = type_text(Column("any", kind)).lower()
    return {"null": "xid8", "varchar": "text"}.get(text, text)
