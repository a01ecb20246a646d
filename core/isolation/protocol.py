"""What the process that reads a file sends the worker: frames, a line each, a letter and JSON.

The reader is not trusted: whatever comes back is held to its types, like anything from outside.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import orjson
from pydantic import TypeAdapter

from core.bilingual import Bilingual
from core.documents import Finding, Recognised
from core.statements.model import Item, Statement, Transaction

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


Frame = Statement | list[Transaction] | Finding | Recognised | Refusal | Failure | Ended
_LETTERS: dict[type, bytes] = {
    Statement: b"s",
    list: b"t",
    Finding: b"f",
    Recognised: b"k",
    Refusal: b"r",
    Failure: b"x",
    Ended: b"e",
}
_READ: dict[bytes, TypeAdapter[Frame]] = {
    b"s": TypeAdapter(Statement),
    b"t": TypeAdapter(list[Transaction]),
    b"f": TypeAdapter(Finding),
    b"k": TypeAdapter(Recognised),
    b"r": TypeAdapter(Refusal),
    b"x": TypeAdapter(Failure),
    b"e": TypeAdapter(Ended),
}


def write(frame: Frame) -> bytes:
    """The frame's bytes, the end of its line included."""
    return _LETTERS[type(frame)] + orjson.dumps(
        frame, default=tuple, option=orjson.OPT_APPEND_NEWLINE
    )


def read(data: bytes) -> Frame | None:
    """The frame in a line; None where it is none, as when its writer died over it."""
    known = _READ.get(data[:1])
    if known is None:
        return None
    try:
        return known.validate_json(data[1:])
    except ValueError:
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
