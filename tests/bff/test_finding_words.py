"""Whatever is found odd about a document has words in both languages of the web app."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import core
from bff.static import DIST
from core.errors import Unreadable

pytestmark = pytest.mark.unit


def codes(tree: ast.AST) -> Iterator[str]:
    """The codes of findings and refusals that a module names."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name | ast.Attribute):
            name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr
            said = [each.value for each in call.keywords if each.arg == "code"]
            if name == "Finding":
                said += call.args[:1]
            if name in ("Finding", "Unreadable"):
                for each in said:
                    if isinstance(each, ast.Constant):
                        yield str(each.value)


def test_every_finding_has_words_in_both_languages() -> None:
    sources = Path(core.__file__).parent.rglob("*.py")
    named = {code for source in sources for code in codes(ast.parse(source.read_text()))}
    words = (DIST.parent / "src" / "i18n" / "findings.ts").read_text()
    told = dict(re.findall(r'^  (\w+): (\{\s*en: "[^"]+",\s*de: "[^"]+",?\s*\}),$', words, re.M))
    assert len(named) > 20
    assert named | {Unreadable.code} <= told.keys()
