"""A table of separated values as banks export it: which letters, which separator, which bytes."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, repeat
from operator import add
from typing import BinaryIO

from core.bilingual import Bilingual
from core.errors import Unreadable
from core.formats.csv.captions import CaptionedRows, Captions, find_captions
from core.formats.csv.entities import HAS_ENTITY, without_entities
from core.formats.csv.grid import Chunk, Grid, Row
from core.formats.csv.letters import code_page, is_twice, repaired
from core.formats.csv.oddities import cut_width, is_wrapped, joined, unwrapped

SEPARATORS = ";,\t|"
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
SINGLE_QUOTED = re.compile(r"\s*'[^'\r\n]*'[;,\t|]'")
DAY_SHAPE = r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{2,4}"
BLOCK = 128 * 1024  # more does not stay in the processor's cache
FENCE = "end of the block"
SMALL = 4096  # bytes by which an encoding is known; a beginning that is shorter is the whole file
MOST_LINES = 100  # of one row; a quotation mark that is never closed would take in all that follows


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written: its encoding, the bytes before its text, its separator and quotes.

    `blanks` says that quotation marks may stand behind one, `wrapped` that each whole row stands in
    some, `doubled` that letters were encoded twice, `commas` how many cells a row has whose amounts
    are cut at a comma, `captions` which lines say something of the rows below them.
    """

    encoding: str
    mark: int
    separator: str
    quote: str = '"'
    blanks: bool = False
    wrapped: bool = False
    doubled: bool = False
    commas: int = 0
    captions: Captions | None = None

    @property
    def is_odd(self) -> bool:
        """Whether rows are not what they seem at first."""
        return self.wrapped or self.doubled or self.commas > 0 or self.captions is not None

    def plain(self, text: str) -> str:
        """A text without signs for letters, the end of which a separator may be taken for."""
        return without_entities(text) if self.separator == ";" else text


def dialects(source: BinaryIO) -> Iterator[Dialect]:
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
        encoding = "utf-8" if _is_utf8(source) else code_page(head)
    text = head[len(mark) :].decode(encoding, "ignore")
    quote = "'" if SINGLE_QUOTED.match(text) and text.count("'") > text.count('"') else '"'
    doubled = encoding == "utf-8" and is_twice(text)
    for separator in SEPARATORS:
        blanks = f"{separator} {quote}" in text
        dialect = Dialect(encoding, len(mark), separator, quote, blanks, doubled=doubled)
        rows = first_rows(head, dialect, cut=len(head) == SMALL)
        if is_wrapped(rows, separator):
            dialect = replace(dialect, wrapped=True)
        elif separator == "," and (width := cut_width(rows)):
            dialect = replace(dialect, commas=width)
        if captions := find_captions(straightened(rows, dialect)):
            dialect = replace(dialect, captions=captions)
        yield dialect


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


def first_rows(head: bytes, dialect: Dialect, *, cut: bool) -> list[Row]:
    """The rows of a file's beginning; without the last one where that may be cut."""
    text = head[dialect.mark :].decode(dialect.encoding, "ignore")
    lines = list(io.StringIO(dialect.plain(text), newline=""))
    try:
        found = [row for row in _reader(lines, dialect) if row]
    except csv.Error:
        return []
    if dialect.is_odd:
        found = straightened(found, dialect)
    if dialect.captions:
        found = CaptionedRows(dialect.captions).read(found)
    return found[:-1] if cut else found


def _reader(lines: Iterable[str], dialect: Dialect) -> Iterator[Row]:
    """Rows of lines, by the dialect's marks."""
    return csv.reader(
        lines,
        delimiter=dialect.separator,
        quotechar=dialect.quote,
        skipinitialspace=dialect.blanks,
    )


def straightened(rows: Sequence[Row], dialect: Dialect) -> list[Row]:
    """The rows as they were meant to be, of a file in which they are odd."""
    found = list(rows)
    if dialect.wrapped:
        found = [unwrapped(row, dialect.separator) for row in found]
    if dialect.doubled:
        found = [list(map(repaired, row)) for row in found]
    return [joined(row, dialect.commas) for row in found] if dialect.commas else found


def chunks(source: BinaryIO, dialect: Dialect) -> Iterator[Chunk]:
    """All rows that are not empty, many at a time, each with its bytes [start, end) of the file.

    Rows that are a line each, as nearly all are, are taken apart together. Raises Unreadable where
    quotation marks leave no way to tell rows apart.
    """
    at, size = dialect.mark, source.seek(0, io.SEEK_END)
    captioned = CaptionedRows(dialect.captions) if dialect.captions else None
    while at < size:
        source.seek(at)
        block = _whole_lines(source.read(BLOCK), at + BLOCK >= size)
        chunk = _quick(block, at, dialect)
        if chunk is None:
            chunk, at = _slow(source, at, at + (len(block) or BLOCK), dialect)
        else:
            at += len(block)
        if chunk.rows:
            rows = straightened(chunk.rows, dialect) if dialect.is_odd else chunk.rows
            rows = captioned.read(rows) if captioned else rows
            yield Chunk(rows, chunk.starts, chunk.ends)


def _whole_lines(block: bytes, is_last: bool) -> bytes:
    """The block as far as its last line break, unless it is the file's end; maybe nothing."""
    return block if is_last else block[: block.rfind(b"\n") + 1]


def _quick(block: bytes, at: int, dialect: Dialect) -> Chunk | None:
    """The rows of a block in which each is one line; None where that is not so."""
    if not block or dialect.encoding.startswith("utf-16"):
        return None
    lines = block.splitlines()
    has_entity = dialect.separator == ";" and HAS_ENTITY(block) is not None
    rows = None if has_entity else _grid(lines, dialect)
    starts, ends = _places(block, lines, at)
    if rows is not None:
        return Chunk(rows, starts, ends)
    text = block.decode(dialect.encoding, "replace")
    odd = _rows(dialect.plain(text) if has_entity else text, len(lines), dialect)
    if odd is None:
        return None
    chunk = Chunk(odd, starts, ends)
    return chunk if all(odd) else chunk.only([bool(row) for row in odd])


def _places(block: bytes, lines: Sequence[bytes], at: int) -> tuple[list[int], list[int]]:
    """At which bytes of the file the lines of a block start and end, their breaks left out."""
    lengths = list(map(len, lines))
    gap = 2 if b"\r" in block else 1
    whole = list(map(add, lengths, repeat(gap)))
    if sum(whole) != len(block):  # then not all have the same break
        whole = list(map(len, block.splitlines(keepends=True)))
    starts = list(accumulate(whole, initial=at))
    return starts[:-1], list(map(add, starts, lengths))


def _grid(lines: Sequence[bytes], dialect: Dialect) -> Grid | None:
    """The rows of lines that have as many cells each, which all stand in quotation marks or none.

    Most banks write so, and it takes a third of the time to cut them. Line breaks become cells of
    their own: all rows are as wide where these stand in one column. None where that is not so.
    """
    if dialect.quote != '"' or dialect.blanks:
        return None
    mark = '"' if lines[0].startswith(b'"') else ""
    joint = f"{mark}{dialect.separator}{mark}"
    joints, others = (line.count(joint.encode()) for line in (lines[0], lines[-1]))
    if not joints or joints != others or max(map(len, lines)) > csv.field_size_limit():
        return None
    broken = f"{dialect.separator}{mark}\n{mark}{dialect.separator}"
    text = broken.encode().join(lines).decode(dialect.encoding, "replace")
    cells = text.removeprefix(mark).removesuffix(mark).split(joint)
    width = joints + 1
    breaks = slice(width, None, width + 1)
    # A cell has two marks, so none has another where that is how many there are.
    if cells[breaks].count("\n") != len(lines) - 1 or text.count('"') != 2 * len(mark) * len(cells):
        return None
    del cells[breaks]
    return Grid(cells, range(0, len(cells), width))


def _rows(text: str, count: int, dialect: Dialect) -> list[Row] | None:
    """The rows of so many lines; None where one takes several, or cannot be told from others."""
    lines = io.StringIO(text, newline="")
    try:
        rows = list(_reader(chain(lines, (FENCE,)), dialect))
    except csv.Error:
        return None
    # Where a quotation mark is open at the end, the fence is a part of the last row.
    return rows if rows.pop() == [FENCE] and len(rows) == count else None


def _slow(source: BinaryIO, at: int, until: int, dialect: Dialect) -> tuple[Chunk, int]:
    """The rows from a byte on, at least as far as another, and the byte after the last of them."""
    rows: list[Row] = []
    chunk = Chunk(rows, [], [])
    size = source.seek(0, io.SEEK_END)
    source.seek(at)
    text = io.TextIOWrapper(source, encoding=dialect.encoding, errors="replace", newline="")
    lines = _Lines(text, dialect, at)
    sep = re.escape(dialect.separator)
    # A line within a cell that begins as rows do: with a day, and more cells behind it.
    swallowed = re.compile(rf"\n[\"']?{DAY_SHAPE}[^\n{sep}]*{sep}[^\n]*{sep}").search
    reader = csv.reader(
        lines,
        delimiter=dialect.separator,
        quotechar=dialect.quote,
        skipinitialspace=dialect.blanks,
    )
    before = 0
    try:
        for row in reader:
            if reader.line_num - before > MOST_LINES:
                raise csv.Error(f"it goes on for {reader.line_num - before} lines")
            if reader.line_num - before > 1 and any(map(swallowed, row)):
                raise csv.Error("a quotation mark in it is never closed")
            if row:
                rows.append(row)
                chunk.starts.append(at)
                chunk.ends.append(min(lines.end, size))  # half a letter at the end counts whole
            at, before = lines.at, reader.line_num
            if at >= until:
                return chunk, at
    except csv.Error as error:
        raise Unreadable(
            Bilingual(
                f"The row at byte {at} cannot be read: {error}.",
                f"Die Zeile ab Byte {at} kann nicht gelesen werden (Meldung des CSV-Lesers:"
                f" {error}).",
            )
        ) from None
    finally:
        text.detach()
    return chunk, max(at, until, size)


class _Lines:
    """The lines of a text as they are taken, and at which byte the next one stands."""

    def __init__(self, text: io.TextIOWrapper, dialect: Dialect, at: int) -> None:
        self.at = at
        self._line = ""
        self._text, self._encoding, self._plain = text, dialect.encoding, dialect.plain
        self._wide = dialect.encoding.startswith("utf-16")

    def __iter__(self) -> Iterator[str]:
        """Each line with its end."""
        narrow = not self._wide
        for line in self._text:
            self._line = line
            plain = narrow and line.isascii()
            self.at += len(line) if plain else len(line.encode(self._encoding, "replace"))
            yield self._plain(line)

    @property
    def end(self) -> int:
        """The byte after the latest line, its line break left out."""
        line = self._line
        breaks = 2 if line[-2:] == "\r\n" else int(line[-1:] in ("\n", "\r"))
        return self.at - breaks * (2 if self._wide else 1)
