"""Visibility fails closed: what an endpoint shows a client, core gives only to a viewer."""

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import FunctionType

import pytest

import public_api
from core import applications, documents
from core.db import Database, Queryable, Tx
from core.viewers import Viewer
from core.webhooks import Subscriber
from tests.core.test_visibility import LISTS, LOOKS

FOLDER = Path(public_api.__file__).parent
FILES = (*sorted(FOLDER.glob("endpoints/[a-z]*.py")), FOLDER / "uploads.py")
SHOWS_NOTHING = (documents.unused_discarded,)
MAKES_ANEW = (applications.submit,)  # what it gives is its viewer's own


def called(file: Path) -> Iterator[FunctionType]:
    """The functions of core that a file speaks of."""
    tree = ast.parse(file.read_text())
    names: dict[str, object] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "core":
            module = import_module(node.module or "")
            names |= {each.asname or each.name: getattr(module, each.name) for each in node.names}
    for node in ast.walk(tree):
        found = names.get(node.id) if isinstance(node, ast.Name) else None
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found = getattr(names.get(node.value.id), node.attr, None)
        if isinstance(found, FunctionType):
            yield found


def asks_the_database(function: FunctionType) -> bool:
    """Whether a function looks something up."""
    given = inspect.signature(function).parameters.values()
    return any(each.annotation in (Database, Queryable, Tx) for each in given)


@pytest.mark.unit
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_core_looks_up_for_an_endpoint_it_looks_up_for_a_viewer(file: Path) -> None:
    for function in filter(asks_the_database, called(file)):
        viewers = [
            each
            for each in inspect.signature(function).parameters.values()
            if each.annotation in (Viewer, Subscriber)
        ]
        where = f"{file.name}: {function.__module__}.{function.__name__}"
        assert viewers or function in SHOWS_NOTHING, f"{where} forgets who looks"
        assert all(each.default is each.empty for each in viewers), f"{where} assumes who looks"


@pytest.mark.unit
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_takes_a_viewer_is_tried_with_one_who_may_not_look(file: Path) -> None:
    for function in called(file):
        given = inspect.signature(function).parameters.values()
        if any(each.annotation is Viewer for each in given):
            where = f"{file.name}: {function.__module__}.{function.__name__}"
            assert function in {*LOOKS, *LISTS, *MAKES_ANEW}, f"{where}: tests/core/test_visibility"


@pytest.mark.unit
def test_the_walk_finds_what_endpoints_call() -> None:
    found = {f"{each.__module__}.{each.__name__}" for file in FILES for each in called(file)}
    assert {"core.applications.commands.get", "core.events.list_events"} <= found
    assert len(found) > 20
