"""Domains whose face loads what speaks to a database once it is asked for."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

FACES = ("core.documents", "core.isolation", "core.statements")
OF_DATABASES = ("asyncpg", "sqlalchemy", "core.db", "core.settings")
MEETING_STRANGERS = (
    "core.formats.parsers",
    "core.isolation.drawing",
    "core.isolation.server",
    "core.isolation.trial",
)
UNTIL_IT_SERVES = ("core.documents.commands", "core.statements.commands", "core.statements.store")


@pytest.mark.unit
@pytest.mark.parametrize("face", FACES)
def test_a_face_shows_what_it_says_and_is_loaded_from(face: str) -> None:
    package = import_module(face)
    tree = ast.parse(Path(str(package.__file__)).read_text())
    told = [each for each in ast.walk(tree) if isinstance(each, ast.ImportFrom) and each.level == 0]
    shown = {
        name.name: str(each.module)
        for each in told
        if str(each.module).startswith(f"{face}.")
        for name in each.names
    }
    assert set(shown) == set(package.__all__)
    for name, module in shown.items():
        assert getattr(package, name) is getattr(import_module(module), name), name
    with pytest.raises(AttributeError, match="no attribute 'nobody'"):
        package.nobody  # noqa: B018


@pytest.mark.unit
def test_what_meets_strangers_files_has_not_even_loaded_what_speaks_to_a_database() -> None:
    assert loaded(MEETING_STRANGERS, OF_DATABASES) == []


@pytest.mark.unit
def test_who_serves_has_loaded_all_before_the_first_request() -> None:
    assert loaded(("public_api.app",), UNTIL_IT_SERVES) == [*UNTIL_IT_SERVES]


def loaded(modules: tuple[str, ...], among: tuple[str, ...]) -> list[str]:
    """Which of these a process has loaded that has imported no more than those modules."""
    program = f"import sys, {', '.join(modules)}; print(*(m for m in {among} if m in sys.modules))"
    done = subprocess.run((sys.executable, "-c", program), check=True, capture_output=True)
    return done.stdout.decode().split()
