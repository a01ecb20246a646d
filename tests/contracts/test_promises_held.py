"""Nothing is promised in the published documents that no test of the contract holds."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from public_api.contract.gate import EXACT, GROWING, LESS_IS_KINDER, MORE_IS_KINDER
from tests.contracts.promised import promised

pytestmark = pytest.mark.unit
HERE = Path(__file__).parent
VERSIONS = ("v1", "v2")
Path_ = tuple[str, ...]


def leaves(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Every promise with its place."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from leaves(part, (*path, name))
    else:
        yield path, value


@cache
def used() -> set[tuple[str, Path_]]:
    """The places that tests read, by version; a version that is no literal stands for each."""
    found: set[tuple[str, Path_]] = set()
    for text in (each.read_text() for each in HERE.glob("*.py") if each != Path(__file__)):
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id != "promised" or not node.args:
                continue
            version, *rest = (
                each.value if isinstance(each, ast.Constant) else None for each in node.args
            )
            path = tuple(str(each) for each in rest if each is not None)
            if len(path) == len(rest) > 0:
                found |= {(each, path) for each in VERSIONS if version in (each, None)}
    return found


@pytest.mark.parametrize("version", VERSIONS)
def test_every_promise_is_used_by_a_test(version: str) -> None:
    """A promise that is published is read by a test of the contract, which holds it."""
    places = used()
    unheld = [
        ".".join(path)
        for path, _ in leaves(promised(version))
        if not any((version, path[:end]) in places for end in range(1, len(path) + 1))
    ]
    assert unheld == []


@pytest.mark.parametrize("version", VERSIONS)
def test_the_gate_knows_of_every_figure_which_way_it_may_move(version: str) -> None:
    """Each number is named as one that may grow, may shrink, or may not move."""
    known = MORE_IS_KINDER | LESS_IS_KINDER | EXACT
    for path, value in leaves(promised(version)):
        names = {".".join(path[:end]) for end in range(1, len(path) + 1)}
        if isinstance(value, int | list) and not names & GROWING:
            assert len(names & known) == 1, path
