"""OFX 1 (SGML), OFX 2 (XML) and QFX, read tolerantly: bytes to statements.

Elements that hold a value may or may not be closed, so nothing is asked of the markup but that
each booking begins with `<STMTTRN>`. Texts are Latin-1 here, a character a byte.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from core.documents.model import Finding
from core.errors import Unreadable
from core.evidence import Bytes
from core.statements.model import Item, Transaction
from core.statements.ofx_entry import read_entry
from core.statements.ofx_fields import Fields, fields, words
from core.statements.ofx_head import Head

BLOCK = 256 * 1024
LARGEST = 16 * 1024 * 1024  # bytes between two bookings; no more is ever held
LOOKS = re.compile(rb"OFXHEADER|<OFX>", re.IGNORECASE)
SMALL_TAG = re.compile(r"</?[a-z][a-z0-9.]*>")
BEGIN, END = "<STMTTRN>", "</STMTTRN>"
TAG = re.compile(r"<(/?)([A-Z][A-Z0-9.]*)>")
CONTAINERS = frozenset(("STMTRS", "CCSTMTRS", "INVSTMTRS"))


def recognises(head: bytes) -> bool:
    """Whether a file that begins so is OFX."""
    return LOOKS.search(head) is not None


def read(source: BinaryIO) -> Iterator[Item]:
    """Each statement's head, then its bookings; amounts in minor units.

    The ledger's balance is the closing one; OFX has no opening balance. A booking's evidence is
    the byte range of its `<STMTTRN>…</STMTTRN>`. Raises Unreadable with the reason, at the latest
    when the file ends: what came before then does not count.
    """
    reader = _Reader()
    for before, body, place in _bookings(source):
        yield from reader.take(before)
        if body is not None:
            reader.add(body, place)
    yield from reader.finish()


class _Reader:
    """What has been read so far, and the statement that is being read."""

    def __init__(self) -> None:
        self._statements = 0
        self._head: Head | None = None
        self._said: list[Finding | Transaction] = []
        self._answer: Fields = {}  # what the bank's server says before any statement
        self._invested = False

    def take(self, text: str) -> Iterator[Item]:
        """Read what stands between two bookings; give the statement that ends there."""
        if not text or text.isspace():
            return
        at = 0
        for tag in TAG.finditer(text):
            if tag[2] not in CONTAINERS:
                continue
            self._note(text[at : tag.start()])
            yield from self._end()
            at = tag.end()
            if not tag[1]:
                self._head = Head(tag[2], words(self._answer.get("ORG")))
        self._note(text[at:])

    def add(self, body: str, place: Bytes) -> None:
        """Read a booking."""
        if self._head is None:
            raise Unreadable(f"The booking at byte {place.start} stands in no statement.")
        self._said += read_entry(body, self._head, place)

    def finish(self) -> Iterator[Item]:
        """Give what is left at the end of the file; raises Unreadable where there was nothing."""
        yield from self._end()
        if self._statements:
            return
        reason = "The OFX file holds no bank statement."
        if self._invested:
            reason = (
                "The OFX file holds a statement of investments only, which is no bank statement."
            )
        elif words(self._answer.get("SEVERITY")) == "ERROR":
            reason += f" The bank's server says: {words(self._answer.get('MESSAGE'))[:120]!r}."
        raise Unreadable(reason, code="no_statement")

    def _note(self, text: str) -> None:
        if self._head is not None:
            self._head.note(text)
        else:
            self._answer |= fields(text)

    def _end(self) -> Iterator[Item]:
        head, said = self._head, self._said
        self._head, self._said = None, []
        if head is None:
            return
        self._invested |= head.invests
        if head.invests and not said:
            return
        self._statements += 1
        yield from head.tell()
        yield from said


def _bookings(source: BinaryIO) -> Iterator[tuple[str, str | None, Bytes]]:
    """What stands before each booking, the inside of it, and its place; last what comes after."""
    rest, at, small = "", 0, None
    while block := source.read(BLOCK):
        rest += block.decode("latin-1")
        if small is None:
            small = SMALL_TAG.search(rest) is not None
        if small:
            rest = SMALL_TAG.sub(lambda tag: tag[0].upper(), rest)
        *chunks, rest = rest.split(END)
        for chunk in chunks:
            end = at + len(chunk) + len(END)
            yield from _parted(chunk, at, end)
            at = end
        if len(rest) > LARGEST:
            raise Unreadable(f"After byte {at} no booking ends for more than {LARGEST >> 20} MiB.")
    yield from _parted(rest, at, at + len(rest.rstrip()))


def _parted(chunk: str, at: int, end: int) -> Iterator[tuple[str, str | None, Bytes]]:
    """A chunk with one booking at its end; more where a writer forgot to close them."""
    before, *bodies = chunk.split(BEGIN)
    start = at + len(before)
    if not bodies:
        yield before, None, Bytes(at, at)
    for number, body in enumerate(bodies, 1):
        last = number == len(bodies)
        after = start + len(BEGIN) + len(body)
        yield before, body, Bytes(start, end if last else after)
        before, start = "", after
