"""A word is one thing: what a class is called is its own within its part of the house."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LEFT_OUT = re.compile(
    r"bff/web/|public_api/v\d+/"
)  # not ours, and versions: they speak of the same


@pytest.mark.parametrize("part", ["bff", "core", "deploy", "public_api"])
def test_a_public_class_name_is_unique_within_its_part(part: str) -> None:
    places = defaultdict[str, list[str]](list)
    for file in _sources(part):
        for name, line in _public_classes((ROOT / file).read_text(encoding="utf-8")):
            places[name].append(f"{file}:{line}")
    doubles = {name: where for name, where in sorted(places.items()) if len(where) > 1}
    assert not doubles, "\n".join(f"{name}: {', '.join(at)}" for name, at in doubles.items())


def test_classes_are_found_wherever_they_stand() -> None:
    source = "class A:\n  class B: ...\n  class _C: ...\ndef f():\n  class D: ...\n"
    assert [name for name, _ in _public_classes(source)] == ["A", "B", "D"]
    found = {file.as_posix() for file in _sources("public_api")}
    assert "public_api/endpoints/applications.py" in found
    assert "public_api/v2/version.py" not in found


@pytest.mark.parametrize("file", ["bff/webhooks.py", "public_api/v2_news.py", "core/bff/web/a.py"])
def test_what_is_only_called_like_something_left_out_is_looked_at(file: str) -> None:
    assert not LEFT_OUT.match(file)


def _sources(part: str) -> Iterator[Path]:
    for path in sorted((ROOT / part).rglob("*.py")):
        file = path.relative_to(ROOT)
        if not LEFT_OUT.match(file.as_posix()):
            yield file


def _public_classes(source: str) -> list[tuple[str, int]]:
    """Every class that does not begin with an underscore, and its line, those in bodies too."""
    return [
        (node.name, node.lineno)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
