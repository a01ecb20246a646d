"""Rules for a backfill: it goes by batches, on its own table, and is judged by a count."""

from pathlib import Path

from deploy.ops.migrating.backfill.files import FOLDER, Backfill, read
from deploy.ops.migrating.lint.complaints import RevisionComplaint
from deploy.ops.migrating.lint.sqltree import ParsedStatement, Unparsable, nodes, parse, table_of


def batch_complaints(folder: Path = FOLDER) -> list[RevisionComplaint]:
    """What is wrong with the backfills of a folder."""
    return [each for file in sorted(folder.glob("[0-9]*.py")) for each in _of_file(file)]


def _of_file(file: Path) -> list[RevisionComplaint]:
    try:
        says = _faults(read(file))
    except KeyError as lacking:
        says = [f"it has no {lacking.args[0]}"]
    except Unparsable as problem:
        says = [str(problem)]
    return [RevisionComplaint(file.stem, "backfill-whole", each) for each in says]


def _faults(backfill: Backfill) -> list[str]:
    found = []
    updates, counts = parse(backfill.update), parse(backfill.verify)
    ends = set(range(1, 2 * len(backfill.keys) + 1))
    if len(updates) != 1 or updates[0].form != "UpdateStmt":
        found.append("UPDATE is not one UPDATE")
    elif table_of(updates[0].tree) != backfill.table:
        found.append(f"UPDATE is not of {backfill.table}")
    if len(counts) != 1 or counts[0].form != "SelectStmt":
        found.append("VERIFY is not one SELECT")
    for name, statements in (("UPDATE", updates), ("VERIFY", counts)):
        if not all(ends <= _bounds(each) for each in statements):
            found.append(
                f"{name} is not bounded by {', '.join(f'${each}' for each in sorted(ends))}"
            )
    return found


def _bounds(statement: ParsedStatement) -> set[int]:
    """The parameters that its condition names."""
    where = statement.tree.get("whereClause", {})
    return {each.get("number", 0) for each in nodes(where, "ParamRef")}
