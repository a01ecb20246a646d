"""The files that a PDF names beside its list of attachments: by `/AF`, and as annotations.

PDF/A-3 associates a file with the document or a page by `/AF`, and a paper clip on a page is an
annotation with `/FS`; PDFium lists neither. So objects are looked up in the file itself; a file
that nothing refers to is none, and neither is one of a way of packing that is not known here.
"""

import re
import zlib
from collections.abc import Iterator

from core.formats.invoices.markup import LARGEST

EMBEDDED = b"/EmbeddedFile"  # which the head of each such stream says, and no head is packed
OBJECT = re.compile(rb"(?<!\d)(\d{1,8})\s+\d{1,5}\s+obj\b")
END = re.compile(rb"endobj|stream\r?\n")
REFERENCE = re.compile(rb"(\d{1,8})\s+\d{1,5}\s+R\b")
PACKED = re.compile(rb"/Type\s*/ObjStm\b")
COUNT, FIRST = re.compile(rb"/N\s+(\d{1,6})"), re.compile(rb"/First\s+(\d{1,8})")
ASSOCIATED = re.compile(
    rb"/AF\s*(\[[^\]]*\]|\d{1,8}\s+\d{1,5}\s+R\b)|/FS\s*(\d{1,8}\s+\d{1,5}\s+R\b)"
)
CLIPPED = re.compile(rb"/FS\s*<<(.*?/EF\s*<<.*?>>.*?)>>", re.DOTALL)
FILE = re.compile(rb"/EF\s*(?:<<(.*?)>>|(\d{1,8})\s+\d{1,5}\s+R)", re.DOTALL)
NAME = re.compile(rb"/(?:UF|F)\s*(?:\(((?:[^()\\]|\\.)*)\)|<([0-9A-Fa-f\s]*)>)")
UNPACKED = 16 * 1024 * 1024  # bytes of packed objects that are looked at
MOST_OBJECTS = 200_000
LONGEST_HEAD = 64 * 1024  # bytes of an object without its stream


def associated(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Each associated file by its name, and what is in it; at most one byte more than is read."""
    if EMBEDDED not in content:
        return
    objects = _Objects(content)
    for specification in objects.specifications():
        file = FILE.search(specification)
        if file is None:
            continue
        listed = file[1] if file[1] is not None else objects.text(int(file[2]))
        reference = REFERENCE.search(listed)
        data = objects.stream(int(reference[1])) if reference else None
        if data is not None:
            yield _name(specification), data


class _Objects:
    """The objects of a file: of several with one number the last counts."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at: dict[int, int] = {}
        self._packed: dict[int, bytes] = {}
        for count, match in enumerate(OBJECT.finditer(content)):
            if count == MOST_OBJECTS:
                break
            self._at[int(match[1])] = match.end()
        left = UNPACKED
        for number in list(self._at):
            if left > 0 and PACKED.search(self._head(number)):
                left -= self._unpack(number, left)

    def specifications(self) -> Iterator[bytes]:
        """What is said of each file that something refers to."""
        seen: set[int] = set()
        for number in [*self._at, *self._packed]:
            text = self.text(number)
            for clipped in CLIPPED.finditer(text):
                yield clipped[1]
            for match in ASSOCIATED.finditer(text):
                for each in self._listed(match[1] or match[2]):
                    if each not in seen:
                        seen.add(each)
                        yield self.text(each)

    def text(self, number: int) -> bytes:
        """An object without its stream."""
        return self._packed.get(number) or self._head(number)

    def stream(self, number: int) -> bytes | None:
        """What an object's stream holds; None where it has none that can be unpacked."""
        head = self._head(number)
        start = self._at.get(number, 0) + len(head)
        match = END.match(self._content, start)
        if match is None or not match[0].startswith(b"stream"):
            return None
        if b"/Filter" in head and not re.search(rb"/Filter\s*\[?\s*/FlateDecode\s*[\]/>\s]", head):
            return None
        data = self._content[match.end() : self._content.find(b"endstream", match.end())]
        if b"/Filter" not in head:
            return data.rstrip(b"\r\n")[: LARGEST + 1]
        return _inflated(data, LARGEST + 1)

    def _listed(self, value: bytes) -> list[int]:
        """The objects that a value refers to; a reference may be to a list of them."""
        found = [int(each) for each in REFERENCE.findall(value)]
        if value.startswith(b"[") or not found:
            return found
        text = self.text(found[0]).strip()
        return [int(each) for each in REFERENCE.findall(text)] if text[:1] == b"[" else found

    def _head(self, number: int) -> bytes:
        start = self._at.get(number)
        if start is None:
            return b""
        end = END.search(self._content, start, start + LONGEST_HEAD)
        return self._content[start : end.start() if end else start]

    def _unpack(self, number: int, most: int) -> int:
        head, data = self._head(number), self.stream(number)
        count, first = COUNT.search(head), FIRST.search(head)
        if data is None or count is None or first is None:
            return 0
        data, begin = data[:most], int(first[1])
        numbers = [
            int(each) for each in data[:begin].split()[: 2 * int(count[1])] if each.isdigit()
        ]
        starts = [begin + each for each in numbers[1::2]]
        for each, start, end in zip(numbers[::2], starts, [*starts[1:], len(data)], strict=False):
            self._packed[each] = data[start:end]
        return len(data)


def _inflated(data: bytes, most: int) -> bytes | None:
    try:
        return zlib.decompressobj().decompress(data, most)
    except zlib.error:
        return None


def _name(specification: bytes) -> str:
    match = NAME.search(specification)
    if match is None:
        return "?"
    raw = re.sub(rb"\\(.)", rb"\1", match[1] or b"")
    if match[2] is not None:
        digits = re.sub(rb"\s", b"", match[2]).decode()
        raw = bytes.fromhex(digits[: len(digits) // 2 * 2])
    wide = raw.startswith(b"\xfe\xff")
    text = raw[2:].decode("utf-16-be", "replace") if wide else raw.decode("latin-1")
    return text[:100]
