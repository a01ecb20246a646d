"""Entries that are marked up alike, read without walking through each.

A bank writes most of its entries with the same tags and other texts. Where a text stands among
the others is learnt from the first entry of a shape; the next ones are split, not walked.
"""

import re
from dataclasses import dataclass
from xml.sax.saxutils import unescape

from lxml import etree

from core.statements.camt.fields import Said, entry_steps, gather
from core.statements.camt.markup import namespace

NAMED = re.compile(b"&(?:amp|lt|gt|quot|apos);")
TEXT = re.compile(rb">\s*([^<\s](?:[^<]*[^<\s])?)\s*<")
REMEMBERED = 500  # shapes; a file whose entries are all shaped differently gains nothing


@dataclass(frozen=True, slots=True)
class _Fields:
    """Which text each field is, by number, or which several; and what the markup itself says."""

    single: list[tuple[str, int]]
    joined: list[tuple[str, list[int]]]
    currencies: Said

    def fill(self, texts: list[str]) -> Said:
        said = self.currencies.copy()
        for name, number in self.single:
            said[name] = texts[number]
        for name, numbers in self.joined:
            said[name] = " ".join([texts[number] for number in numbers])
        return said


class Shapes:
    """The shapes of entry that a file has shown so far."""

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, ...], list[_Fields] | None] = {}

    def read(self, source: bytes, encoding: str) -> list[Said] | None:
        """What an entry and its parts say, as `gather` would find it; None where it must be asked.

        `source` is free of comments and CDATA; references to characters are left to the parser,
        but for those that XML itself has names for.
        """
        refers = b"&" in source
        if refers and source.count(b"&") != len(NAMED.findall(source)):
            return None
        pieces = TEXT.split(source)
        shape = tuple(pieces[::2])
        try:
            fields = self._known[shape]
        except KeyError:
            if len(self._known) == REMEMBERED:
                self._known.clear()
            fields = self._known[shape] = _learn(source)
        if fields is None:
            return None
        # No XML holds a NUL, so the texts can be decoded in one.
        try:
            text = b"\0".join(pieces[1::2]).decode(encoding)
        except UnicodeDecodeError:
            return None
        if refers:
            text = unescape(text, {"&quot;": '"', "&apos;": "'"})
        texts = text.split("\0")
        return [each.fill(texts) for each in fields]


def _learn(source: bytes) -> list[_Fields] | None:
    """Gather from a copy in which each text is its own number."""
    numbers = iter(range(len(source)))
    numbered = TEXT.sub(lambda _: b">%d<" % next(numbers), source)
    try:
        entry = etree.fromstring(numbered, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None  # its prefixes are declared further out
    said: Said = {}
    parts: list[Said] = []
    gather(entry, entry_steps(namespace(entry)), said, parts)
    return [_fields(each) for each in (said, *parts)]


def _fields(said: Said) -> _Fields:
    currencies = {name: said.pop(name) for name in [*said] if name.endswith(" currency")}
    places = {name: [int(number) for number in numbers.split()] for name, numbers in said.items()}
    return _Fields(
        [(name, numbers[0]) for name, numbers in places.items() if len(numbers) == 1],
        [(name, numbers) for name, numbers in places.items() if len(numbers) > 1],
        currencies,
    )
