"""Values as they may be shown: their kind and shape, and nothing of whom they are about."""

import re
from typing import Any

LONGEST = 40
PLAIN = frozenset(" .,:;-_/@+()%")
REST = "·"
MOST_DIGITS = 3
TERM = re.compile(r"[a-z][A-Za-z0-9_-]*")
"""How members are called that a contract names."""


class Real(str):
    """A number that is no integer, as it was written."""

    __slots__ = ()


def mask(value: Any) -> str:
    """A value's kind and shape: digits are 9, letters x; what is empty, null or a truth shows."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return _shape(str(value))
        case Real():
            return _shape(value)
        case str():
            return f'"{_shape(value)}"'
        case dict():
            return f"object of {len(value)}"
        case list():
            return f"array of {len(value)}"
    return type(value).__name__


def member(name: str) -> str:
    """A member's name as it may stand in a path: one that looks like data is masked."""
    is_term = len(name) <= LONGEST and TERM.fullmatch(name)
    if is_term and sum(each.isdigit() for each in name) <= MOST_DIGITS:
        return name
    return _shape(name).replace("/", REST) or '""'


def _shape(text: str) -> str:
    shown = "".join(_mark(each) for each in text[:LONGEST])
    return f"{shown}… ({len(text)})" if len(text) > LONGEST else shown


def _mark(character: str) -> str:
    if character.isdigit():
        return "9"
    if character.isalpha():
        return "x"
    return character if character in PLAIN else REST
