"""The table of promises names tests that exist, and leaves none out."""

import re
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit
HERE = Path(__file__).parent
LISTED = re.findall(r"`([\w/]+\.py)::(test_\w+)`", (HERE / "promises.md").read_text())


@cache
def defined_in(file: Path) -> frozenset[str]:
    """The names of the tests in a file."""
    return frozenset(re.findall(r"^(?:async )?def (test_\w+)", file.read_text(), re.MULTILINE))


def test_every_test_that_is_named_is_there() -> None:
    assert len(LISTED) > 100
    gone = [
        f"{file}::{name}"
        for file, name in LISTED
        if not (place := HERE.parent / file).exists() or name not in defined_in(place)
    ]
    assert gone == []


def test_every_test_of_a_promise_is_named() -> None:
    for file in HERE.glob("test_promises_*.py"):
        listed = {name for place, name in LISTED if place == f"contracts/{file.name}"}
        assert defined_in(file) == listed, file.name


def test_every_row_has_a_test() -> None:
    for line in (HERE / "promises.md").read_text().splitlines():
        if line.startswith("| ") and not line.startswith("| promise"):
            assert "::test_" in line, line
