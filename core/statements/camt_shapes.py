"""Entries that are marked up alike, read without walking through each.

A bank writes most of its entries with the same tags and other texts. Where a text stands among
the others is learnt from the first entry of a shape; the next ones are split, not walked.
"""

import re
from dataclasses import dataclass

from lxml import etree

from core.statements.camt_fields import Said, entry_steps, gather
from core.statements.markup import namespace

TEXT = re.compile(rb">\s*([^<\s][^<]*)<")
REMEMBERED = 500  # shapes; a file whose entries are all shaped differently gains nothing

Place = tuple[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class _Fields:
    """Which texts a field is made of, by number, and the currencies that the markup says."""

    places: list[Place]
    currencies: Said

    def fill(self, texts: list[bytes]) -> Said:
        said = self.currencies.copy()
        for name, numbers in self.places:
            said[name] = " ".join([texts[number].decode().strip() for number in numbers])
        return said


class Shapes:
    """The shapes of entry that a file has shown so far."""

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, ...], list[_Fields] | None] = {}

    def read(self, source: bytes) -> list[Said] | None:
        """What an entry and its parts say, as `gather` would find it; None where it must be asked.

        `source` is UTF-8 without comments and CDATA; entities are left to the parser.
        """
        if b"&" in source:
            return None
        pieces = TEXT.split(source)
        texts, shape = pieces[1::2], tuple(pieces[::2])
        if shape not in self._known:
            if len(self._known) == REMEMBERED:
                self._known.clear()
            self._known[shape] = _learn(source)
        fields = self._known[shape]
        return None if fields is None else [each.fill(texts) for each in fields]


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
    currencies = {name: said[name] for name in said if name.endswith(" currency")}
    return _Fields(
        [
            (name, tuple(map(int, numbers.split())))
            for name, numbers in said.items()
            if name not in currencies
        ],
        currencies,
    )
