"""Prints what each version writes and takes of every value of core's enumerations.

Called with `renamed`, all of these have got other values before anything of ours was imported: what
is printed must be the same.
"""

import ast
import sys
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType
from typing import Any

MARK = "-renamed"
# What is read from the environment, and the scopes, which keys and tokens share with all versions.
KEPT = ("core.settings.model", "core.clients.model")


class Renaming(SourceFileLoader):
    """Loads a module in which the values of enumerations end in MARK."""

    def get_code(self, fullname: str) -> CodeType | None:
        """The module's code, never from a cache."""
        path = self.get_filename(fullname)
        tree = ast.parse(self.get_data(path))
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and "StrEnum" in map(ast.unparse, node.bases):
                for each in node.body:
                    value = each.value if isinstance(each, ast.Assign) else None
                    if isinstance(value, ast.Constant) and isinstance(value.value, str):
                        value.value += MARK
        return compile(tree, path, "exec")


class Finder:
    """Finds core's modules for the loader above."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """The module's place."""
        spec = PathFinder.find_spec(name, path, target)
        if spec and spec.origin and name.startswith("core.") and name not in KEPT:
            spec.loader = Renaming(name, spec.origin)
        return spec


RENAMED = sys.argv[1:] == ["renamed"]
if RENAMED:
    sys.meta_path.insert(0, Finder)

from tests.public_api.samples import lines  # noqa: E402 - the finder must stand first
from tests.public_api.test_words import lists_of_core  # noqa: E402


def unmarked() -> set[str]:
    """The modules of core with an enumeration of strings that has a value without MARK."""
    return {
        kind.__module__
        for kind, values in lists_of_core().items()
        if isinstance(kind, type) and issubclass(kind, str)
        if not all(str(value).endswith(MARK) for value in values)
    }


if __name__ == "__main__":
    assert not RENAMED or unmarked() == {*KEPT}, f"not renamed: {unmarked()}"
    print("\n".join(lines()))
