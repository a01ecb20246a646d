"""Rules for functions and triggers: an old build's writes go through them without knowing."""

from collections.abc import Iterator
from typing import Any

from deploy.ops.migrating.lint.sqltree import (
    Tree,
    Unparsable,
    nodes,
    parse_function,
    strings,
    table_of,
)

ERROR = 21
"""PostgreSQL's level from which RAISE ends the transaction."""
BEFORE = 2
ROW = "row"
SLOW = ("pg_sleep", "dblink", "pg_advisory", "lock table")


def read_function(reading: Any, tree: Tree) -> None:
    """Hold against a revision what a function of its hides, or takes from under old builds."""
    name = strings(tree["funcname"])[-1]
    if tree.get("replace") and name not in reading.made:
        reading.complain("function-replaced", f"triggers of the old build may call {name}")
    reading.made.add(name)
    if _language(tree) == "plpgsql":
        reading.routines[name] = reading.text


def read_trigger(reading: Any, tree: Tree) -> None:
    """Hold against a revision a trigger that refuses, loses or delays what old builds write."""
    table, name = table_of(tree), tree["trigname"]
    if table in reading.made:
        return
    reading.touched.add(table)
    if tree.get("replace"):
        reading.complain("trigger", f"{name} may be one that the old build counts on")
    called = strings(tree["funcname"])[-1]
    body = reading.routines.get(called)
    if body is None:
        if called not in reading.made:
            reading.complain("trigger", f"what {called} does is not in this file")
        return
    for fault in _faults(body, before=bool(tree.get("timing", 0) & BEFORE) and bool(tree.get(ROW))):
        reading.complain("trigger", f"{name} on {table} {fault}")


def _language(tree: Tree) -> str:
    for option in nodes(tree, "DefElem"):
        if option["defname"] == "language":
            return str(option["arg"]["String"]["sval"])
    return "sql"


def _faults(function: str, before: bool) -> Iterator[str]:
    try:
        body = parse_function(function)
    except Unparsable as problem:
        yield f"cannot be read: {problem}"
        return
    if any(each.get("elog_level", ERROR) >= ERROR for each in nodes(body, "PLpgSQL_stmt_raise")):
        yield "refuses what old builds write"
    if before and any(_is_null(each) for each in nodes(body, "PLpgSQL_stmt_return")):
        yield "loses rows that old builds write: it returns NULL before the write"
    queries = " ".join(each["query"].lower() for each in nodes(body, "PLpgSQL_expr"))
    if any(word in queries for word in SLOW):
        yield "makes every write of old builds wait"
    if any(True for _ in nodes(body, "PLpgSQL_stmt_dynexecute")):
        yield "runs text that cannot be read"


def _is_null(returned: Tree) -> bool:
    query = returned.get("expr", {}).get("PLpgSQL_expr", {}).get("query", "NULL")
    return bool(query.strip().upper() == "NULL")
