"""What makes a repeated request the same request: its parsed command as a text.

Keys are kept for a day, so this text may not change with a release.
"""

from dataclasses import MISSING, fields, is_dataclass
from enum import Enum

from core.applications import Product
from core.documents import DocumentKind


def canonical(command: object) -> str:
    """A command as a text that is the same for the same request, on the next release too.

    What a field says by default is left out, so that a field which is new there changes nothing.
    """
    if isinstance(command, tuple):
        defaults = getattr(command, "_field_defaults", {})
        names = getattr(command, "_fields", range(len(command)))
        values = list(zip(names, command, strict=True))
    elif is_dataclass(command):
        defaults = {each.name: each.default for each in fields(command)}
        values = [(name, getattr(command, name)) for name in defaults]
    elif isinstance(command, Enum):
        kind = _HASHED_AS.get(type(command), type(command).__name__)
        return f"<{kind}.{command.name}: {command.value!r}>"
    else:
        return repr(command)
    given = (
        f"{name}={canonical(value)}"
        for name, value in values
        if value != defaults.get(name, MISSING)
    )
    return f"({','.join(given)})"


# What the enumerations in commands are called in fingerprints, whatever they are called in core: a
# retry that meets the next release must still be the same request.
_HASHED_AS: dict[type[Enum], str] = {DocumentKind: "Kind", Product: "Product"}
