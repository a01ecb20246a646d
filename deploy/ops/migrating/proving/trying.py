"""Rows like those that a build writes, written for a moment to see what becomes of them."""

import hashlib
from collections.abc import Callable, Mapping
from uuid import NAMESPACE_URL, uuid5

import asyncpg

from deploy.ops.migrating.proving.freeze import FrozenBuild
from deploy.ops.migrating.proving.shape import ColumnShape, Connection, Shape

Outcome = Mapping[str, str] | str
"""What stood in the row's columns afterwards; or PostgreSQL's own message."""
LITERALS: dict[str, Callable[[str], str]] = {
    "uuid": lambda word: str(uuid5(NAMESPACE_URL, word)),
    "boolean": lambda word: "true",
    "date": lambda word: "2020-02-02",
    "jsonb": lambda word: f'{{"{word}": 1}}',
    "json": lambda word: f'{{"{word}": 1}}',
    "bytea": lambda word: "\\x" + word.encode().hex(),
    "pg_snapshot": lambda word: "10:20:",
    "xid8": lambda word: str(_number(word)),
    "interval": lambda word: "1 hour",
    "inet": lambda word: "127.0.0.1",
}
NUMBERS = ("smallint", "integer", "bigint", "numeric", "double precision", "real")


def _number(word: str) -> int:
    return 1 + hashlib.blake2b(word.encode(), digest_size=1).digest()[0] % 90


def literal(column: ColumnShape, word: str) -> str:
    """A value of a column's type, the same each time for the same word."""
    if column.label is not None:
        return column.label
    if column.type.endswith("[]"):
        return "{}"
    if column.type.startswith(NUMBERS):
        return str(_number(word))
    if column.type.startswith("timestamp"):
        return "2020-02-02 20:20:20+00"
    return LITERALS.get(column.type, str)(word)


async def try_writes(
    connection: Connection, build: FrozenBuild, shape: Shape
) -> dict[str, Outcome]:
    """Each of a build's INSERTs and UPDATEs with made-up values, undone afterwards.

    Foreign keys are put aside meanwhile: whether a parent exists is not what is asked here.
    """
    outcomes: dict[str, Outcome] = {}
    transaction = connection.transaction()
    await transaction.start()
    try:
        for (table, name), each in shape.constraints.items():
            if each.kind == "f":
                await connection.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        for table, inserts in build.inserts.items():
            for columns in sorted(inserts):
                await _try_row(connection, build, shape, table, columns, outcomes)
    finally:
        await transaction.rollback()
    return outcomes


async def _try_row(
    connection: Connection,
    build: FrozenBuild,
    shape: Shape,
    table: str,
    columns: tuple[str, ...],
    outcomes: dict[str, Outcome],
) -> None:
    """One INSERT, then each UPDATE of that table on the row."""
    known = shape.of_table(table)
    given = ", ".join(f'"{column}"' for column in columns)
    head = f'INSERT INTO "{table}" ({given}) VALUES'
    # What may be null will be, in some row: a check or a trigger may mind just that.
    sparse = ", ".join(
        _value(known, each, "a") if each in known and known[each].required else "NULL"
        for each in columns
    )
    _, bare = await _outcome(connection, f"{head} ({sparse})", columns, keep=False)
    outcomes[f"{insert_into(table, columns)} with nulls"] = bare
    outer = connection.transaction()
    await outer.start()
    try:
        values = ", ".join(_value(known, column, "a") for column in columns)
        place, outcomes[insert_into(table, columns)] = await _outcome(
            connection, f"{head} ({values})", columns
        )
        if not place:
            return
        for sets in sorted(build.updates.get(table, ())):
            values = ", ".join(f'"{each}" = {_value(known, each, "b")}' for each in sets)
            update = f"UPDATE \"{table}\" SET {values} WHERE ctid = '{place}'"  # noqa: S608
            _, changed = await _outcome(connection, update, sets, keep=False)
            outcomes.setdefault(f"UPDATE of {table} ({', '.join(sets)})", changed)
    finally:
        await outer.rollback()


def insert_into(table: str, columns: tuple[str, ...]) -> str:
    """What an INSERT is called in what is told of it."""
    return f"INSERT INTO {table} ({', '.join(columns)})"


def _value(known: Mapping[str, ColumnShape], column: str, word: str) -> str:
    if column not in known:
        return "NULL"  # the statement itself will say that there is no such column
    text = literal(known[column], f"{word}{column}").replace("'", "''")
    return f"'{text}'"


async def _outcome(
    connection: Connection, sql: str, columns: tuple[str, ...], *, keep: bool = True
) -> tuple[str, Outcome]:
    """Where the row is, empty where there is none, and what it holds; undone unless it is kept."""
    inner = connection.transaction()
    await inner.start()
    try:
        back = ", ".join(f'"{column}"::text' for column in columns)
        row = await connection.fetchrow(f"{sql} RETURNING ctid::text, {back}")
    except asyncpg.PostgresError as problem:
        await inner.rollback()
        return "", str(problem).splitlines()[0]
    await inner.commit() if keep else await inner.rollback()
    if row is None:
        return "", "the row was lost: nothing was written and nothing was said"
    place, *values = row.values()
    return place, dict(zip(columns, map(str, values), strict=True))
