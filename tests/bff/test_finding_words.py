"""Whatever is found odd about a document has words in both languages of the web app."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import core
from bff.static import DIST
from core.errors import Unreadable


@cache
def trees() -> list[tuple[Path, ast.AST]]:
    """The modules of the core, parsed once."""
    sources = Path(core.__file__).parent.rglob("*.py")
    return [(each, ast.parse(each.read_text())) for each in sources]


def codes(tree: ast.AST) -> Iterator[str]:
    """The codes of findings and refusals that a module names."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name | ast.Attribute):
            name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr
            arguments = [each.value for each in call.keywords if each.arg == "code"]
            if name == "Finding":
                arguments += call.args[:1]
            if name in ("Finding", "Unreadable"):
                for each in arguments:
                    if isinstance(each, ast.Constant):
                        yield str(each.value)


def pairs(tree: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The English and the German of each text that a module says."""
    for call in ast.walk(tree):
        match call:
            case ast.Call(func=ast.Name("Bilingual"), args=[english, german]):
                yield english, german


def filled(wording: ast.expr) -> Iterator[str]:
    """What a wording is filled with, whichever the language."""
    for part in ast.walk(wording):
        if isinstance(part, ast.FormattedValue):
            yield re.sub(r"(\b|_)(en|de)\b|\.translate\(SWAP\)", "", ast.unparse(part.value))


def test_both_wordings_are_filled_with_the_same() -> None:
    looked_at = 0
    for source, tree in trees():
        for en, de in pairs(tree):
            if isinstance(en, ast.JoinedStr) and isinstance(de, ast.JoinedStr):
                english, german = set(filled(en)), set(filled(de))
                worded = {each for each in english ^ german if "'" in each}
                assert english - worded == german - worded, (source, ast.unparse(en))
                looked_at += 1
    assert looked_at > 100


def test_every_finding_has_words_in_both_languages() -> None:
    named = {code for _, tree in trees() for code in codes(tree)}
    words = (DIST.parent / "src" / "i18n" / "findings.ts").read_text()
    wordings = dict(
        re.findall(r'^  (\w+): (\{\s*en: "[^"]+",\s*de: "[^"]+",?\s*\}),$', words, re.M)
    )
    assert len(named) > 20
    assert named | {Unreadable.code} <= wordings.keys()
