"""What revisions make of an empty database: names, and which columns must hold something.

Read from their SQL, so that a database can be told from it without making another.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from deploy.ops.migrating.lint.sqltree import Tree, nodes, parse, strings, table_of
from deploy.ops.migrating.revisions import Revision


@dataclass(frozen=True)
class ExpectedIndex:
    """An index, and the columns of its table without which it would not be there."""

    table: str
    columns: frozenset[str]


@dataclass
class Expected:
    """Tables with their columns (true where NOT NULL), and indexes."""

    tables: dict[str, dict[str, bool]] = field(default_factory=dict)
    indexes: dict[str, ExpectedIndex] = field(default_factory=dict)

    def apply(self, revision: Revision) -> None:
        """Do what a revision does."""
        for sql in revision.statements:
            for statement in parse(sql):
                if done := FORMS.get(statement.form):
                    done(self, statement.tree)

    def drop(self, table: str, column: str = "") -> None:
        """Do without a table, or a column of it, and without its indexes."""
        if column:
            self.tables.get(table, {}).pop(column, None)
        else:
            self.tables.pop(table, None)
        self.indexes = {
            name: each
            for name, each in self.indexes.items()
            if each.table != table or (column and column not in each.columns)
        }


def expected(revisions: Iterable[Revision]) -> Expected:
    """What these revisions leave behind, one after the other."""
    made = Expected()
    for revision in revisions:
        made.apply(revision)
    return made


def _required(column: Tree) -> bool:
    kinds = {each["contype"] for each in nodes(column, "Constraint")}
    serial = strings(column["typeName"]["names"])[-1].endswith("serial")
    return serial or bool(kinds & {"CONSTR_NOTNULL", "CONSTR_PRIMARY", "CONSTR_IDENTITY"})


def _create(made: Expected, tree: Tree) -> None:
    columns = {
        each["ColumnDef"]["colname"]: _required(each["ColumnDef"])
        for each in tree.get("tableElts", ())
        if "ColumnDef" in each
    }
    for each in tree.get("tableElts", ()):
        if each.get("Constraint", {}).get("contype") == "CONSTR_PRIMARY":
            columns |= dict.fromkeys(strings(each["Constraint"]["keys"]), True)
    made.tables[table_of(tree)] = columns


def _alter(made: Expected, tree: Tree) -> None:
    table = table_of(tree)
    columns = made.tables.get(table, {})
    for each in tree["cmds"]:
        command = each["AlterTableCmd"]
        kind, name = command["subtype"], command.get("name", "")
        if kind == "AT_AddColumn":
            column = command["def"]["ColumnDef"]
            columns[column["colname"]] = _required(column)
        elif kind == "AT_DropColumn":
            made.drop(table, name)
        elif kind in ("AT_SetNotNull", "AT_DropNotNull"):
            columns[name] = kind == "AT_SetNotNull"


def _index(made: Expected, tree: Tree) -> None:
    plain = {each["name"] for each in nodes(tree, "IndexElem") if "name" in each}
    computed = {strings(each["fields"])[-1] for each in nodes(tree, "ColumnRef")}
    made.indexes[tree["idxname"]] = ExpectedIndex(table_of(tree), frozenset(plain | computed))


def _drop(made: Expected, tree: Tree) -> None:
    for item in tree["objects"]:
        if "List" in item:
            name = strings(item["List"]["items"])[-1]
            if tree["removeType"] == "OBJECT_TABLE":
                made.tables.pop(name, None)
            made.indexes.pop(name, None)
    made.indexes = {name: each for name, each in made.indexes.items() if each.table in made.tables}


FORMS: dict[str, Callable[[Expected, Tree], None]] = {
    "CreateStmt": _create,
    "AlterTableStmt": _alter,
    "IndexStmt": _index,
    "DropStmt": _drop,
}
