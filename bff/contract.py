"""The agreement between this BFF and the web app that ships with it, as TypeScript.

`python -m bff.contract` writes the web app's types; a build of another contract has to reload.
"""

import pkgutil
import sys
from enum import StrEnum
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints, is_typeddict

from bff import views

TYPES = Path(__file__).parent / "web" / "src" / "api" / "contract.ts"
VIEWS = tuple(
    import_module(f"{views.__name__}.{each.name}") for each in pkgutil.iter_modules(views.__path__)
)
PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", NoneType: "null"}


def typescript() -> str:
    """Every view model in `bff/views` as a TypeScript type, by name."""
    named = {
        name: shape
        for module in VIEWS
        for name, shape in vars(module).items()
        if _is_shape(shape) and name[0] != "_"
    }
    names = {id(shape): name for name, shape in named.items()}
    blocks = [
        f"export type {name} = {_declaration(shape, names)};"
        for name, shape in sorted(named.items())
    ]
    return "// Written by `python -m bff.contract`; change bff/views instead.\n\n" + (
        "\n\n".join(blocks) + "\n"
    )


def fingerprint() -> str:
    """A short name for the contract: two builds with the same one understand each other."""
    return sha256(typescript().encode()).hexdigest()[:12]


def _is_shape(shape: Any) -> bool:
    is_enum = isinstance(shape, type) and issubclass(shape, StrEnum) and shape is not StrEnum
    return is_typeddict(shape) or is_enum or get_origin(shape) is Literal


def _declaration(shape: Any, names: dict[int, str]) -> str:
    if not is_typeddict(shape):
        return _choices(shape)
    fields = get_type_hints(shape).items()
    lines = [f"  {name}: {_type(hint, names)};" for name, hint in fields]
    return "\n".join(["{", *lines, "}"])


def _choices(shape: type[StrEnum] | Any) -> str:
    words = get_args(shape) or tuple(shape)
    return " | ".join(f'"{word}"' for word in words)


def _type(hint: Any, names: dict[int, str]) -> str:
    if hint in PLAIN:
        return PLAIN[hint]
    if id(hint) in names:
        return names[id(hint)]
    inner = [_type(each, names) for each in get_args(hint)]
    if get_origin(hint) is list:
        return f"({inner[0]})[]" if "|" in inner[0] else f"{inner[0]}[]"
    if get_origin(hint) is dict:
        return f"Record<{inner[0]}, {inner[1]}>"
    if isinstance(hint, UnionType):
        return " | ".join(inner)
    raise TypeError(f"no TypeScript for {hint!r}")


if __name__ == "__main__":
    sys.stdout.write(f"{TYPES.write_text(typescript(), encoding='utf-8')} characters written\n")
