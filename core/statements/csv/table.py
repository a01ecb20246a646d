"""A table of separated values as banks export it: which letters, which separator, which bytes."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from core.errors import Unreadable

Row = list[str]
SEPARATORS = ";,\t|"
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
BLOCK = 1024 * 1024
SMALL = 4096  # bytes; a beginning that is shorter is the whole file
MOST_LINES = 100  # of one row; a quotation mark that is never closed would take in all that follows


@dataclass(frozen=True, slots=True)
class Writing:
    """How a file is written: its encoding, the bytes before its text, and its separator."""

    encoding: str
    mark: int
    separator: str


def writings(source: BinaryIO) -> Iterator[Writing]:
    """In which ways a file may be written, one a separator; none for a binary one."""
    source.seek(0)
    head = source.read(SMALL)
    mark = next((each for each in MARKS if head.startswith(each)), b"")
    encoding = MARKS.get(mark)
    if encoding is None and head[1:2] == b"\0":
        encoding = "utf-16-le"
    elif encoding is None and head[:1] == b"\0":
        encoding = "utf-16-be"
    if encoding is None or encoding == "utf-8":
        if b"\0" in head:
            return
        encoding = "utf-8" if _is_utf8(source) else "cp1252"
    for separator in SEPARATORS:
        yield Writing(encoding, len(mark), separator)


def _is_utf8(source: BinaryIO) -> bool:
    """Whether all of a file is UTF-8; one that was cut may end within a letter."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    source.seek(0)
    try:
        while block := source.read(BLOCK):
            decoder.decode(block)
    except UnicodeDecodeError:
        return False
    return True


def first_rows(head: bytes, writing: Writing) -> list[Row]:
    """The rows of a file's beginning; the last one may be cut where that is not all of it."""
    text = head[writing.mark :].decode(writing.encoding, "ignore")
    lines = list(io.StringIO(text, newline=""))
    try:
        found = [row for row in csv.reader(lines, delimiter=writing.separator) if row]
    except csv.Error:
        return []
    return found if len(head) < SMALL else found[:-1]


def rows(source: BinaryIO, writing: Writing) -> Iterator[tuple[Row, int, int]]:
    """Each row that is not empty, and the bytes [start, end) of the file that it stands in.

    Raises Unreadable where quotation marks leave no way to tell rows apart.
    """
    size = source.seek(0, io.SEEK_END)
    source.seek(writing.mark)
    text = io.TextIOWrapper(source, encoding=writing.encoding, errors="replace", newline="")
    lines = _Lines(text, writing)
    reader = csv.reader(lines, delimiter=writing.separator)
    start, before = lines.at, 0
    try:
        for row in reader:
            if reader.line_num - before > MOST_LINES:
                raise csv.Error(f"it goes on for {reader.line_num - before} lines")
            if row:
                yield row, start, min(lines.end, size)  # half a letter at the end counts whole
            start, before = lines.at, reader.line_num
    except csv.Error as error:
        raise Unreadable(f"The row at byte {start} cannot be read: {error}.") from None
    finally:
        text.detach()


class _Lines:
    """The lines of a text as they are taken, and at which byte the next one stands."""

    def __init__(self, text: io.TextIOWrapper, writing: Writing) -> None:
        self.at = writing.mark
        self._line = ""
        self._text, self._encoding = text, writing.encoding
        self._wide = writing.encoding.startswith("utf-16")

    def __iter__(self) -> Iterator[str]:
        """Each line with its end."""
        narrow = not self._wide
        for line in self._text:
            self._line = line
            plain = narrow and line.isascii()
            self.at += len(line) if plain else len(line.encode(self._encoding, "replace"))
            yield line

    @property
    def end(self) -> int:
        """The byte after the latest line, its line break left out."""
        line = self._line
        breaks = 2 if line[-2:] == "\r\n" else int(line[-1:] in ("\n", "\r"))
        return self.at - breaks * (2 if self._wide else 1)
