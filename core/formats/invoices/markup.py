"""The elements of a small XML file, each with the bytes that it takes up.

Expat says at which byte of the file each tag begins, whatever the encoding. It reaches nothing
outside the file; a DOCTYPE, without which there are no entities, is refused.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from xml.parsers import expat

from core.bilingual import Bilingual, grouped
from core.errors import Unreadable
from core.evidence import Bytes

LARGEST = 16 * 1024 * 1024  # bytes; what is larger carries pictures, not an invoice
MOST_ELEMENTS = 500_000
DEEPEST = 64
LONGEST = 200  # characters of a text that are kept
UTF_16 = ((b"\xff\xfe", b">\0"), (b"<\0", b">\0"), (b"\xfe\xff", b"\0>"), (b"\0<", b"\0>"))
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
STEP = re.compile(r"([\w|]+)(?:\[([@\w/]+)=(\w+)\])?/?")


@dataclass(slots=True)
class Element:
    """An element by its local name; `place` is its bytes, both of its tags included.

    `prefix` is what stands before its name.
    """

    name: str
    attributes: dict[str, str]
    place: Bytes
    text: str = ""
    children: list["Element"] = field(default_factory=list)
    prefix: str = ""

    def all(self, path: str) -> Iterator["Element"]:
        """The elements at a path such as `Head|Kopf/ID`, `Party[Scheme=VAT]/ID`, `ID[@id=VA]`."""
        found = [self]
        for names, where, value in STEP.findall(path):
            wanted = names.split("|")
            found = [each for parent in found for each in parent.children if each.name in wanted]
            if where:
                found = [each for each in found if value in each._values(where)]
        yield from found

    def _values(self, where: str) -> list[str | None]:
        if where.startswith("@"):
            return [self.attributes.get(where[1:])]
        return [each.text for each in self.all(where)]


class _RootFound(Exception):
    """The first element has begun."""


def root(head: bytes) -> tuple[str, dict[str, str]] | None:
    """A file's outermost element by its first bytes: its name as written, and its attributes.

    None where there is none.
    """
    found: list[tuple[str, dict[str, str]]] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        found.append((name, attributes))
        raise _RootFound

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    with suppress(_RootFound, expat.ExpatError, LookupError, ValueError):
        parser.Parse(head, False)
    return found[0] if found else None


def parse(data: bytes) -> Element:
    """The outermost element of a whole file; raises Unreadable with the reason."""
    if len(data) > LARGEST:
        size = grouped(len(data))
        raise Unreadable(
            Bilingual(
                f"The XML has {size.en} bytes; of an invoice at most {LARGEST >> 20} MiB are read.",
                f"Das XML hat {size.de} Bytes; von einer Rechnung werden höchstens"
                f" {LARGEST >> 20} MiB gelesen.",
            ),
            code="too_much",
        )
    builder = _Builder(data)
    try:
        builder.parser.Parse(data, True)
    except expat.ExpatError as error:
        message = expat.ErrorString(error.code)
        line, column = error.lineno, error.offset + 1
        raise Unreadable(
            Bilingual(
                f"The XML is broken at line {line}, column {column}: {message}.",
                f"Das XML ist in Zeile {line}, Spalte {column} fehlerhaft"
                f" (Meldung des XML-Parsers: {message}).",
            )
        ) from None
    except (LookupError, ValueError):
        raise Unreadable(
            Bilingual(
                "The encoding that the XML names is not supported.",
                "Die Zeichenkodierung, die das XML angibt, wird nicht unterstützt.",
            )
        ) from None
    return builder.outermost


class _Builder:
    """Builds the tree while expat goes through the file."""

    outermost: Element

    def __init__(self, data: bytes) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self._data = data
        self._greater = next((mark for head, mark in UTF_16 if data.startswith(head)), b">")
        self._open: list[Element] = []
        self._count = 0

    def _refuse(self, *_: object) -> None:
        raise Unreadable(
            Bilingual(
                "The file declares a DOCTYPE; files with one are refused.",
                "Die Datei enthält eine DOCTYPE-Angabe; solche Dateien werden abgelehnt.",
            )
        )

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS:
            most = grouped(MOST_ELEMENTS)
            raise Unreadable(
                Bilingual(
                    f"The XML has more than {most.en} elements; no more are read.",
                    f"Das XML hat mehr als {most.de} Elemente; mehr werden nicht gelesen.",
                ),
                code="too_much",
            )
        if len(self._open) == DEEPEST:
            raise Unreadable(
                Bilingual(
                    f"The XML's elements are nested more than {DEEPEST} deep.",
                    f"Die Elemente des XML sind mehr als {DEEPEST} Ebenen tief verschachtelt.",
                )
            )
        start = self.parser.CurrentByteIndex
        prefix, _, local = name.rpartition(":")
        element = Element(local, attributes, Bytes(start, start), prefix=prefix)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.outermost = element
        self._open.append(element)

    def _end(self, _name: str) -> None:
        element = self._open.pop()
        element.place = Bytes(element.place.start, self._behind(self.parser.CurrentByteIndex))
        element.text = " ".join(UNPRINTABLE.sub(" ", element.text).split())

    def _text(self, text: str) -> None:
        element = self._open[-1]
        if len(element.text) < LONGEST and not (text.isspace() and not element.text):
            element.text += text[: LONGEST - len(element.text)]

    def _behind(self, start: int) -> int:
        """Where the tag that begins there ends: no `>`, nor its byte, stands in a name."""
        end = self._data.find(self._greater, start)  # an empty root has ended where expat is
        return len(self._data) if end < 0 else end + len(self._greater)
