"""What a build says to its database: run by that build's own Python, it prints all of it as JSON.

It stands alone and takes nothing but `core.query` from the build it looks at, so that it can be
given to a build that is older than it is: `python -c <this file>` in that build's folder.
"""

import ast
import importlib
import inspect
import json
import pkgutil
import re
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any, TypeGuard

RAW = {"core.db.applied_revision": "SELECT revision FROM applied_revision"}
"""What core runs by text: readiness asks which revisions are applied."""
CONTAINERS = (tuple, list, dict)


def import_all() -> list[ModuleType]:
    """Import all of core: its statements are known then, and nobody else has any."""
    core = importlib.import_module("core")
    for found in pkgutil.walk_packages(core.__path__, "core."):
        # Traces need packages that an instance may do without; they say nothing to a database.
        if not found.name.endswith(("__main__", ".otlp")):
            importlib.import_module(found.name)
    ours = (sys.modules[name] for name in sorted(sys.modules) if name.partition(".")[0] == "core")
    return [module for module in ours if getattr(module, "__file__", None)]


def source_of(module: ModuleType) -> str:
    """Its text; an empty file has one too."""
    return Path(str(module.__file__)).read_text(encoding="utf-8")


def statements(modules: list[ModuleType]) -> dict[str, str]:
    """Each statement's text by the name of the variable that holds it."""
    from core.query import Deferred, Query

    kept: dict[int, tuple[bool, str, str]] = {}
    for module in modules:
        for variable, value in vars(module).items():
            for place, each in held(value, f"{module.__name__}.{variable}"):
                if isinstance(each, Query):
                    text = each.sql
                elif isinstance(each, Deferred):
                    text = each.values(1, 1)
                else:
                    continue
                # What another module imports is named by the one that makes it.
                borrowed = not re.search(rf"^{re.escape(variable)}\b.*=", source_of(module), re.M)
                kept[id(each)] = min(kept.get(id(each), (True, "~", "")), (borrowed, place, text))
    return {place: text for _, place, text in sorted(kept.values())} | RAW


def held(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    """A value and what it holds, each with where it stands."""
    yield place, value
    if isinstance(value, dict):
        for key, each in value.items():
            yield from held(each, f"{place}[{getattr(key, 'value', key)}]")
    elif isinstance(value, CONTAINERS):
        for at, each in enumerate(value):
            yield from held(each, f"{place}[{at}]")
    elif type(value).__module__.partition(".")[0] == "core" and not isinstance(value, type):
        for name, each in sorted(getattr(value, "__dict__", {}).items()):
            if not isinstance(each, CONTAINERS):
                yield f"{place}.{name}", each


def copies(modules: list[ModuleType]) -> dict[str, str]:
    """Rows that go in by COPY, each as the INSERT of the same columns."""
    found = {}
    for module in modules:
        source = source_of(module)
        for function in ast.walk(ast.parse(source if ".copy(" in source else "")):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for call in ast.walk(function):
                if is_copy(call):
                    table, columns = (_value(module, each) for each in call.args[:2])
                    places = ", ".join(f"${at + 1}" for at in range(len(columns)))
                    found[f"{module.__name__}.{function.name} copies {table.name}"] = (
                        f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608
                    )
    return found


def is_copy(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether it is `tx.copy(table, columns, rows)`."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "copy"
        and len(node.args) == 3
    )


def _value(module: ModuleType, node: ast.expr) -> Any:
    return eval(compile(ast.Expression(node), module.__name__, "eval"), vars(module))  # noqa: S307 - our own source


def queue() -> dict[str, str]:
    """What the queue asks of its tables while a worker works, and when a job is put in."""
    try:
        from pgqueuer.adapters.persistence.qb import QueryQueueBuilder
    except ImportError:
        return {}
    builder, found = QueryQueueBuilder(), {}
    for name, build in inspect.getmembers(builder, inspect.ismethod):
        if re.fullmatch(r"build_\w*(enqueue|dequeue|log|heartbeat|delete|size|retry)\w*", name):
            try:
                text = build()
            except TypeError:  # it wants arguments that only its caller has
                continue
            if isinstance(text, str) and re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", text):
                found[f"pgqueuer.{name}"] = text
    return found


def inventory() -> dict[str, Any]:
    """The build, what it requires, uses and says."""
    modules = import_all()
    from core import db
    from core.query import metadata

    uses = {
        f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.c
    }
    said = {**statements(modules), **copies(modules), **queue()}
    return {
        "build": version("beleg"),
        "requires": list(db.REQUIRES),
        "backfills": list(getattr(db, "BACKFILLS", ())),
        "uses": sorted(uses),
        "statements": [{"name": name, "sql": text} for name, text in sorted(said.items())],
    }


if __name__ == "__main__":
    print(json.dumps(inventory()))
