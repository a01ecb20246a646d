"""What the process that reads a file sends the worker: frames, a line each, a letter and JSON.

Only the bytes of an unpacked file are in Base64.

The reader is not trusted: whatever comes back is held to its types, like anything from outside.
"""

import struct
from binascii import Error, a2b_base64, b2a_base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import orjson
from pydantic import TypeAdapter

from core.bilingual import Bilingual
from core.documents import Finding, Recognised
from core.statements.model import Item, Statement, Transaction, UnreadRow

# What is asked of the parsers' process: a reader's limits, and whether it unpacks; the file and
# where the answer goes come with it.
REQUEST = struct.Struct("!Qdd?")
TOGETHER = 500  # transactions in a frame: larger ones gain nothing


@dataclass(frozen=True, slots=True)
class Refusal:
    """The file cannot be read: Unreadable's code and reason."""

    code: str
    reason: Bilingual


@dataclass(frozen=True, slots=True)
class Failure:
    """The parser has an error of ours; `where` is its traceback, without what the file says."""

    where: str


@dataclass(frozen=True, slots=True)
class Ended:
    """How the reader ended and what it took, as its supervisor saw it; bytes and seconds.

    `signal` is what killed it, 0 if it ended by itself.
    """

    status: int
    signal: int
    timed_out: bool
    peak_bytes: int
    cpu_seconds: float
    wall_seconds: float


@dataclass(frozen=True, slots=True)
class UnpackedFile:
    """A file of an archive; its bytes follow, in parts."""

    filename: str


@dataclass(frozen=True, slots=True)
class InnerArchive:
    """An archive in an archive, which is not opened."""

    filename: str


Unpacked = UnpackedFile | InnerArchive | bytes
Frame = (
    Unpacked
    | Statement
    | list[Transaction]
    | Finding
    | Recognised
    | UnreadRow
    | Refusal
    | Failure
    | Ended
)
_LETTERS: dict[type, bytes] = {
    Statement: b"s",
    list: b"t",
    Finding: b"f",
    Recognised: b"k",
    UnreadRow: b"n",
    Refusal: b"r",
    Failure: b"x",
    Ended: b"e",
    UnpackedFile: b"u",
    InnerArchive: b"i",
}
PART = b"p"  # of an unpacked file
_READ: dict[bytes, TypeAdapter[Frame]] = {
    b"s": TypeAdapter(Statement),
    b"t": TypeAdapter(list[Transaction]),
    b"f": TypeAdapter(Finding),
    b"k": TypeAdapter(Recognised),
    b"n": TypeAdapter(UnreadRow),
    b"r": TypeAdapter(Refusal),
    b"x": TypeAdapter(Failure),
    b"e": TypeAdapter(Ended),
    b"u": TypeAdapter(UnpackedFile),
    b"i": TypeAdapter(InnerArchive),
}


def write(frame: Frame) -> bytes:
    """The frame's bytes, the end of its line included."""
    if isinstance(frame, bytes):
        return PART + b2a_base64(frame)
    return _LETTERS[type(frame)] + orjson.dumps(
        frame, default=tuple, option=orjson.OPT_APPEND_NEWLINE
    )


def read(data: bytes) -> Frame | None:
    """The frame in a line; None where it is none, as when its writer died over it."""
    if data[:1] == PART:
        return _part(data[1:])
    known = _READ.get(data[:1])
    if known is None:
        return None
    try:
        return known.validate_json(data[1:])
    except ValueError:
        return None


def _part(data: bytes) -> bytes | None:
    try:
        return a2b_base64(data.rstrip(b"\n"), strict_mode=True)
    except Error:
        return None


def frames(items: Iterable[Item]) -> Iterator[Frame]:
    """The items as frames, transactions many at a time."""
    waiting: list[Transaction] = []
    for item in items:
        if isinstance(item, Transaction):
            waiting.append(item)
            if len(waiting) < TOGETHER:
                continue
        if waiting:
            yield waiting
            waiting = []
        if not isinstance(item, Transaction):
            yield item
    if waiting:
        yield waiting
