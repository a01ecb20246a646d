"""Which bytes of an XML file an element takes up, found while the file streams by.

Nothing outside the file is ever read and no entity is ever expanded: a DOCTYPE is refused. What
cannot be told from the bytes alone passes a parser that only checks, and a tree is built of it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, BinaryIO, Generic, NamedTuple, TypeVar, cast

from lxml import etree

from core.bilingual import Bilingual
from core.errors import Unreadable
from core.evidence import Bytes
from core.formats.camt.opening import BLANK, SAFE, Opening, events_of, local, lone_ampersand, reason

BLOCK = 64 * 1024
LARGEST = 16 * 1024 * 1024  # bytes between two events: no more than that is ever held

LONE_AMPERSAND = re.compile(rb"&(?!#?[A-Za-z0-9]{1,31};)")
K = TypeVar("K")


class Located(NamedTuple):
    """An element that has just ended, in the tree, and where it stands in the file."""

    name: str
    place: Bytes
    element: etree._Element


class SiblingRun(NamedTuple, Generic[K]):
    """Elements of the first name right behind another one: what each says, and where it stands.

    They are known by their bytes alone, and not in the tree.
    """

    values: list[K]
    places: list[Bytes]


def locate(
    source: BinaryIO,
    opening: Opening,
    names: Sequence[str],
    by_bytes: Callable[[bytes, str], K | None],
) -> Iterator[Located | SiblingRun[K]]:
    """Each element of these names, the most frequent named first, as it ends; and its bytes.

    `source` goes on after the opening's head. `by_bytes` says what an element of the first name is
    by its bytes and their encoding, free of comments and CDATA, None unless they are sound XML;
    else it is in the tree. The caller deletes the elements that it is done with, never the one just
    located. Raises Unreadable, with line and byte, where the file stops being XML.
    """
    reader = _Reader(opening, names, by_bytes)
    # What precedes the first of them, as the XML declaration does, hides more than what follows.
    before, first, after = opening.head.partition(reader.opens)
    ended = False
    try:
        for block in chain((before, first + after), iter(lambda: source.read(BLOCK), b"")):
            yield from reader.feed(block)
        ended = True
        yield from reader.finish()
    except etree.XMLSyntaxError as error:
        en, de = ("by its end at", "am Ende bei") if ended else ("near", "nahe")
        problem = reason(error)
        raise Unreadable(
            Bilingual(
                f"The XML is broken {en} byte {reader.fed}: {problem.en}.",
                f"Das XML ist {de} Byte {reader.fed} fehlerhaft: {problem.de}.",
            )
        ) from None


class _Reader(Generic[K]):
    """Feeds the parsers such that it is known at which byte each of their events happened.

    A tag ends with the very `>` that makes the parser report it and begins with the last `<`
    before that, for no name or attribute holds one. So feeding `>` by `>` is exact, in every
    encoding and whatever comments and CDATA say. A stretch that has none of these can be fed at
    once, since each of its tags is what it looks like: a pattern finds them. There, an element
    that follows another of its name with nothing but blanks between is its sibling, and need not
    be in the tree to be known.
    """

    def __init__(
        self, opening: Opening, names: Sequence[str], by_bytes: Callable[[bytes, str], K | None]
    ) -> None:
        self.fed = 0
        self._encoding = opening.encoding
        self._by_bytes = by_bytes
        # Without a DOCTYPE there are no entities to expand, and only a parser that would expand
        # them complains of one that nobody declared.
        self._check = etree.XMLParser(
            target=cast(Any, _IgnoringTarget()), resolve_entities=True, **SAFE
        )
        tags = [f"{{*}}{name}" for name in names]
        self._tree = etree.XMLPullParser(("start", "end"), tag=tags, resolve_entities=True, **SAFE)
        self.opens, self._closes = f"<{names[0]}>".encode(), f"</{names[0]}>".encode()
        name = "|".join(names)
        self._tag = re.compile(
            rf"<(/)?(?:[^\s<>/!?:]+:)?(?:{name})(?:\s(?:\"[^\"]*\"|'[^']*'|[^<>\"'])*?)?(/)?>".encode()
        )
        self._unfed = b""
        self._open: list[int] = []
        self._event_at = 0
        self._hidden = True  # this may be the inside of a comment, CDATA or the like
        self._after_sibling = (
            False  # an element of the first name has ended, and nothing came since
        )

    def feed(self, block: bytes) -> Iterator[Located | SiblingRun[K]]:
        """Feed on, up to the last element or `<` of what has come so far: only whole tags."""
        self._unfed += block
        if self.fed + len(self._unfed) - self._event_at > LARGEST:
            raise Unreadable(
                Bilingual(
                    f"After byte {self._event_at} no booking begins or ends for more than"
                    f" {LARGEST >> 20} MiB; that much is not taken in one.",
                    f"Nach Byte {self._event_at} beginnt oder endet auf mehr als"
                    f" {LARGEST >> 20} MiB keine Buchung; so viel wird nicht auf einmal gelesen.",
                )
            )
        last = self._unfed.rfind(self._closes)
        if last >= 0:
            stop = last + len(self._closes)
        else:
            stop = _rfind(self._unfed, self._encoding.less, len(self._unfed))
        if stop > 0:
            piece, self._unfed = self._unfed[:stop], self._unfed[stop:]
            yield from self._read(piece)

    def finish(self) -> Iterator[Located | SiblingRun[K]]:
        """Feed what is left, and have the document checked to be whole."""
        yield from self._read(self._unfed)
        self._check.close()
        self._tree.close()

    def _read(self, piece: bytes) -> Iterator[Located | SiblingRun[K]]:
        encoding = self._encoding.codec
        if encoding is None or self._hidden or _hides(piece):
            yield from self._read_stepwise(piece)
        else:
            yield from self._read_mostly_known(piece, encoding)
        self.fed += len(piece)

    def _read_mostly_known(self, piece: bytes, encoding: str) -> Iterator[Located | SiblingRun[K]]:
        done = 0
        while (start := piece.find(self.opens, done)) >= 0:
            if self._after_sibling:
                run, end = self._run(piece, done, encoding)
                if run.values:
                    self._check.feed(_blank(piece[done:end]))
                    self._event_at, done = self.fed + end, end
                    yield run
                    continue
            closes = piece.find(self._closes, start)
            if closes < 0:
                break
            end = closes + len(self._closes)
            yield from self._read_at_once(piece, done, end)
            self._after_sibling, done = True, end
        if done < len(piece):
            yield from self._read_at_once(piece, done, len(piece))

    def _run(self, piece: bytes, done: int, encoding: str) -> tuple[SiblingRun[K], int]:
        """What is known from there on, one right behind the other, and where that ends."""
        run: SiblingRun[K] = SiblingRun([], [])
        blanks = BLANK.encode()
        while (start := piece.find(self.opens, done)) >= 0 and not piece[done:start].strip(blanks):
            closes = piece.find(self._closes, start)
            if closes < 0:
                break
            end = closes + len(self._closes)
            value = self._by_bytes(piece[start:end], encoding)
            if value is None:
                break
            run.values.append(value)
            run.places.append(Bytes(self.fed + start, self.fed + end))
            done = end
        return run, done

    def _read_at_once(
        self, piece: bytes, begin: int, stop: int
    ) -> Iterator[Located | SiblingRun[K]]:
        self._after_sibling = False
        self._check.feed(piece[begin:stop])
        self._tree.feed(piece[begin:stop])
        events = events_of(self._tree)
        if not events:
            return
        tags = list(self._tag.finditer(piece, begin, stop))
        starts = [tag.start() for tag in tags if not tag[1]]
        ends = [tag.end() for tag in tags if tag[1] or tag[2]]
        begun = sum(event == "start" for event, _ in events)
        if (len(starts), len(ends)) != (begun, len(events) - begun):
            if lone := LONE_AMPERSAND.search(piece, begin, stop):
                raise Unreadable(lone_ampersand(self.fed + lone.start()))
            self._check.feed(piece[stop:])  # which may tell better what is wrong
            raise Unreadable(
                Bilingual(
                    f"A tag after byte {self.fed + begin} is broken, or misleads.",
                    f"Ein Tag nach Byte {self.fed + begin} ist fehlerhaft oder irreführend.",
                )
            )
        start, end = iter(starts), iter(ends)
        for event, element in events:
            if event == "start":
                self._note(next(start))
            else:
                yield self._locate(element, next(end))

    def _read_stepwise(self, piece: bytes) -> Iterator[Located | SiblingRun[K]]:
        self._after_sibling = False
        self._check.feed(piece)
        done = 0
        while done < len(piece):
            stop = _find(piece, self._encoding.greater, done)
            self._tree.feed(piece[done:stop])
            events = events_of(self._tree)
            for event, element in events:
                if event == "start":
                    self._note(_rfind(piece, self._encoding.less, stop))
                else:
                    yield self._locate(element, stop)
            part = piece[done:stop]
            self._hidden = not events and (self._hidden or _hides(part))
            done = stop

    def _note(self, start: int) -> None:
        self._event_at = self.fed + start
        self._open.append(self._event_at)

    def _locate(self, element: etree._Element, end: int) -> Located:
        place = Bytes(self._open.pop(), self.fed + end)
        self._event_at = place.end
        return Located(local(element.tag), place, element)


class _IgnoringTarget:
    """Wants nothing of what a parser finds, so that it only checks."""

    def close(self) -> None:
        """The document is whole."""


def _hides(piece: bytes) -> bool:
    """Whether a comment, CDATA or processing instruction begins; its text may look like tags."""
    # One byte is sought much faster than two, and is seldom there.
    return (b"!" in piece and b"<!" in piece) or (b"?" in piece and b"<?" in piece)


def _blank(data: bytes) -> bytes:
    """Blanks in as many lines as the data, so that errors behind it are named by their place."""
    return b"\n" * data.count(b"\n") + b" " * (len(data) - data.rfind(b"\n") - 1)


def _find(data: bytes, char: bytes, start: int) -> int:
    """The end of the first such character at or after `start`, else the end of the data."""
    at = data.find(char, start)
    while at % len(char) and at >= 0:
        at = data.find(char, at + 1)
    return at + len(char) if at >= 0 else len(data)


def _rfind(data: bytes, char: bytes, end: int) -> int:
    """Where the last such character before `end` begins, else -1."""
    at = data.rfind(char, 0, end)
    while at % len(char) and at >= 0:
        at = data.rfind(char, 0, at + len(char) - 1)
    return at
