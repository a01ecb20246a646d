"""Files that are read as if written another way, and where in them what was read stands."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import BinaryIO, NamedTuple

from core.bilingual import Bilingual
from core.errors import Unreadable
from core.evidence import Bytes
from core.statements.model import Item, Transaction

LARGEST = 64 * 1024 * 1024  # bytes of a file that is rewritten: all of it is held
UNITS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
BLANKS = b" \t"


class Rewritten(NamedTuple):
    """A file as it is read, and where stretches of it begin: there, and in the file handed in.

    A byte of a stretch takes up `width` bytes of the file that was handed in.
    """

    source: BinaryIO
    starts: list[int]
    origins: list[int]
    width: int

    def placed(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items, bookings with their places in the file that was handed in."""
        for each in items:
            if isinstance(each, Transaction):
                start, end = each.evidence
                place = Bytes(self._origin(start), self._origin(end))
                yield each._replace(evidence=place)
            else:
                yield each

    def _origin(self, at: int) -> int:
        stretch = bisect_right(self.starts, at) - 1
        return self.origins[stretch] + (at - self.starts[stretch]) * self.width


def encoding_of(head: bytes) -> str | None:
    """In which UTF-16 a file is that begins so, None where it is in none."""
    if found := UNITS.get(head[:2]):
        return found
    pair = head[:64]
    if len(pair) < 4 or b"\0" not in pair:
        return None
    if not any(pair[1::2]):
        return "utf-16-le"
    return None if any(pair[::2]) else "utf-16-be"


def in_utf8(source: BinaryIO, encoding: str) -> Rewritten:
    """A file in UTF-16 as one in UTF-8."""
    raw = _whole(source)
    mark = 2 if raw[:2] in UNITS else 0
    try:
        text = raw[mark:].decode(encoding)
    except UnicodeDecodeError:
        raise Unreadable(
            Bilingual(
                "The file is written in UTF-16, but not throughout: it may have been cut off. Save"
                " it as UTF-8, or send it anew.",
                "Die Datei ist in UTF-16 geschrieben, aber nicht durchgehend: vielleicht wurde sie"
                " abgeschnitten. Bitte als UTF-8 speichern oder neu senden.",
            )
        ) from None
    starts, origins, read, written = [0], [mark], 0, mark
    for letter in "" if text.isascii() else text:
        read += len(letter.encode())
        written += 2 if letter < "\U00010000" else 4
        if not letter.isascii():
            starts.append(read)
            origins.append(written)
    return Rewritten(BytesIO(text.encode()), starts, origins, 2)


def without_indents(source: BinaryIO) -> Rewritten:
    """A file without the blanks with which its lines begin."""
    starts: list[int] = [0]
    origins: list[int] = [0]
    lines: list[bytes] = []
    read = written = 0
    for line in _whole(source).splitlines(keepends=True):
        bare = line.lstrip(BLANKS)
        starts.append(read)
        origins.append(written + len(line) - len(bare))
        lines.append(bare)
        read += len(bare)
        written += len(line)
    return Rewritten(BytesIO(b"".join(lines)), starts, origins, 1)


def _whole(source: BinaryIO) -> bytes:
    source.seek(0)
    raw = source.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise Unreadable(
            Bilingual(
                f"The file is larger than {LARGEST >> 20} MiB and in UTF-16 or indented, of which"
                " so much is not read. Save it as UTF-8 without blanks before its lines.",
                f"Die Datei ist größer als {LARGEST >> 20} MiB und in UTF-16 oder eingerückt, wovon"
                " so viel nicht gelesen wird. Bitte als UTF-8 ohne Einrückungen speichern.",
            )
        )
    return raw
