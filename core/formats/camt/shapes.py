"""Entries that are marked up alike, read without walking through each.

A bank writes most of its entries with the same tags and other texts. Where a text stands among
the others is learnt from the first entry of a shape; the next ones are split, not walked.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import unescape

from lxml import etree

from core.formats.camt.fields import Fields, entry_steps, gather
from core.formats.camt.opening import namespace

NAMED = re.compile(b"&(?:amp|lt|gt|quot|apos);")
TEXT = re.compile(rb">[ \t\r\n]*+([^< \t\r\n](?:[^<]*[^< \t\r\n])?+)[ \t\r\n]*+<")
# The same as a part of a pattern, where no blanks are around it.
BARE = rb">([^< \t\r\n][^<]*+(?<![ \t\r\n]))<"
# Bytes of texts that are sound XML as they stand, but for `]]>`. The others may be control
# characters, or a part of U+FFFE and U+FFFF; a carriage return is a line feed to XML.
HARMLESS = bytes({*b"\t\n", *range(0x20, 0x100)} - {0xEF})
REMEMBERED = 500  # shapes; a file whose entries are all shaped differently gains nothing
OFTEN = 100  # entries of a shape, after which making a pattern for it pays
MOST = 4  # patterns that are tried on an entry
LONGEST = 4096  # bytes of markup that are made a pattern


@dataclass(frozen=True, slots=True)
class _FieldPlaces:
    """Which text each field is, by number, or which several; and what the markup itself says."""

    single: list[tuple[str, int]]
    joined: list[tuple[str, list[int]]]
    currencies: Fields

    def fill(self, texts: list[str]) -> Fields:
        fields = self.currencies.copy()
        for name, number in self.single:
            fields[name] = texts[number]
        for name, numbers in self.joined:
            fields[name] = " ".join([texts[number] for number in numbers])
        return fields


@dataclass(slots=True)
class _Shape:
    """The fields of an entry and of its parts, None where they must be asked; how often it came."""

    places: list[_FieldPlaces] | None
    count: int = 0


class Shapes:
    """The shapes of entry that a file has shown so far."""

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, ...], _Shape] = {}
        # Patterns of shapes that come often, by how many tags these have.
        self._usual: dict[int, list[tuple[re.Pattern[bytes], list[_FieldPlaces]]]] = defaultdict(
            list
        )

    def read(self, source: bytes, encoding: str) -> list[Fields] | None:
        """What an entry and its parts say, as `gather` would find it; None where it must be asked.

        `source` is free of comments and CDATA; references to characters are left to the parser,
        but for those that XML itself has names for.
        """
        refers = b"&" in source
        if refers and source.count(b"&") != len(NAMED.findall(source)):
            return None
        places, pieces = self._split(source)
        # None of them holds a `<`, so the texts can be judged and decoded in one.
        together = b"<".join(pieces)
        if places is None or together.translate(None, HARMLESS) or b"]]>" in together:
            return None
        try:
            texts = together.decode(encoding).split("<")
        except UnicodeDecodeError:
            return None
        if refers:
            texts = [unescape(text, {"&quot;": '"', "&apos;": "'"}) for text in texts]
        return [each.fill(texts) for each in places]

    def _split(self, source: bytes) -> tuple[list[_FieldPlaces] | None, Sequence[bytes]]:
        """The fields of the entry's shape, and its texts."""
        usual = self._usual[source.count(b"<")]
        for pattern, places in usual:
            if found := pattern.fullmatch(source):
                return places, found.groups()
        pieces = TEXT.split(source)
        markup = tuple(pieces[::2])
        shape = self._known.get(markup)
        if shape is None:
            if len(self._known) == REMEMBERED:
                self._known.clear()
            shape = self._known[markup] = _Shape(_learn(source))
        shape.count += 1
        is_short = sum(map(len, markup)) <= LONGEST
        if shape.places and shape.count == OFTEN and is_short and len(usual) < MOST:
            usual.append((re.compile(BARE.join(map(re.escape, markup))), shape.places))
        return shape.places, pieces[1::2]


def _learn(source: bytes) -> list[_FieldPlaces] | None:
    """Gather from a copy in which each text is its own number."""
    numbers = iter(range(len(source)))
    numbered = TEXT.sub(lambda _: b">%d<" % next(numbers), source)
    try:
        entry = etree.fromstring(numbered, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None  # its prefixes are declared further out
    fields: Fields = {}
    parts: list[Fields] = []
    gather(entry, entry_steps(namespace(entry)), fields, parts)
    return [_places(each) for each in (fields, *parts)]


def _places(numbered: Fields) -> _FieldPlaces:
    currencies = {name: numbered.pop(name) for name in [*numbered] if name.endswith(" currency")}
    numbers = {name: [int(number) for number in text.split()] for name, text in numbered.items()}
    return _FieldPlaces(
        [(name, several[0]) for name, several in numbers.items() if len(several) == 1],
        [(name, several) for name, several in numbers.items() if len(several) > 1],
        currencies,
    )
