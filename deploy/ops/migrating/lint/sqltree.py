"""SQL as PostgreSQL itself parses it: one statement a tree."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pgparse

Tree = dict[str, Any]


@dataclass(frozen=True)
class ParsedStatement:
    """A statement, what PostgreSQL calls its form, and its tree."""

    text: str
    form: str
    tree: Tree


class Unparsable(ValueError):
    """What PostgreSQL would not even parse."""


def parse(sql: str) -> list[ParsedStatement]:
    """Every statement of a text, in its order."""
    try:
        found = pgparse.parse(sql)
    except pgparse.PGQueryError as problem:
        raise Unparsable(str(problem)) from problem
    raw, statements = sql.encode(), []
    for each in found:
        ((form, tree),) = each["stmt"].items()
        start = each.get("stmt_location", 0)
        length = each.get("stmt_len") or len(raw) - start
        text = raw[start : start + length].decode().strip()
        statements.append(ParsedStatement(text, form, tree))
    return statements


def parse_function(sql: str) -> Tree:
    """The tree of a PL/pgSQL function's body."""
    try:
        found: Any = pgparse.parse_pgsql(sql)
    except pgparse.PGQueryError as problem:
        raise Unparsable(str(problem)) from problem
    return {"functions": found}


def walk(tree: Any) -> Iterator[tuple[str, Any]]:
    """Every node below, with what it is called."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield name, value
            yield from walk(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from walk(value)


def nodes(tree: Any, kind: str) -> Iterator[Tree]:
    """Every node of a kind below."""
    return (value for name, value in walk(tree) if name == kind)


def strings(names: list[Tree]) -> list[str]:
    """A list of names as text."""
    return [each["String"]["sval"] for each in names if "String" in each]


def table_of(tree: Tree) -> str:
    """The table that a statement is about, without `public`."""
    relation = tree["relation"]
    schema = relation.get("schemaname", "public")
    return str(relation["relname"] if schema == "public" else f"{schema}.{relation['relname']}")


def type_of(column: Tree) -> str:
    """A column's type, as PostgreSQL calls it inside: `int8` for bigint."""
    type_name = column.get("typeName", {})
    array = "[]" if type_name.get("arrayBounds") else ""
    return strings(type_name.get("names", []))[-1] + array


def functions_called(tree: Any) -> set[str]:
    """The functions that an expression or statement calls, by their bare names."""
    return {strings(call["funcname"])[-1] for call in nodes(tree, "FuncCall")}


def columns_inserted(sql: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each INSERT in a statement: the table and the columns that it gives."""
    return [
        (table_of(insert), tuple(each["ResTarget"]["name"] for each in insert.get("cols", ())))
        for statement in parse(sql)
        for insert in nodes({statement.form: statement.tree}, "InsertStmt")
    ]


def columns_updated(sql: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each UPDATE in a statement: the table and the columns that it sets."""
    found = []
    for statement in parse(sql):
        whole = {statement.form: statement.tree}
        for update in nodes(whole, "UpdateStmt"):
            found.append((table_of(update), _set_by(update)))
        for insert in nodes(whole, "InsertStmt"):
            if "onConflictClause" in insert and "targetList" in insert["onConflictClause"]:
                found.append((table_of(insert), _set_by(insert["onConflictClause"])))
    return found


def _set_by(tree: Tree) -> tuple[str, ...]:
    return tuple(each["ResTarget"]["name"] for each in tree["targetList"])


def tables_deleted_from(sql: str) -> set[str]:
    """The tables that a statement deletes rows of."""
    return {
        table_of(delete)
        for statement in parse(sql)
        for delete in nodes({statement.form: statement.tree}, "DeleteStmt")
    }
