"""Whether a database has the shape that its revisions give it and that this build knows.

Compared are tables, columns, NOT NULL and indexes with what the applied revisions make, and the
types of columns with the build's metadata. Metadata says no more than statements need: it names no
defaults, constraints or indexes of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Column, MetaData
from sqlalchemy.dialects import postgresql

from core.query import metadata
from deploy.ops.migrating.apply import ledger
from deploy.ops.migrating.proving.expected import Expected, expected
from deploy.ops.migrating.proving.shape import Connection, Shape, shape_of
from deploy.ops.migrating.revisions import revisions

OWN = {"alembic_version"}
"""Tables that no revision makes."""
TYPES = "SELECT text, to_regtype(text)::text AS type FROM unnest($1::text[]) AS text"
# Where there is such a column: older databases have none.
DROPPED = """
    SELECT revision, name FROM applied_revision, jsonb_array_elements_text(
        nullif(to_jsonb(applied_revision) -> 'drops', 'null')) AS each (name)
    WHERE revision = ANY($1)"""
KNOWN_AS = {"xid8": "bigint"}
"""Types that metadata has no word for, and what it says instead: they are read alike."""


@dataclass(frozen=True)
class Drift:
    """Each difference, in words; none where all is as it should be."""

    found: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    """What is gone, and a newer build's revision has dropped."""


async def drift(connection: Connection, known: MetaData = metadata) -> Drift:
    """How a database differs from what its revisions make and this build knows."""
    shape = await shape_of(connection)
    applied = await ledger(connection)
    all_revisions = revisions()
    made = expected(each for each in all_revisions if each.number in applied)
    newer = sorted(applied - {each.number for each in all_revisions})
    dropped = await _dropped_by(connection, newer)
    for name in dropped:
        made.drop(*name.split("."))
    found = [*_missing(made, shape), *([] if newer else _extra(made, shape))]
    found += [*_nullable(made, shape), *await mistyped(connection, shape, known)]
    found += [
        f"table {each}, which this build uses, is missing"
        for each in sorted(dropped.keys() & known.tables.keys() - shape.files.keys())
    ]
    unlisted = [*_without_index(made, shape)]
    if not newer:
        return Drift((*found, *unlisted, *_unfinished(shape)))
    told = [
        f"{'column' if '.' in name else 'table'} {name} was dropped by {by}, of a newer build"
        for name, by in sorted(dropped.items())
    ]
    told += [f"{each}: by hand, or dropped by {' or '.join(newer)}" for each in unlisted]
    return Drift((*found, *_unfinished(shape)), tuple(told))


async def _dropped_by(connection: Connection, newer: list[str]) -> dict[str, str]:
    """What contracts of newer builds have dropped, as they left word, each with its contract."""
    rows = await connection.fetch(DROPPED, newer) if newer else ()
    return {row["name"]: row["revision"] for row in rows}


def _missing(made: Expected, shape: Shape) -> Iterator[str]:
    for table, columns in made.tables.items():
        if table not in shape.files:
            yield f"table {table} is missing"
            continue
        there = shape.of_table(table)
        for name in columns:
            if name not in there:
                yield f"column {table}.{name} is missing"


def _without_index(made: Expected, shape: Shape) -> Iterator[str]:
    for index, each in made.indexes.items():
        if index not in shape.indexes and each.table in shape.files:
            yield f"index {index} on {each.table} is missing"


def _nullable(made: Expected, shape: Shape) -> Iterator[str]:
    for table, columns in made.tables.items():
        there = shape.of_table(table)
        for name, required in columns.items():
            if name in there and there[name].required != required:
                word = "may be null and should not" if required else "is NOT NULL and should not be"
                yield f"column {table}.{name} {word}"


def _extra(made: Expected, shape: Shape) -> Iterator[str]:
    for table in sorted(shape.files.keys() - OWN):
        if table not in made.tables:
            yield f"table {table} is there, and no revision makes it"
            continue
        for name in sorted(shape.of_table(table).keys() - made.tables[table].keys()):
            yield f"column {table}.{name} is there, and no revision makes it"
    for index, each in sorted(shape.indexes.items()):
        backs_a_constraint = (each.table, index) in shape.constraints
        if each.table in made.tables and index not in made.indexes and not backs_a_constraint:
            yield f"index {index} on {each.table} is there, and no revision makes it"


async def mistyped(connection: Connection, shape: Shape, known: MetaData) -> list[str]:
    """Columns whose type is not the metadata's, and those of the metadata that are not there."""
    found = []
    texts = {type_text(column) for table in known.tables.values() for column in table.c}
    rows = await connection.fetch(TYPES, sorted(texts))
    types = {row["text"]: row["type"] for row in rows}
    for table in known.sorted_tables:
        there = shape.of_table(table.name)
        for column in table.c if there else ():
            told = types[type_text(column)]
            if column.name not in there:
                found.append(
                    f"column {table.name}.{column.name}, which this build uses, is missing"
                )
            elif told not in ((has := there[column.name].type), KNOWN_AS.get(has)):
                found.append(
                    f"column {table.name}.{column.name} is {has}, and this build has {told}"
                )
    return found


def type_text(column: Column[object]) -> str:
    """A column's type as PostgreSQL is told it."""
    return str(column.type.compile(postgresql.dialect()))  # type: ignore[no-untyped-call]


def _unfinished(shape: Shape) -> Iterator[str]:
    for index, each in sorted(shape.indexes.items()):
        if not each.valid:
            yield f"index {index} on {each.table} is INVALID: a build of it was cut off"
