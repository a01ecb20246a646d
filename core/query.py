"""Statements as text: built by SQLAlchemy Core, compiled once, run as prepared statements."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable, MetaData, Table, bindparam
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.types import TypeEngine

metadata = MetaData()
_dialect = dialect()  # type: ignore[no-untyped-call]


def described_columns() -> frozenset[str]:
    """Every `table.column` that the modules imported so far describe."""
    return frozenset(
        f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.c
    )


class Query:
    """A statement as text, and the order in which its parameters go."""

    __slots__ = ("fixed", "names", "sql")

    def __init__(self, sql: str, names: Sequence[str], fixed: dict[str, Any]) -> None:
        self.sql = sql
        self.names = tuple(names)
        self.fixed = fixed

    def arguments(self, params: dict[str, Any]) -> list[Any]:
        """The parameters in the statement's order; a missing one is a KeyError."""
        if self.fixed:
            params = {**self.fixed, **params}
        return [params[name] for name in self.names]


def compiled(statement: Executable) -> Query:
    """Compile a statement once, at import; its parameters are those named by `param`."""
    text = statement.compile(dialect=_dialect)  # type: ignore[attr-defined]
    given = {name: value for name, value in text.params.items() if value is not None}
    return Query(str(text), text.positiontup or (), given)


def param(
    name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]] | None = None
) -> BindParameter[Any]:
    """A named parameter; name its type where no column beside it tells."""
    return bindparam(name, type_=kind) if kind is not None else bindparam(name)


def like(search: str | None) -> str | None:
    """The text as a pattern that finds just itself."""
    if search is None:
        return None
    return search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


class Deferred:
    """Rows of one table that can wait for the end of the unit of work.

    Only columns named here are written, so that a build never mentions a column it does not know.
    """

    def __init__(self, table: Table, *columns: str) -> None:
        self.head = f"INSERT INTO {table.name} ({', '.join(columns)}) "
        self.types = [table.c[name].type.compile(_dialect) for name in columns]

    def values(self, first: int, rows: int, source: str = "") -> str:
        """The insert of so many rows, its parameters numbered from `first`.

        With a source, they are inserted only where that has a row.
        """
        width = len(self.types)
        each = [
            ", ".join(f"${first + row * width + i}::{t}" for i, t in enumerate(self.types))
            for row in range(rows)
        ]
        if source:
            return self.head + " UNION ALL ".join(f"SELECT {row} FROM {source}" for row in each)  # noqa: S608
        return f"{self.head}VALUES {', '.join(f'({row})' for row in each)}"


@lru_cache(maxsize=512)
def together(shape: tuple[tuple[Deferred, int], ...], *, locked: bool = False) -> str:
    """One statement that inserts all rows of this shape: all of them or, if one fails, none.

    Locked, its first parameter is an advisory lock; it inserts none where another holds that.
    """
    parts, first = [], 2 if locked else 1
    for kind, rows in shape:
        parts.append(kind.values(first, rows, "free" if locked else ""))
        first += rows * len(kind.types)
    *before, last = parts
    parts = [f"w{i} AS ({part})" for i, part in enumerate(before)]
    if locked:
        parts.insert(0, "free AS MATERIALIZED (SELECT WHERE pg_try_advisory_xact_lock($1))")
    return f"WITH {', '.join(parts)} {last}" if parts else last
