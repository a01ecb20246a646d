"""What a revision makes narrower or wider for a build, though each of its statements still runs."""

from collections.abc import Iterator

from deploy.ops.migrating.proving.freeze import FrozenBuild
from deploy.ops.migrating.proving.shape import Shape

KEEPS_PARENTS = ("a", "r")
"""A foreign key's letters for NO ACTION and RESTRICT."""


def tightened(build: FrozenBuild, before: Shape, after: Shape) -> Iterator[str]:
    """What a build may write or read no longer, or meets for the first time."""
    who = f"build {build.build}"
    yield from _columns(build, who, before, after)
    yield from _constraints(build, who, before, after)
    for name in sorted(after.indexes.keys() - before.indexes.keys()):
        index = after.indexes[name]
        given = {column for each in build.inserts.get(index.table, ()) for column in each}
        there = any(column.startswith(f"{index.table}.") for column in before.columns)
        if there and index.unique and index.columns <= given:
            yield f"{who} may write {index.table} rows that {name} lets in only once"


def _columns(build: FrozenBuild, who: str, before: Shape, after: Shape) -> Iterator[str]:
    for name in sorted(build.uses & before.columns.keys() & after.columns.keys()):
        old, new = before.columns[name], after.columns[name]
        if old.type != new.type:
            yield f"{who} knows {name} as {old.type}, and it is {new.type}"
        if old.required and not new.required:
            yield f"{who} never met null in {name}"


def _constraints(build: FrozenBuild, who: str, before: Shape, after: Shape) -> Iterator[str]:
    for table, name in sorted(after.constraints.keys() - before.constraints.keys()):
        each = after.constraints[table, name]
        written = sorted(each.columns & build.writes(table))
        was_there = any(column.startswith(f"{table}.") for column in before.columns)
        if each.kind in ("c", "f") and written and was_there:
            yield f"{who} writes {table}.{', '.join(written)}, where {name} now refuses values"
        if each.kind == "f" and each.parent in build.deletes and each.on_delete in KEEPS_PARENTS:
            yield f"{who} deletes rows of {each.parent}, which {name} now keeps from going"
