"""XML documents that stand one behind the other in a file, as joined exports do."""

import re
from io import SEEK_SET, RawIOBase
from typing import BinaryIO

BLOCK = 256 * 1024
LONGEST = 1024  # bytes from the end of one to the beginning of the next
ENDS = re.compile(
    rb"</(?:[\w.-]+:)?Document\s*>(?=\s*(?:\xef\xbb\xbf)?(?:<\?xml\s|<(?:[\w.-]+:)?Document[\s>]))"
)
END = b"Document"


def ends_of_documents(source: BinaryIO) -> list[int]:
    """At which bytes documents end behind which another one begins; the source is left at start."""
    found: list[int] = []
    kept, at = b"", 0
    while block := source.read(BLOCK):
        data = kept + block
        if END in data:
            found += [
                at + each.end() for each in ENDS.finditer(data) if at + each.end() not in found
            ]
        kept = data[-LONGEST:]
        at += len(data) - len(kept)
    source.seek(0)
    return found


class Document(RawIOBase):
    """A stretch of a file, as a file of its own."""

    def __init__(self, source: BinaryIO, start: int, end: int | None) -> None:
        source.seek(start, SEEK_SET)
        self._source, self._left = source, None if end is None else end - start

    def readable(self) -> bool:
        """It is only read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Bytes of the stretch."""
        left = self._left
        if left is not None:
            size = left if size < 0 else min(size, left)
        data = self._source.read(size)
        if left is not None:
            self._left = left - len(data)
        return data
