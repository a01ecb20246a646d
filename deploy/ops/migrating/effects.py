"""Which tables a statement locks, how strongly, and what it does while it holds them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from deploy.ops.migrating.lint.sqltree import ParsedStatement, Tree, nodes, parse, strings, table_of
from deploy.ops.migrating.revisions import Revision

MODES = (
    "ACCESS SHARE",
    "ROW SHARE",
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
)
"""PostgreSQL's table locks, the weakest first."""
STOPS = {
    "SHARE": "stops writes",
    "SHARE ROW EXCLUSIVE": "stops writes",
    "EXCLUSIVE": "stops writes",
    "ACCESS EXCLUSIVE": "stops reads and writes",
}
NOTHING = "stops no read and no write"
CATALOGUE, SCAN, REWRITE, BUILD = "catalogue", "scan", "rewrite", "build"
BYTES_A_SECOND = {SCAN: 200e6, REWRITE: 40e6, BUILD: 20e6}
"""What a slow disk does, to be on the safe side."""
GENTLE = {"AT_ValidateConstraint", "AT_SetStatistics", "AT_SetRelOptions", "AT_ResetRelOptions"}
REWRITES = {"AT_AlterColumnType", "AT_SetLogged", "AT_SetUnLogged", "AT_SetTableSpace"}


@dataclass(frozen=True)
class Effect:
    """A table that a statement locks, and the work that is done under the lock."""

    table: str
    mode: str
    work: str = CATALOGUE

    @property
    def stops(self) -> str:
        """Whom the lock keeps waiting."""
        return STOPS.get(self.mode, NOTHING)

    def seconds(self, size: int) -> float:
        """For how long at most, for a table of so many bytes, once the lock is there."""
        return 0.05 + (size / BYTES_A_SECOND[self.work] if self.work in BYTES_A_SECOND else 0)


def effects_of(revision: Revision) -> list[tuple[ParsedStatement, list[Effect]]]:
    """Each statement of a revision with what it locks of what was there before it."""
    made: set[str] = set()
    found = []
    for sql in revision.statements:
        for statement in parse(sql):
            if statement.form == "CreateStmt":
                made.add(table_of(statement.tree))
            effects = (each for each in _effects(statement) if each.table not in made)
            found.append((statement, list(strongest(effects))))
    return found


def strongest(effects: Iterable[Effect]) -> Iterator[Effect]:
    """One effect a table: its strongest lock with its longest work."""
    tables: dict[str, Effect] = {}
    works = (CATALOGUE, SCAN, BUILD, REWRITE)
    for each in effects:
        held = tables.setdefault(each.table, each)
        mode = max(held.mode, each.mode, key=MODES.index)
        tables[each.table] = replace(
            held, mode=mode, work=max(held.work, each.work, key=works.index)
        )
    return iter(tables.values())


def _effects(statement: ParsedStatement) -> Iterator[Effect]:
    tree, form = statement.tree, statement.form
    if form == "AlterTableStmt" and tree["objtype"] == "OBJECT_TABLE":
        yield from _alter(tree)
    elif form == "CreateStmt":
        yield from _parents(tree)
    elif form == "IndexStmt":
        mode = "SHARE UPDATE EXCLUSIVE" if tree.get("concurrent") else "SHARE"
        yield Effect(table_of(tree), mode, BUILD)
    elif form == "CreateTrigStmt":
        yield Effect(table_of(tree), "SHARE ROW EXCLUSIVE")
    elif form == "DropStmt":
        yield from _drop(tree)
    elif form == "RenameStmt" and "relation" in tree:
        yield Effect(table_of(tree), "ACCESS EXCLUSIVE")
    elif form in ("UpdateStmt", "DeleteStmt", "InsertStmt"):
        yield Effect(table_of(tree), "ROW EXCLUSIVE", SCAN)


def _alter(tree: Tree) -> Iterator[Effect]:
    table = table_of(tree)
    for each in tree["cmds"]:
        command = each["AlterTableCmd"]
        kind = command["subtype"]
        if kind in GENTLE:
            work = SCAN if kind == "AT_ValidateConstraint" else CATALOGUE
            yield Effect(table, "SHARE UPDATE EXCLUSIVE", work)
            continue
        constraint = command.get("def", {}).get("Constraint", {})
        is_foreign = constraint.get("contype") == "CONSTR_FOREIGN"
        yield Effect(
            table, "SHARE ROW EXCLUSIVE" if is_foreign else "ACCESS EXCLUSIVE", _work(command)
        )
        yield from _parents(command)


def _work(command: Tree) -> str:
    kind, added = command["subtype"], command.get("def", {})
    if kind in REWRITES:
        return REWRITE
    if kind == "AT_SetNotNull":
        return SCAN
    if kind == "AT_AddConstraint":
        constraint = added["Constraint"]
        if constraint["contype"] in ("CONSTR_UNIQUE", "CONSTR_PRIMARY"):
            return CATALOGUE if "indexname" in constraint else BUILD
        return CATALOGUE if constraint.get("skip_validation") else SCAN
    if kind == "AT_AddColumn" and any(
        each["contype"] in ("CONSTR_GENERATED", "CONSTR_IDENTITY")
        for each in nodes(added, "Constraint")
    ):
        return REWRITE
    return CATALOGUE


def _parents(tree: Tree) -> Iterator[Effect]:
    for constraint in nodes(tree, "Constraint"):
        if constraint["contype"] == "CONSTR_FOREIGN":
            yield Effect(table_of({"relation": constraint["pktable"]}), "SHARE ROW EXCLUSIVE")


def _drop(tree: Tree) -> Iterator[Effect]:
    kind = tree["removeType"].removeprefix("OBJECT_")
    for item in tree["objects"]:
        names = strings(item["List"]["items"]) if "List" in item else []
        if kind == "TRIGGER":
            yield Effect(names[-2], "ACCESS EXCLUSIVE")
        elif kind == "TABLE":
            yield Effect(names[-1], "ACCESS EXCLUSIVE")
        elif kind == "INDEX":
            mode = "SHARE UPDATE EXCLUSIVE" if tree.get("concurrent") else "ACCESS EXCLUSIVE"
            yield Effect(f"the table of {names[-1]}", mode)
