"""A table of separated values as banks export it: which letters, which separator, which bytes."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from core.errors import Unreadable
from core.statements.texts import decode

Row = list[str]
SEPARATORS = ";,\t|"
MARKS = {
    codecs.BOM_UTF8: "latin-1",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
SMALL = 4096  # bytes; a beginning that is shorter is the whole file
MOST_LINES = 100  # of one row; a quotation mark that is never closed would take in all that follows


@dataclass(frozen=True, slots=True)
class Writing:
    """How a file is written: its encoding, the bytes before its text, and its separator.

    All encodings of one byte, and UTF-8, are read as Latin-1, a character a byte, so that
    positions are bytes; `text` gives the letters that were meant.
    """

    encoding: str
    mark: int
    separator: str

    def text(self, cell: str) -> str:
        """The cell in the letters that were meant."""
        return decode(cell) if self.encoding == "latin-1" else cell


def writings(head: bytes) -> Iterator[Writing]:
    """In which ways a file that begins so may be written, one a separator; none for a binary."""
    mark = next((each for each in MARKS if head.startswith(each)), b"")
    encoding = MARKS.get(mark, "latin-1")
    if not mark and head[1:2] == b"\0":
        encoding = "utf-16-le"
    elif not mark and head[:1] == b"\0":
        encoding = "utf-16-be"
    if encoding == "latin-1" and b"\0" in head:
        return
    for separator in SEPARATORS:
        yield Writing(encoding, len(mark), separator)


def first_rows(head: bytes, writing: Writing) -> list[Row]:
    """The rows of a file's beginning; the last one may be cut where that is not all of it."""
    text = head[writing.mark :].decode(writing.encoding, "ignore")
    lines = list(io.StringIO(text, newline=""))
    try:
        found = [row for row in csv.reader(lines, delimiter=writing.separator) if row]
    except csv.Error:
        return []
    return [
        [writing.text(cell) for cell in row] for row in (found if len(head) < SMALL else found[:-1])
    ]


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
                yield row, start, min(lines.at - lines.line_break, size)  # half a letter may end it
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
        self._wide = writing.encoding != "latin-1"

    def __iter__(self) -> Iterator[str]:
        """Each line with its end."""
        for line in self._text:
            self._line = line
            self.at += len(line.encode(self._encoding)) if self._wide else len(line)
            yield line

    @property
    def line_break(self) -> int:
        """How many bytes end the latest line."""
        line = self._line
        return (len(line) - len(line.rstrip("\r\n"))) * (2 if self._wide else 1)
