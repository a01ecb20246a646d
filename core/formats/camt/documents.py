"""XML documents that stand one behind the other in a file, as joined exports do."""

import re
from typing import BinaryIO

LONGEST = 4096  # bytes from the end of one to what tells that another one begins
NAME = rb"(?:[\w.-]{1,99}:)?Document"
BETWEEN = re.compile(
    rb"Document\s{0,99}>(?=\s{0,2000}(?:\xef\xbb\xbf)?(?:<\?xml\s|<" + NAME + rb"[\s>]))"
)


class Documents:
    """A file as it streams by, document by document: `read` ends with each, `go_on` begins one."""

    def __init__(self, source: BinaryIO) -> None:
        self.start = 0
        """The byte at which the document begins."""
        self._source = source
        self._buffer = b""
        self._at = 0  # the byte at which the buffer begins
        self._end: int | None = None  # of the document, in the buffer, where it is known
        self._ended = False  # the file

    def read(self, size: int) -> bytes:
        """Bytes of the document, none where it ends."""
        while not self._ended and self._end is None and len(self._buffer) < size + LONGEST:
            more = self._source.read(size + LONGEST - len(self._buffer))
            self._ended = not more
            self._buffer += more
        if self._end is None and b"Document" in self._buffer:
            found = BETWEEN.search(self._buffer)
            self._end = found.end() if found else None
        taken = min(size, len(self._buffer) if self._end is None else self._end)
        data, self._buffer = self._buffer[:taken], self._buffer[taken:]
        self._at += taken
        if self._end is not None:
            self._end -= taken
        return data

    def go_on(self) -> bool:
        """Go on to the next document, if there is one."""
        self.start, self._end = self._at, None
        return bool(self._buffer)
