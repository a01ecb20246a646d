"""Rules for ALTER TABLE: what each of its commands does to those who use the table meanwhile."""

from collections.abc import Callable
from typing import Any

from deploy.ops.migrating.lint.sqltree import Tree, nodes, strings, table_of, type_of

STABLE = {"now", "statement_timestamp", "transaction_timestamp"}
"""Functions whose value is fixed once, when a column is added; all others are taken to vary."""
NUMBERED = {"serial", "bigserial", "smallserial", "serial4", "serial8", "serial2"}
QUIET = {"AT_SetStatistics", "AT_SetRelOptions", "AT_ResetRelOptions", "AT_SetOptions"}
REWRITES = {
    "AT_SetLogged",
    "AT_SetUnLogged",
    "AT_SetTableSpace",
    "AT_SetAccessMethod",
    "AT_ClusterOn",
}
ROUTED = {"AT_AttachPartition", "AT_DetachPartition", "AT_AddInherit", "AT_DropInherit"}


def read(reading: Any, tree: Tree) -> None:
    """Hold against a revision what an ALTER TABLE of its does to a table that was there before."""
    if tree["objtype"] != "OBJECT_TABLE":
        kind = tree["objtype"].removeprefix("OBJECT_")
        rule = "type-change" if kind == "TYPE" else "unknown-form"
        reading.complain(rule, f"it alters a {kind.lower()}, which columns or builds may have")
        return
    table = table_of(tree)
    if table in reading.made:
        return
    commands = [each["AlterTableCmd"] for each in tree["cmds"]]
    if any(each["subtype"] not in {*QUIET, "AT_ValidateConstraint"} for each in commands):
        reading.touched.add(table)
    for command in commands:
        COMMANDS.get(command["subtype"], _other)(reading, table, command)


def _other(reading: Any, table: str, command: Tree) -> None:
    kind = command["subtype"]
    if kind in QUIET:
        return
    if kind in REWRITES:
        reading.complain("rewrite", f"{table} is written anew while nobody can read it")
    elif kind == "AT_ChangeOwner":
        reading.complain("rights", "who owns a table is the operator's")
    elif kind in ROUTED:
        reading.complain("long-lock", f"PostgreSQL goes through all of {table} under its lock")
    else:
        reading.complain("unknown-form", f"no rule knows {kind.removeprefix('AT_')} on {table}")


def _add_column(reading: Any, table: str, command: Tree) -> None:
    column = command["def"]["ColumnDef"]
    name = f"{table}.{column['colname']}"
    constraints = {each["contype"]: each for each in nodes(column, "Constraint")}
    default = constraints.get("CONSTR_DEFAULT", {}).get("raw_expr")
    if type_of(column) in NUMBERED or "CONSTR_IDENTITY" in constraints:
        reading.complain("volatile-default", f"{name} numbers its rows: the table is written anew")
    elif "CONSTR_GENERATED" in constraints:
        reading.complain("rewrite", f"{name} is computed for every row: the table is written anew")
    elif "CONSTR_NOTNULL" in constraints and (default is None or _is_null(default)):
        reading.complain("not-null", f"old builds do not give {name}: their INSERTs would fail")
    if default is not None and not _is_fixed(default):
        reading.complain("volatile-default", f"{name} differs by row: the table is written anew")
    if constraints.keys() & {"CONSTR_PRIMARY", "CONSTR_UNIQUE"}:
        reading.complain("index-locks", f"the index of {name} is built under the table's lock")
    if "CONSTR_CHECK" in constraints:
        reading.complain("check-validated", f"the check of {name} goes through the whole table")
    if "CONSTR_FOREIGN" in constraints:
        reading.complain("foreign-key", f"{name} is checked at once, with two tables locked")


def _is_null(default: Tree) -> bool:
    held = default.get("TypeCast", {}).get("arg", default)
    return bool(held.get("A_Const", {}).get("isnull"))


def _is_fixed(default: Tree) -> bool:
    for call in nodes(default, "FuncCall"):
        if strings(call["funcname"])[-1] not in STABLE:
            return False
    return not list(nodes(default, "SubLink")) and not list(nodes(default, "NextValueExpr"))


def _add_constraint(reading: Any, table: str, command: Tree) -> None:
    constraint = command["def"]["Constraint"]
    name, kind = constraint.get("conname", "a constraint"), constraint["contype"]
    later = constraint.get("skip_validation", False)
    reading.tightened = True
    if later:
        reading.unvalidated.add(name)
    elif kind == "CONSTR_FOREIGN":
        reading.complain(
            "foreign-key", f"{name} goes through all of {table}, with two tables locked"
        )
    elif kind == "CONSTR_CHECK":
        reading.complain("check-validated", f"{name} goes through all of {table} under its lock")
    elif kind == "CONSTR_NOTNULL":
        reading.complain("set-not-null", f"it goes through all of {table} under its lock")
    elif "indexname" not in constraint:
        reading.complain("index-locks", f"the index of {name} is built under the lock of {table}")


def _validate(reading: Any, table: str, command: Tree) -> None:
    reading.tightened = reading.validated = True
    if command["name"] in reading.unvalidated:
        reading.complain(
            "validate-alone", f"the lock that {command['name']} took is held through all of {table}"
        )


def _default(reading: Any, table: str, command: Tree) -> None:
    if "def" in command:
        return
    reading.tightened = True
    if reading.is_expand:
        name = f"{table}.{command['name']}"
        reading.complain("default-dropped", f"an INSERT of the old build may lean on {name}'s")


def _drop_column(reading: Any, table: str, command: Tree) -> None:
    name = f"{table}.{command['name']}"
    reading.dropped.add(name)
    if command.get("behavior") == "DROP_CASCADE":
        reading.complain("cascade", "CASCADE drops what nobody has named")
    if reading.is_expand:
        reading.complain("drop", f"the old build may use {name}")


def _drop_constraint(reading: Any, table: str, command: Tree) -> None:
    reading.tightened = True
    if reading.is_expand:
        reading.complain(
            "loosened", f"old builds of {table} may read what {command['name']} kept out"
        )


def _drop_not_null(reading: Any, table: str, command: Tree) -> None:
    reading.tightened = True
    if reading.is_expand:
        name = f"{table}.{command['name']}"
        reading.complain("loosened", f"old builds never met null in {name} and read it as a value")


def _set_not_null(reading: Any, table: str, command: Tree) -> None:
    reading.tightened = True
    name = f"{table}.{command['name']}"
    if reading.is_expand:
        reading.complain("set-not-null", f"old builds may write null in {name}")
    elif not (reading.validated or reading.revision.needs):
        reading.complain("set-not-null", f"who says that no row of {table} has null in {name}?")


def _type(reading: Any, table: str, command: Tree) -> None:
    name, kind = f"{table}.{command['name']}", type_of(command["def"]["ColumnDef"])
    reading.dropped.add(name)
    wide = " (int to bigint writes every row anew)" if kind == "int8" else ""
    reading.complain(
        "type-change", f"{name} becomes {kind} for builds that read it otherwise{wide}"
    )


def _triggers(reading: Any, table: str, command: Tree) -> None:
    reading.complain("trigger", f"what old builds write to {table} is done otherwise from now on")


COMMANDS: dict[str, Callable[[Any, str, Tree], None]] = {
    "AT_AddColumn": _add_column,
    "AT_AddConstraint": _add_constraint,
    "AT_ValidateConstraint": _validate,
    "AT_ColumnDefault": _default,
    "AT_DropColumn": _drop_column,
    "AT_DropConstraint": _drop_constraint,
    "AT_DropNotNull": _drop_not_null,
    "AT_SetNotNull": _set_not_null,
    "AT_AlterColumnType": _type,
    "AT_EnableTrig": _triggers,
    "AT_EnableTrigAll": _triggers,
    "AT_DisableTrig": _triggers,
    "AT_DisableTrigAll": _triggers,
    "AT_EnableRowSecurity": _triggers,
    "AT_ForceRowSecurity": _triggers,
    "AT_DisableRowSecurity": _triggers,
}
