"""Which build this is, what it asks of a database, and which builds live on one."""

import hashlib
import importlib
import os
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import core
from core.query import Deferred, Query, metadata

_PACKAGES = ("bff", "core", "deploy", "migrations", "public_api")
_NOT_CODE = frozenset({"__pycache__", "web"})

VERSION = version("beleg")
"""What pyproject.toml says; a released build's statements are frozen under it."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that this build sends, by the name it has in the code."""

    name: str
    sql: str


def uses() -> tuple[str, ...]:
    """Every `table.column` that this process reads or writes: those of the modules it imported."""
    return tuple(
        sorted(
            f"{table.name}.{column.name}"
            for table in metadata.tables.values()
            for column in table.c
        )
    )


def statements() -> tuple[Statement, ...]:
    """Every statement of this build, sorted by name; imports all of core to find them."""
    for each in pkgutil.walk_packages(core.__path__, "core."):
        if not each.name.endswith("__main__"):
            importlib.import_module(each.name)
    return statements_of(module for name, module in sys.modules.items() if name.startswith("core."))


def statements_of(modules: Iterator[ModuleType]) -> tuple[Statement, ...]:
    """The statements that stand in these modules, each under one name."""
    found: dict[int, Statement] = {}
    for module in sorted(modules, key=lambda each: (-each.__name__.count("."), each.__name__)):
        for attribute, value in vars(module).items():
            for name, kind in _within(f"{module.__name__}.{attribute}", value):
                sql = kind.sql if isinstance(kind, Query) else kind.values(1, 1)
                found.setdefault(id(kind), Statement(name, sql))
    return tuple(sorted(found.values(), key=lambda each: each.name))


def _within(name: str, value: object) -> Iterator[tuple[str, Query | Deferred]]:
    """What is a statement here, be it in a tuple, a list or a dict."""
    if isinstance(value, Query | Deferred):
        yield name, value
    elif isinstance(value, tuple | list):
        for index, each in enumerate(value):
            yield from _within(f"{name}[{index}]", each)
    elif isinstance(value, Mapping) and not name.endswith("__"):
        for key, each in value.items():
            yield from _within(f"{name}[{key}]", each)


def _digest() -> str:
    """Tells two checkouts of one version apart: eight hex digits over the code."""
    code = hashlib.blake2b(digest_size=4)
    root = Path(__file__).parent.parent
    for package in _PACKAGES:
        for path in _code(root / package):
            with open(path, "rb", buffering=0) as file:
                code.update(file.read())
    return code.hexdigest()


def _code(folder: Path | str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _NOT_CODE:
                    yield from _code(entry.path)
            elif entry.name.endswith(".py"):
                yield entry.path


def named(distinction: str = "") -> str:
    """This build's name: its version, and what tells it from others of that version."""
    return f"{VERSION}+{distinction or _digest()}"


BUILD = named()
"""Takes 13 ms at start, once."""
