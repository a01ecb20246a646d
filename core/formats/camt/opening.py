"""How an XML file begins: how it is written, and its outermost elements.

Nothing outside the file is ever read and no entity is ever expanded: a DOCTYPE is refused.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, TypedDict, cast

from lxml import etree

from core.bilingual import Bilingual
from core.errors import Unreadable

BLANK = " \t\r\n"  # what is white space to XML
DECLARED = re.compile(rb"\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([\w.-]+)")
# In these every byte that looks like `<` or `>` is one; UTF-7 or ISO-2022 would deceive.
ENCODING = re.compile(
    r"utf-?8|utf-?16(le|be)?|(us-?)?ascii|iso[-_]?8859-\d+|latin-?1|(windows-|cp)125\d", re.ASCII
)


class _Options(TypedDict):
    no_network: bool
    load_dtd: bool
    huge_tree: bool
    remove_blank_text: bool
    remove_comments: bool
    remove_pis: bool
    collect_ids: bool


# A parser reaches nothing outside the file and keeps no more than is asked for.
SAFE: _Options = {
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_blank_text": True,
    "remove_comments": True,
    "remove_pis": True,
    "collect_ids": False,
}

Event = tuple[Literal["start", "end"], etree._Element]


@dataclass(frozen=True, slots=True)
class XmlEncoding:
    """How a file writes `<` and `>`, and its encoding where these are single bytes."""

    less: bytes
    greater: bytes
    codec: str | None


@dataclass(frozen=True, slots=True)
class Opening:
    """How a file begins: its first bytes, its outermost elements, and how it is written."""

    head: bytes
    names: tuple[str, ...]
    encoding: XmlEncoding


def local(tag: str) -> str:
    """A tag's name without its namespace."""
    return tag.rpartition("}")[2]


def namespace(element: etree._Element) -> str:
    """The element's namespace as it is written before a name: `{urn:...}`, or nothing."""
    tag = element.tag
    return tag[: tag.rfind("}") + 1]


def peek(head: bytes, until: Collection[str]) -> Opening:
    """The opening of a file by its first bytes, down to the first element that `until` names."""
    encoding = _encoding(head)
    parser = etree.XMLPullParser(("start",), resolve_entities=False, **SAFE)
    names: list[str] = []
    for at in range(0, len(head), 1024):
        error = _feed(parser, head[at : at + 1024])
        for _, element in events_of(parser):
            if element.getroottree().docinfo.internalDTD is not None:
                raise Unreadable(
                    Bilingual(
                        "The file declares a DOCTYPE; files with one are refused.",
                        "Die Datei enthält eine DOCTYPE-Angabe; solche Dateien werden abgelehnt.",
                    )
                )
            names.append(local(element.tag))
            if names[-1] in until:
                return Opening(head, tuple(names), encoding)
        if error is not None:
            problem = reason(error)
            raise Unreadable(
                Bilingual(
                    f"The file is not XML that can be read: {problem.en}.",
                    f"Die Datei ist kein lesbares XML: {problem.de}.",
                )
            )
    return Opening(head, tuple(names), encoding)


def events_of(parser: etree.XMLPullParser) -> list[Event]:
    """What has happened in the parser since it was asked last."""
    return cast(list[Event], list(parser.read_events()))


def reason(error: Exception) -> Bilingual:
    """What the parser found, said for whoever sent the file."""
    message = str(error).split(" (<")[0]
    if "xcessive depth" in message:
        return Bilingual(
            f"its elements are nested too deeply ({message})",
            f"Die Elemente sind zu tief verschachtelt ({message})",
        )
    if "EntityRef" in message:
        return Bilingual(
            f"an ampersand (&) stands by itself, where &amp; would have to ({message})",
            f"Ein Und-Zeichen (&) steht für sich, wo &amp; stehen müsste ({message})",
        )
    if not message:
        return Bilingual("it is empty", "Sie ist leer")
    return Bilingual(message, f"Der XML-Parser meldet „{message}“")


def lone_ampersand(byte: int) -> Bilingual:
    """What is said of an ampersand that is not written as XML has it."""
    return Bilingual(
        f"The XML is broken: the ampersand (&) at byte {byte} stands by itself, where &amp; would"
        " have to. Ask the bank for a file that is sound XML.",
        f"Das XML ist fehlerhaft: Das Und-Zeichen (&) bei Byte {byte} steht für sich, wo &amp;"
        " stehen müsste. Bitte bei der Bank eine Datei in gültigem XML anfordern.",
    )


def _feed(parser: etree.XMLPullParser, data: bytes) -> Exception | None:
    """Feed the parser; an error is handed back, for what came before it has been parsed."""
    try:
        parser.feed(data)
    except (etree.XMLSyntaxError, LookupError) as error:
        return error
    return None


def _encoding(head: bytes) -> XmlEncoding:
    """How this file is written; Unreadable where its encoding could hide a `<` or `>`."""
    if head.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"<\0\0\0", b"\0\0\0<")):
        raise Unreadable(_unsupported("UTF-32"))
    if head.startswith((b"\xff\xfe", b"<\0")):
        return XmlEncoding(b"<\0", b">\0", None)
    if head.startswith((b"\xfe\xff", b"\0<")):
        return XmlEncoding(b"\0<", b"\0>", None)
    declared = DECLARED.match(head.removeprefix(b"\xef\xbb\xbf"))
    encoding = declared[1].decode().lower() if declared else "utf-8"
    if not ENCODING.fullmatch(encoding):
        raise Unreadable(_unsupported(encoding[:40]))
    return XmlEncoding(b"<", b">", encoding)


def _unsupported(encoding: str) -> Bilingual:
    return Bilingual(
        f"The file's encoding, {encoding}, is not supported.",
        f"Die Zeichenkodierung der Datei, {encoding}, wird nicht unterstützt.",
    )
