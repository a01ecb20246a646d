"""Keys that an operator gives by name: the first is used, all are known."""

import binascii
from base64 import b64decode
from dataclasses import dataclass, field
from typing import Self

KEY_BYTES = 32
LONGEST_NAME = 40
_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


@dataclass(frozen=True, slots=True)
class Key:
    """A secret of 32 bytes, and what it is called wherever something was made with it."""

    name: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys in the order in which they were given, the newest first."""

    keys: tuple[Key, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Keys as they are written, `NAME:BASE64`, apart by white space; raises ValueError."""
        keys = tuple(_key(word) for word in text.split())
        if len({each.name for each in keys}) != len(keys):
            raise ValueError("two keys have one name")
        return cls(keys)

    @property
    def newest(self) -> Key | None:
        """The key that is used; None where there is none."""
        return self.keys[0] if self.keys else None

    def named(self, name: str) -> Key | None:
        """The key of that name."""
        return next((each for each in self.keys if each.name == name), None)

    def __bool__(self) -> bool:
        return bool(self.keys)


NO_KEYS = KeyRing()


def _key(word: str) -> Key:
    name, colon, encoded = word.partition(":")
    if not colon or not 0 < len(name) <= LONGEST_NAME or not _NAME.issuperset(name):
        raise ValueError("a key is written NAME:BASE64")
    try:
        secret = b64decode(encoded, validate=True)
    except binascii.Error:
        raise ValueError(f"{name} is not in base64") from None
    if len(secret) != KEY_BYTES:
        raise ValueError(f"{name} has {len(secret)} bytes, not {KEY_BYTES}")
    return Key(name, secret)
