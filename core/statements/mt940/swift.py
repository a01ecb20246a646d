"""The fields of SWIFT messages, `:61:...`, as a file of them streams by.

Texts are Latin-1 here, a character a byte, so that positions are bytes of the file as handed in.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from core.errors import Unreadable

BLOCK = 256 * 1024
LARGEST = 1024 * 1024  # bytes of one field; no more is ever held

NAMES = "20 21 25 25P 28 28C 60F 60M 61 62F 62M 64 65 86 34F 13 13D 90C 90D NS 940 942"
TAGS = frozenset(NAMES.split())
BEGINS = frozenset(("20", "940", "942"))
LOOKS = re.compile(rb"(?:\A(?:\xef\xbb\xbf)?|[\r\n]|@@):(?:20|25P?|28C?|60[FM]|61|34F):")
# What ends a message: a line with a hyphen alone, or the blocks around the next one.
TRAILER = re.compile(r"\r?\n(?:-(?=[\r\n}]|\Z)|\{[1-5]:)")


_make = tuple.__new__  # a named tuple's own constructor takes twice as long


class Field(NamedTuple):
    """A field's tag, its value with its line breaks, and at which byte its colon stands."""

    tag: str
    value: str
    start: int

    @property
    def end(self) -> int:
        """The byte after the field's last character; line breaks at its end are left out."""
        return self.start + len(self.tag) + 2 + len(self.value.rstrip())


def recognises(head: bytes) -> bool:
    """Whether a file that begins so is made of SWIFT's statement fields."""
    return LOOKS.search(head) is not None


def fields(source: BinaryIO) -> Iterator[Field]:
    """Each field in the file's order; what stands between messages is left out."""
    last: Field | None = None
    more: list[str] = []  # lines of its text that happen to begin with a colon
    for chunk, start in _chunks(source):
        tag, colon, value = chunk.partition(":")
        if colon and tag in TAGS:
            if last is not None:
                ended = tag in BEGINS
                yield _whole(last, more, ended=ended) if more or ended else last
            last, more = _make(Field, (tag, value, start)), []
        elif last is not None:
            more.append(chunk)
    if last is not None:
        yield _whole(last, more, ended=True)


def _chunks(source: BinaryIO) -> Iterator[tuple[str, int]]:
    """What stands after each colon that begins a line, and at which byte that colon is."""
    rest, at = "\n", -1  # as if a line ended before the first: then all of them are alike
    while block := source.read(BLOCK):
        rest = _lined(rest + block.decode("latin-1"))
        first, last = rest.find("\n:"), rest.rfind("\n:")
        start = at + first + 1
        for chunk in rest[first + 2 : last].split("\n:") if first < last else ():
            yield chunk, start
            start += len(chunk) + 2
        keep = max(last, 0)
        rest, at = rest[keep:], at + keep
        if len(rest) > LARGEST:
            raise Unreadable(
                f"After byte {max(at, 0)} no field begins for more than {LARGEST >> 20} MiB;"
                " that much is not taken in one."
            )
    if rest.startswith("\n:"):
        yield rest[2:], at + 1


def _lined(text: str) -> str:
    """The text with line feeds where it breaks lines by other means, none of it moved."""
    if text.startswith("\n\xef\xbb\xbf"):
        text = "\n\n\n\n" + text[4:]
    if "\n:" not in text[1:] or "@@:" in text:
        return text.replace("@@", "\r\n").replace("\r:", "\n:")
    return text


def _whole(last: Field, more: list[str], *, ended: bool) -> Field:
    """The field with the rest of its text; the last one of a message without what comes after."""
    if more:
        last = Field(last.tag, "\n:".join([last.value, *more]), last.start)
    trailer = TRAILER.search(last.value) if ended else None
    return last if trailer is None else Field(last.tag, last.value[: trailer.start()], last.start)
