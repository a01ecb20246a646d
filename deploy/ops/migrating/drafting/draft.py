"""`beleg migrate new`: revisions from what metadata and database differ in, split by phase."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Index, MetaData, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from core.errors import Conflict
from core.query import metadata
from deploy.ops.migrating.apply import ledger
from deploy.ops.migrating.backfill.files import FOLDER as BACKFILLS
from deploy.ops.migrating.drafting import texts
from deploy.ops.migrating.drafting.differences import Differences, differences
from deploy.ops.migrating.proving.drift import type_text
from deploy.ops.migrating.proving.freeze import frozen
from deploy.ops.migrating.proving.proof import connect
from deploy.ops.migrating.revisions import FOLDER, revisions

Renames = Mapping[str, str]
"""`table.old` to the new column's name in that table."""


@dataclass
class Draft:
    """Files that are being written, and the number that the next one has."""

    message: str
    number: int
    head: str
    files: dict[str, str] = field(default_factory=dict)
    """By name, in the order in which they are applied; backfills begin with `backfills/`."""
    contracts: list[tuple[str, str, tuple[str, ...], tuple[str, ...], list[str]]] = field(
        default_factory=list
    )

    def expand(self, what: str, statements: Iterable[str]) -> str:
        """Write an expand; its name."""
        name = f"{self.number:04}_{what}"
        self.files[f"{name}.py"] = texts.expand(
            self.message, f"{self.number:04}", self.head, list(statements)
        )
        self.head, self.number = f"{self.number:04}", self.number + 1
        return name

    def contract(
        self,
        what: str,
        drops: Iterable[str],
        needs: Iterable[str],
        statements: list[str],
        after: str = "",
    ) -> None:
        """Keep a contract until the last expand has its number; it may come after another one."""
        self.contracts.append((what, after, tuple(drops), tuple(needs), statements))

    def finish(self) -> None:
        """Write the contracts, which come after all expands."""
        numbers: dict[str, str] = {}
        for what, after, drops, needs, statements in self.contracts:
            number = numbers[what] = f"{self.number:04}"
            below = numbers.get(after, self.head)
            self.files[f"{number}_{what}.py"] = texts.contract(
                self.message, number, below, drops, needs, statements
            )
            self.number += 1


async def new(
    message: str,
    url: str,
    *,
    renames: Renames | None = None,
    folder: Path = FOLDER,
    backfills: Path = BACKFILLS,
    known: MetaData = metadata,
) -> list[Path]:
    """Write the revisions that bring the database to the metadata; the files, in their order."""
    all_revisions = revisions(folder)
    await _require_applied(url, {each.number for each in all_revisions if each.kind == "expand"})
    planned = {each for revision in all_revisions for each in revision.drops}
    used = frozenset(column for build in frozen() for column in build.uses) - planned
    found = await differences(url, known, used)
    last = max((int(each.number) for each in all_revisions), default=0)
    expands = [each.number for each in all_revisions if each.kind == "expand"]
    draft = Draft(message, last + 1, max(expands, default="0000"))
    write(draft, found, renames or {})
    written = []
    for name, text in draft.files.items():
        is_backfill = name.startswith("backfills/")
        place = backfills / name.partition("/")[2] if is_backfill else folder / name
        place.write_text(text, encoding="utf-8")
        written.append(place)
    return written


async def _require_applied(url: str, numbers: set[str]) -> None:
    connection = await connect(url)
    try:
        lacking = sorted(numbers - await ledger(connection))
    finally:
        await connection.close()
    if lacking:
        raise Conflict(f"The database lacks {', '.join(lacking)}: run `beleg migrate` first.")


def write(draft: Draft, found: Differences, renames: Renames) -> None:
    """Put every difference into the phase that it belongs to, in a form that is safe there."""
    _require_clear(found, renames)
    new_names = _new_names(renames)
    slug = re.sub(r"[^a-z0-9]+", "_", draft.message.lower()).strip("_")[:40]
    if found.tables:
        draft.expand(slug, [text for table in found.tables for text in _create(table)])
    added = defaultdict[str, list[Column[Any]]](list)
    for column in found.columns:
        place = f"{column.table.name}.{column.name}"
        if place in new_names:
            old = new_names[place]
            _move(draft, old, column, found.gone.pop(old))
        else:
            added[column.table.name].append(column)
    for table, columns in added.items():
        draft.expand(f"{slug}_{table}", [_add(table, columns)])
    for index in found.indexes:
        draft.expand(str(index.name), [_build(index)])
    for place in found.required:
        _tighten(draft, place)
    _drop(draft, found.gone)
    draft.finish()


def _new_names(renames: Renames) -> dict[str, str]:
    """By each new `table.column`, the old one; what is renamed to nothing goes."""
    named = ((f"{place.partition('.')[0]}.{new}", place) for place, new in renames.items() if new)
    return dict(named)


def _require_clear(found: Differences, renames: Renames) -> None:
    """Raise Conflict, saying all that the one who writes has to decide."""
    unclear = [
        f"{place} is {had} in the database and {has} in the metadata. A type never changes in"
        f" place: give the new column a name of its own, then"
        f" --rename {place}=<its name>."
        for place, (had, has) in found.types.items()
    ]
    new = {f"{column.table.name}.{column.name}": column for column in found.columns}
    moved = _new_names(renames)
    unclear += [
        f"{place} is NOT NULL and has no server_default: old builds would fail to insert. Give it"
        " one, or let it be null."
        for place, column in new.items()
        if not column.nullable and column.server_default is None and place not in moved
    ]
    unclear += [
        f"--rename {old}={place.partition('.')[2]}: {old} is not gone from the metadata, or {place}"
        " is not new in it."
        for place, old in moved.items()
        if old not in found.gone or place not in new
    ]
    for old in found.gone.keys() - renames.keys():
        table, _, is_column = old.partition(".")
        came = [each for each in new if each.startswith(f"{table}.") and each not in moved]
        if is_column and came:
            name = came[0].partition(".")[2]
            unclear.append(
                f"{old} is gone and {', '.join(came)} came. The same under a new name:"
                f" --rename {old}={name}. Otherwise --rename {old}= says that it goes."
            )
    if unclear:
        raise Conflict("\n".join(unclear))


def _create(table: Table) -> list[str]:
    text = str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
    lines = [line.strip() for line in text.replace("\t", "").splitlines() if line.strip()]
    body = "\n".join(f"        {line}" for line in lines[1:-1])
    return [f"{lines[0]}\n{body})", *(_build(index, together=True) for index in table.indexes)]


def _build(index: Index, together: bool = False) -> str:
    text = str(CreateIndex(index).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
    return text if together else text.replace("INDEX ", "INDEX CONCURRENTLY ", 1)


def _add(table: str, columns: list[Column[Any]]) -> str:
    return f"ALTER TABLE {table} " + ", ".join(f"ADD COLUMN {_column(each)}" for each in columns)


def _column(column: Column[Any]) -> str:
    text = f"{column.name} {type_text(column).lower()}"
    default: Any = column.server_default
    if default is not None:
        value = getattr(default.arg, "text", None) or f"'{default.arg}'"
        text += f" DEFAULT {value}"
        text += "" if column.nullable else " NOT NULL"
    return text


def _move(draft: Draft, place: str, column: Column[Any], old_type: str) -> None:
    """A column of a new name or type: both in step, rows from before, then the old one gone."""
    table, _, old = place.partition(".")
    new, new_type = column.name, type_text(column).lower()
    change = texts.Move(table, old, new, old_type, new_type)
    name = draft.expand(f"{table}_{new}", change.in_step())
    keys = tuple(each.name for each in column.table.primary_key)
    draft.files[f"backfills/{name}.py"] = change.backfill(draft.message, keys)
    draft.contract(f"drop_{table}_{old}", (place,), (name,), change.undone())
    if not column.nullable:
        _tighten(draft, f"{table}.{new}")


def _tighten(draft: Draft, place: str) -> None:
    table, _, column = place.partition(".")
    name = f"{table}_{column}_given"
    check = f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID"
    draft.contract(name, (), (), [check])
    draft.contract(
        f"{table}_{column}_not_null",
        (),
        (),
        [
            f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}",
            f"ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL",
            f"ALTER TABLE {table} DROP CONSTRAINT {name}",
        ],
        after=name,
    )


def _drop(draft: Draft, gone: Mapping[str, str]) -> None:
    for place in sorted(gone):
        table, _, column = place.partition(".")
        if column:
            draft.contract(
                f"drop_{table}_{column}",
                (place,),
                (),
                [f"ALTER TABLE {table} DROP COLUMN {column}"],
            )
        else:
            draft.contract(f"drop_{table}", (place,), (), [f"DROP TABLE {table}"])
