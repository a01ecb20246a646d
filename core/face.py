"""Faces of domains that load what speaks to a database once somebody asks for some of it.

Whoever reads or draws strangers' files knows what a document or a statement is, and not how either
is kept: a page is drawn in half the time, since the process that draws it loads no more than that.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any


def later(face: str, *modules: str) -> Callable[[str], Any]:
    """A package's `__getattr__`: the first name that its face lacks loads all of these modules.

    All at once, so that whoever serves has everything before it begins; where two of them hold a
    name, the first is meant.
    """

    def load(name: str) -> Any:
        there = vars(sys.modules[face])
        if name in there["__all__"]:
            for module in modules:
                found = vars(import_module(f"{face}.{module}"))
                for each in there["__all__"]:
                    if each in found:
                        there.setdefault(each, found[each])
        if name not in there:
            raise AttributeError(f"module {face!r} has no attribute {name!r}")
        return there[name]

    return load
