"""Rules for a backfill: it goes by batches, on its own table, and is judged by a count."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import migrations.backfills
from deploy.ops.migrating.lint.rules import RevisionComplaint
from deploy.ops.migrating.lint.sqltree import ParsedStatement, Unparsable, nodes, parse, table_of

FOLDER = Path(migrations.backfills.__file__).parent


def batch_complaints(folder: Path = FOLDER) -> list[RevisionComplaint]:
    """What is wrong with the backfills of a folder."""
    return [each for file in sorted(folder.glob("[0-9]*.py")) for each in _of_file(file)]


def tables_of(folder: Path = FOLDER) -> dict[str, str]:
    """The backfills of a folder, each with its table."""
    return {file.stem: str(_read(file).TABLE) for file in sorted(folder.glob("[0-9]*.py"))}


def _read(file: Path) -> Any:
    spec = spec_from_file_location(f"backfill_{file.stem}", file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is not a backfill's file")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _of_file(file: Path) -> list[RevisionComplaint]:
    try:
        says = _faults(_read(file))
    except (AttributeError, Unparsable) as problem:
        says = [str(problem)]
    return [RevisionComplaint(file.stem, "backfill-whole", each) for each in says]


def _faults(module: Any) -> list[str]:
    found = []
    updates, counts = parse(module.UPDATE), parse(module.VERIFY)
    ends = set(range(1, 2 * len(module.KEYS) + 1))
    if len(updates) != 1 or updates[0].form != "UpdateStmt":
        found.append("UPDATE is not one UPDATE")
    elif table_of(updates[0].tree) != module.TABLE:
        found.append(f"UPDATE is not of {module.TABLE}")
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
