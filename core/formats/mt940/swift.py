"""The fields of SWIFT messages, `:61:...`, as a file of them streams by.

Texts are Latin-1 here, a character a byte, so that positions are bytes of the file as handed in.
"""

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import BinaryIO, NamedTuple

from core.bilingual import Bilingual
from core.errors import Unreadable
from core.formats.common.column import NUL
from core.formats.common.rewritten import encoding_of

BLOCK = 64 * 1024  # what is read of it together stays in a processor's cache
LARGEST = 1024 * 1024  # bytes of one field; no more is ever held

BLANKS = " \t\r\n"  # what Latin-1 has besides are parts of letters here
NAMES = "20 21 25 25P 28 28C 60 60F 60M 61 62 62F 62M 64 65 86 34F 13 13D 90C 90D NS 940 942"
TAGS = frozenset(NAMES.split())
BEGINS = frozenset(("20", "940", "942"))
LOOKS = re.compile(rb"(?:\A(?:\xef\xbb\xbf)?|[\r\n]|@@):(?:20|25P?|28C?|60[FM]|61|34F):")
INDENTED = re.compile(rb"(?:\A|[\r\n])[ \t]+:(?:20|25P?|28C?|60[FM]|61|34F):")
INDENTED_TAG = re.compile(rf"\n([ \t]+)(?=:(?:{'|'.join(NAMES.split())}):)")
# What ends a message: a line with a hyphen alone, or the blocks around the next one.
TRAILER = re.compile(r"\r?\n(?:-(?=[\r\n}]|\Z)|\{[1-5]:)")
# A field a letter: lines of bookings, their texts, other fields that go on with a message. A pair
# of the first two is whole by itself where none but these comes next.
KINDS = {"61:": "b", "86:": "t"}
PAIRS = re.compile("(?:bt)+(?=[bf])")


class Field(NamedTuple):
    """A field's tag, its value with its line breaks, and at which byte its colon stands."""

    tag: str
    value: str
    start: int

    @property
    def named(self) -> Bilingual:
        """The field, named by where it begins in the file."""
        return Bilingual(
            f"The field :{self.tag}: at byte {self.start}",
            f"Das Feld :{self.tag}: ab Byte {self.start}",
        )

    @property
    def end(self) -> int:
        """The byte after the field's last character; line breaks at its end are left out."""
        return self.start + len(self.tag) + 2 + len(self.value.rstrip(BLANKS))


class RawBookings(NamedTuple):
    """Bookings as they stand in the file, column by column.

    Of each its `:61:` and its `:86:`, both without the colon before, and its bytes [start, end).
    """

    lines: list[str]
    texts: list[str]
    starts: list[int]
    ends: list[int]

    def add(self, more: "RawBookings") -> None:
        """Add bookings that come later in the file."""
        self.lines.extend(more.lines)
        self.texts.extend(more.texts)
        self.starts.extend(more.starts)
        self.ends.extend(more.ends)


def lone(line: Field) -> RawBookings:
    """A booking by its line; its text may follow."""
    return RawBookings([f"61:{line.value}"], [""], [line.start], [line.end])


def recognises(head: bytes) -> bool:
    """Whether a file that begins so is made of SWIFT's statement fields."""
    head = head.replace(NUL.encode(), b"") if encoding_of(head) else head
    return LOOKS.search(head) is not None or INDENTED.search(head) is not None


def fields(source: BinaryIO) -> Iterator[Field | RawBookings]:
    """Each field in the file's order; what stands between messages is left out.

    Bookings of a line and a text, as nearly all are, come many at a time.
    """
    joined = _FieldJoiner()
    for chunks, start in _chunks(source):
        starts = list(accumulate([len(each) + 2 for each in chunks], initial=start))
        done = 0
        for pairs in PAIRS.finditer(
            "".join([KINDS.get(each[:3]) or _kind(each) for each in chunks])
        ):
            first, last = pairs.span()
            yield from filter(None, map(joined.feed, chunks[done:first], starts[done:first]))
            if field := joined.whole(ended=False):
                yield field
            yield _pairs(chunks[first:last], starts[first:last])
            done = last
        yield from filter(None, map(joined.feed, chunks[done:], starts[done:]))
    if field := joined.whole(ended=True):
        yield field


def _kind(chunk: str) -> str:
    tag, colon, _ = chunk.partition(":")
    return "f" if colon and tag in TAGS and tag not in BEGINS else "-"


def _pairs(chunks: list[str], starts: list[int]) -> RawBookings:
    """Bookings of which every other chunk is a line, and the next one its text."""
    texts = chunks[1::2]
    ends = [
        start + len(text.rstrip(BLANKS)) + 1
        for start, text in zip(starts[1::2], texts, strict=True)
    ]
    return RawBookings(chunks[::2], texts, starts[::2], ends)


class _FieldJoiner:
    """The field that is being read, and lines of its text that happen to begin with a colon."""

    def __init__(self) -> None:
        self._last: Field | None = None
        self._more: list[str] = []
        self._size = 0  # of these

    def feed(self, chunk: str, start: int) -> Field | None:
        """Read what stands after a colon at that byte; the field before once that is whole."""
        tag, colon, value = chunk.partition(":")
        if not (colon and tag in TAGS):
            self._more.append(chunk)
            self._size += len(chunk) + 2
            if self._size > LARGEST:
                raise _too_long(start - self._size)
            return None
        whole = self.whole(ended=tag in BEGINS)
        self._last = Field(tag, value, start)
        return whole

    def whole(self, *, ended: bool) -> Field | None:
        """The field with the rest of its text; the last one of a message without what follows."""
        last, more = self._last, self._more
        self._last, self._more, self._size = None, [], 0
        if last is None or not (more or ended):
            return last
        value = "\n:".join([last.value, *more])
        trailer = TRAILER.search(value) if ended else None
        return Field(last.tag, value if trailer is None else value[: trailer.start()], last.start)


def _chunks(source: BinaryIO) -> Iterator[tuple[list[str], int]]:
    """What stands after colons that begin a line, and at which byte the first of them is."""
    buffer, at = "\n", -1  # as if a line ended before the first: then all of them are alike
    odd: bool | None = None
    while block := source.read(BLOCK):
        buffer += block.decode("latin-1").replace(NUL, " ")  # which stands between texts elsewhere
        if odd is None:
            buffer = buffer.replace("\n\xef\xbb\xbf", "\n\n\n\n", 1) if at < 0 else buffer
            odd = buffer.find("\n:", 1) < 0 or "@@:" in buffer
        if odd:  # lines break by other means; none of it is moved
            buffer = buffer.replace("@@", "\r\n").replace("\r:", "\n:")
        # Blanks before a tag go to the line before; a letter alone is sought much faster than two.
        if "\n " in buffer or ("\t" in buffer and "\n\t" in buffer):
            buffer = INDENTED_TAG.sub(r"\1\n", buffer)
        first, last = buffer.find("\n:"), buffer.rfind("\n:")
        if first < last:
            yield buffer[first + 2 : last].split("\n:"), at + first + 1
        kept_from = max(last, 0)
        buffer, at = buffer[kept_from:], at + kept_from
        if len(buffer) > LARGEST:
            raise _too_long(at)
    if buffer.startswith("\n:"):
        yield [buffer[2:]], at + 1


def _too_long(at: int) -> Unreadable:
    byte, mib = max(at, 0), LARGEST >> 20
    return Unreadable(
        Bilingual(
            f"After byte {byte} no field begins for more than {mib} MiB; that much is not taken in"
            " one.",
            f"Nach Byte {byte} beginnt auf mehr als {mib} MiB kein Feld; so viel wird nicht auf"
            " einmal gelesen.",
        )
    )
