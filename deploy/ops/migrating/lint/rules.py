"""What a revision may not do to the builds that run beside it: rules on its SQL, read as a tree.

A form of statement that no rule knows is refused as well: what nobody thought of is not safe yet.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.errors import Conflict
from deploy.ops.migrating.lint import alterations, routines
from deploy.ops.migrating.lint.complaints import RevisionComplaint, in_words
from deploy.ops.migrating.lint.shipped import SHIPPED
from deploy.ops.migrating.lint.sqltree import (
    ParsedStatement,
    Tree,
    Unparsable,
    functions_called,
    nodes,
    parse,
    strings,
    table_of,
)
from deploy.ops.migrating.revisions import Revision

WAITING = {"pg_sleep", "pg_sleep_for", "pg_sleep_until"}
LOCKING = {"pg_advisory_lock", "pg_advisory_xact_lock", "set_config"}
SETTING = {"VariableSetStmt", "AlterSystemStmt", "AlterDatabaseSetStmt", "AlterRoleSetStmt"}
RIGHTS = {"GrantStmt", "GrantRoleStmt", "AlterDefaultPrivilegesStmt", "AlterOwnerStmt"}
RIGHTS |= {"CreateRoleStmt", "AlterRoleStmt", "DropRoleStmt", "CreatePolicyStmt"}
REWRITING = {"ClusterStmt", "VacuumStmt", "RepackStmt", "AlterTableMoveAllStmt"}
DATA = {"UpdateStmt", "DeleteStmt", "MergeStmt", "InsertStmt", "TruncateStmt", "CopyStmt"}
HARMLESS = {
    "CommentStmt",
    "CreateStatsStmt",
    "CreateEnumStmt",
    "CompositeTypeStmt",
    "CreateSeqStmt",
}


@dataclass
class Reading:
    """A revision as it is read: what it has made so far, and what is wrong with it."""

    revision: Revision
    complaints: list[RevisionComplaint] = field(default_factory=list)
    made: set[str] = field(default_factory=set)
    """Tables, types and functions that it makes itself: nobody uses them yet."""
    touched: set[str] = field(default_factory=set)
    """Tables that were there before, and that it locks strongly."""
    dropped: set[str] = field(default_factory=set)
    tightened: bool = False
    """Whether it changes what may be written, without dropping anything."""
    validated: bool = False
    """Whether a constraint was found to hold for every row."""
    unvalidated: set[str] = field(default_factory=set)
    routines: dict[str, str] = field(default_factory=dict)
    """Its PL/pgSQL functions, by name."""
    text: str = ""

    @property
    def is_expand(self) -> bool:
        """Whether old builds run beside it, and are to notice nothing."""
        return self.revision.kind != "contract"

    def complain(self, rule: str, says: str) -> None:
        """Hold something against the statement that is being read."""
        self.complaints.append(RevisionComplaint(self.revision.name, rule, says, self.text))


def complaints(revision: Revision) -> list[RevisionComplaint]:
    """What is wrong with a revision, but for what it gives a reason for.

    One that has shipped cannot be mended: its reasons stand in `shipped.py`.
    """
    reading = Reading(revision)
    if revision.kind not in ("expand", "contract"):
        reading.complain("kind", f"it says kind = {revision.kind!r}")
    statements = _parsed(reading)
    for statement in statements:
        reading.text = statement.text
        _read(reading, statement)
    reading.text = ""
    _look_at_the_whole(reading, statements)
    excused = {**revision.exceptions, **SHIPPED.get(revision.name, {})}
    return [each for each in reading.complaints if not excused.get(each.rule, "").strip()]


def require_safe(revision: Revision) -> None:
    """Raise Conflict, saying all that is wrong, unless a revision may run beside old builds."""
    if found := complaints(revision):
        raise Conflict("\n".join(("This revision is not safe:", *in_words(found))))


def _parsed(reading: Reading) -> list[ParsedStatement]:
    found: list[ParsedStatement] = []
    for sql in reading.revision.statements:
        try:
            found += parse(sql)
        except Unparsable as problem:
            reading.text = sql
            reading.complain("syntax", str(problem))
    return found


def _read(reading: Reading, statement: ParsedStatement) -> None:
    called = functions_called(statement.tree)
    if asleep := called & WAITING:
        reading.complain("waits", f"{min(asleep)} holds every lock it has while it sleeps")
    if locks := called & LOCKING:
        reading.complain("session", f"{min(locks)} changes the session that the migrator runs in")
    for forms, rule, says in GROUPS:
        if statement.form in forms:
            return reading.complain(rule, says)
    if statement.form in HARMLESS:
        reading.made.add(_named(statement.tree))
    elif reader := READERS.get(statement.form):
        reader(reading, statement.tree)
    elif statement.form in DATA:
        _data(reading, statement)
    else:
        reading.complain("unknown-form", f"no rule knows {statement.form.removesuffix('Stmt')}")
    return None


def _named(tree: Tree) -> str:
    for key in ("typeName", "defnames"):
        if isinstance(tree.get(key), list):
            return strings(tree[key])[-1]
    held = tree.get("sequence") or tree.get("typevar") or {}
    return str(held.get("relname", ""))


def _data(reading: Reading, statement: ParsedStatement) -> None:
    tree = statement.tree
    own = "relation" in tree and table_of(tree) in reading.made
    if not (own and statement.form == "InsertStmt" and not list(nodes(tree, "fromClause"))):
        word = statement.form.removesuffix("Stmt").upper()
        where = f" on {table_of(tree)}" if "relation" in tree else ""
        reading.complain("data", f"{word}{where} moves data and locks rows until the commit")


def _select(reading: Reading, tree: Tree) -> None:
    if any(True for form in DATA for _ in nodes(tree, form)) or "intoClause" in tree:
        reading.complain("data", "a SELECT that writes")


def _create_table(reading: Reading, tree: Tree) -> None:
    reading.made.add(table_of(tree))
    if "inhRelations" in tree or "partbound" in tree:
        reading.complain("unknown-form", "a table that is part of another locks that one")
    for key in nodes(tree, "Constraint"):
        parent = key["pktable"]["relname"] if key["contype"] == "CONSTR_FOREIGN" else ""
        if parent and parent not in reading.made and key.get("fk_del_action") == "r":
            reading.complain("foreign-key", f"rows of {parent} can no longer be deleted")


def _create_index(reading: Reading, tree: Tree) -> None:
    table = table_of(tree)
    if table in reading.made:
        return
    if not tree.get("concurrent"):
        reading.complain("index-locks", f"building it blocks every write on {table}")
    if tree.get("unique"):
        reading.tightened = True


def _rename(reading: Reading, tree: Tree) -> None:
    if tree["renameType"] in ("OBJECT_INDEX", "OBJECT_TABCONSTRAINT"):
        return
    table = table_of(tree) if "relation" in tree else ""
    if table in reading.made:
        return
    is_column = tree["renameType"] == "OBJECT_COLUMN"
    old = f"{table}.{tree['subname']}" if is_column else table
    reading.dropped.add(old)
    reading.complain("rename", f"{old or 'it'} is gone at once for every build that names it")


def _drop(reading: Reading, tree: Tree) -> None:
    kind = tree["removeType"].removeprefix("OBJECT_")
    if tree.get("behavior") == "DROP_CASCADE":
        reading.complain("cascade", "CASCADE drops what nobody has named")
    for item in tree["objects"]:
        name = _object_name(item)
        if name in reading.made:
            continue
        if kind in ("TABLE", "VIEW", "MATVIEW"):
            reading.dropped.add(name)
        if kind == "INDEX" and not tree.get("concurrent"):
            reading.complain("index-locks", f"dropping {name} blocks all on its table")
        if reading.is_expand and not (kind == "INDEX" and reading.revision.is_concurrent):
            reading.complain("drop", f"the old build may use the {kind.lower()} {name}")
    reading.tightened |= kind not in ("TABLE", "VIEW", "MATVIEW")


def _object_name(item: Tree) -> str:
    if "List" in item:
        names = strings(item["List"]["items"])
    elif "ObjectWithArgs" in item:
        names = strings(item["ObjectWithArgs"]["objname"])
    elif "TypeName" in item:
        names = strings(item["TypeName"]["names"])
    else:
        names = strings([item])
    return ".".join(each for each in names if each != "public")


def _enum(reading: Reading, tree: Tree) -> None:
    name = strings(tree["typeName"])[-1]
    if name in reading.made:
        return
    reading.tightened = True
    if "oldVal" in tree:
        reading.complain("enum-change", f"a value of {name} is gone at once for who writes it")
    elif reading.is_expand:
        reading.complain("enum-change", f"old builds read values of {name} that they do not know")


def _look_at_the_whole(reading: Reading, statements: list[ParsedStatement]) -> None:
    concurrent = [
        each
        for each in statements
        if each.tree.get("concurrent") or "concurrently" in str(each.tree.get("params", ""))
    ]
    if concurrent and len(statements) > 1:
        reading.complain("concurrently-alone", "CONCURRENTLY cannot run in a transaction")
    if len(reading.touched) > 1:
        tables = ", ".join(sorted(reading.touched))
        reading.complain("many-tables", f"it locks {tables} together; two such wait for each other")
    if not statements and not reading.complaints:
        reading.complain("empty", "it runs nothing")
    if reading.is_expand:
        if reading.revision.drops:
            reading.complain("drops-differ", "an expand says drops")
        return
    _look_at_a_contract(reading)


def _look_at_a_contract(reading: Reading) -> None:
    said, done = set(reading.revision.drops), reading.dropped
    if done and not said:
        reading.complain("contract-without-drops", f"it drops {', '.join(sorted(done))} unsaid")
    elif said != done:
        odd = ", ".join(sorted(said ^ done))
        reading.complain("drops-differ", f"drops and SQL differ in {odd}")
    elif not done and not reading.tightened:
        reading.complain("contract-without-drops", "it neither drops nor tightens anything")


GROUPS: tuple[tuple[set[str], str, str], ...] = (
    (SETTING, "session", "it changes settings that the migrator has set"),
    (RIGHTS, "rights", "roles and rights are the operator's, and differ between servers"),
    (REWRITING, "rewrite", "it holds the whole table while it goes through all of it"),
    ({"LockStmt"}, "long-lock", "a lock that is taken by hand is held until the commit"),
    ({"TransactionStmt"}, "session", "the migrator begins and commits"),
    ({"DoStmt", "CallStmt"}, "hidden", "what a DO block or a procedure does cannot be read"),
    ({"CreateTableAsStmt"}, "data", "a table made from a query moves data"),
    ({"ViewStmt", "RuleStmt", "RefreshMatViewStmt"}, "view", "it ties columns down that must go"),
    ({"CreateExtensionStmt", "AlterExtensionStmt"}, "rights", "extensions want a superuser"),
    ({"AlterObjectSchemaStmt", "CreateSchemaStmt"}, "rename", "it moves what builds name"),
    ({"AlterDomainStmt", "AlterTypeStmt"}, "type-change", "it changes columns that are in use"),
    ({"ReindexStmt"}, "index-locks", "an index is built anew by who looks after the server"),
)
READERS: dict[str, Callable[[Any, Tree], None]] = {
    "SelectStmt": _select,
    "CreateStmt": _create_table,
    "IndexStmt": _create_index,
    "RenameStmt": _rename,
    "DropStmt": _drop,
    "AlterEnumStmt": _enum,
    "AlterTableStmt": alterations.read,
    "CreateFunctionStmt": routines.read_function,
    "CreateTrigStmt": routines.read_trigger,
}
