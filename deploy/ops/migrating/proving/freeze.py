"""A build's statements, kept the day it is released: what later revisions are proven against."""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import deploy
from core.errors import Unavailable
from deploy.ops.migrating.lint.sqltree import (
    columns_inserted,
    columns_updated,
    tables_deleted_from,
)
from deploy.ops.migrating.proving import inventory

FOLDER = Path(deploy.__file__).parent / "statements"
HOME = Path(deploy.__file__).parent.parent
Written = Mapping[str, Iterable[tuple[str, ...]]]


@dataclass(frozen=True)
class FrozenBuild:
    """What a build requires of its database, which columns it uses, and all that it says to it."""

    build: str
    requires: tuple[str, ...]
    backfills: tuple[str, ...]
    uses: frozenset[str]
    statements: Mapping[str, str]
    inserts: Mapping[str, frozenset[tuple[str, ...]]]
    """By table, the columns that each of its INSERTs gives."""
    is_released: bool = True
    """False for the build that runs: it uses nothing that a contract of its own drops."""

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "FrozenBuild":
        """A build as its file says it."""
        return cls(
            content["build"],
            tuple(content["requires"]),
            tuple(content["backfills"]),
            frozenset(content["uses"]),
            {each["name"]: each["sql"] for each in content["statements"]},
            {
                table: frozenset(tuple(columns) for columns in each)
                for table, each in content["inserts"].items()
            },
            content.get("is_released", True),
        )

    @cached_property
    def updates(self) -> Mapping[str, frozenset[tuple[str, ...]]]:
        """By table, the columns that each of its UPDATEs sets."""
        return _by_table(
            found for sql in self.statements.values() for found in columns_updated(sql)
        )

    @cached_property
    def deletes(self) -> frozenset[str]:
        """The tables that it deletes rows of."""
        return frozenset(
            table for sql in self.statements.values() for table in tables_deleted_from(sql)
        )

    def writes(self, table: str) -> set[str]:
        """The columns of a table that it writes."""
        sets = (*self.inserts.get(table, ()), *self.updates.get(table, ()))
        return {column for columns in sets for column in columns}


def _by_table(
    found: Iterable[tuple[str, tuple[str, ...]]],
) -> dict[str, frozenset[tuple[str, ...]]]:
    tables = defaultdict[str, set[tuple[str, ...]]](set)
    for table, columns in found:
        tables[table].add(columns)
    return {table: frozenset(each) for table, each in sorted(tables.items())}


def taken_from(checkout: Path = HOME, python: str = sys.executable) -> dict[str, Any]:
    """All that the build in a folder says, told by its own Python; it need not be this build."""
    done = subprocess.run(  # noqa: S603 - our own script
        (python, "-c", Path(inventory.__file__).read_text(encoding="utf-8")),
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unavailable(f"The build in {checkout} cannot be read: {done.stderr[-600:]}")
    content: dict[str, Any] = json.loads(done.stdout)
    return {**content, "inserts": _inserts(content)}


def _inserts(content: Mapping[str, Any]) -> dict[str, list[list[str]]]:
    inserts = _by_table(
        found for each in content["statements"] for found in columns_inserted(each["sql"])
    )
    return {table: sorted(map(list, each)) for table, each in inserts.items()}


@cache
def this_build() -> FrozenBuild:
    """The build that runs, as it would be frozen."""
    content = inventory.inventory()
    own = {"build": f"{content['build']} (this)", "is_released": False}
    return FrozenBuild.of({**content, **own, "inserts": _inserts(content)})


def freeze(content: Mapping[str, Any], folder: Path = FOLDER) -> Path:
    """Keep a build's statements; one that was released with others keeps them."""
    file = folder / f"{content['build']}.json"
    file.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return file


def frozen(folder: Path = FOLDER) -> tuple[FrozenBuild, ...]:
    """The builds that are supported: those whose statements are kept."""
    files = sorted(folder.glob("*.json"), key=_version)
    return tuple(FrozenBuild.of(json.loads(file.read_text(encoding="utf-8"))) for file in files)


def _version(file: Path) -> tuple[list[int], str]:
    numbers = [int(part) for part in file.stem.split(".") if part.isdigit()]
    return numbers, file.stem
