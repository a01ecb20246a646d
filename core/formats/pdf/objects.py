"""The objects of a PDF file as they are written: enough of its syntax to compare them."""

import re
import zlib
from typing import Any, NamedTuple

SPACE = rb"[\x00\t\n\f\r ]"
TOKEN = re.compile(
    rb"(?:" + SPACE + rb"|%[^\r\n]*)*"
    rb"(?:(?P<ref>\d{1,10}" + SPACE + rb"+\d{1,5}" + SPACE + rb"+R)(?![^\x00\t\n\f\r ()<>\[\]{}/%])"
    rb"|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+))|(?P<name>/[^\x00\t\n\f\r ()<>\[\]{}/%]*)"
    rb"|(?P<open><<|\[)|(?P<close>>>|\])|(?P<string>\()|<(?P<hex>[0-9A-Fa-f\x00\t\n\f\r ]*)>"
    rb"|(?P<word>[A-Za-z]+))"
)
STRING = re.compile(rb"[^\\()]+|\\.|[()]", re.DOTALL)
BEGIN = re.compile(SPACE + rb"*(\d{1,10})" + SPACE + rb"+(\d{1,5})" + SPACE + rb"+obj")
STREAM = re.compile(SPACE + rb"*stream(\r\n|\n|\r)")
DEEPEST, MOST_TOKENS, MOST_BYTES = 30, 200_000, 20_000_000


class Malformed(ValueError):
    """Bytes that are no object of a PDF, or of one without end."""


class Name(str):
    """A name, without its stroke."""

    __slots__ = ()


class Ref(NamedTuple):
    """An object elsewhere in the file."""

    number: int
    generation: int


class PdfObject(NamedTuple):
    """A value (dict, list, Name, Ref, bytes, number, None) and a stream's bytes as written."""

    value: Any
    stream: bytes | None = None


def value_at(data: bytes, at: int) -> tuple[Any, int]:
    """The value that begins there, and where it ends; raises Malformed."""
    stack: list[Any] = []
    for _ in range(MOST_TOKENS):
        match = TOKEN.match(data, at)
        if match is None:
            break
        at, kind = match.end(), match.lastgroup
        if kind == "open":
            stack.append([match["open"]])
            if len(stack) > DEEPEST:
                break
            continue
        if kind == "close":
            if not stack:
                break
            opened, *items = stack.pop()
            if (opened == b"[") != (match["close"] == b"]"):
                break
            found: Any = items if opened == b"[" else _pairs(items)
        elif kind == "string":
            found, at = _string(data, at)
        else:
            found = _simple(match)
        if not stack:
            return found, at
        stack[-1].append(found)
    raise Malformed


def object_at(data: bytes, at: int, number: int) -> PdfObject:
    """The numbered object that begins there; raises Malformed where another does, or none."""
    match = BEGIN.match(data, at)
    if match is None or int(match[1]) != number:
        raise Malformed
    value, end = value_at(data, match.end())
    begins = STREAM.match(data, end) if isinstance(value, dict) else None
    if begins is None:
        return PdfObject(value)
    length = value.get("Length")
    if not isinstance(length, int) or not 0 <= length <= len(data) - begins.end():
        length = data.find(b"endstream", begins.end()) - begins.end()
        if length < 0:
            raise Malformed
    return PdfObject(value, data[begins.end() : begins.end() + length])


def inflated(found: PdfObject) -> bytes:
    """What a stream holds, up to 20 MB; raises Malformed where it is packed in an unusual way."""
    content, value = found.stream, found.value
    if content is None:
        raise Malformed
    filters = value.get("Filter") or []
    filters = filters if isinstance(filters, list) else [filters]
    if filters and filters != ["FlateDecode"]:
        raise Malformed
    if not filters:
        return content[:MOST_BYTES]
    try:
        content = zlib.decompressobj().decompress(content, MOST_BYTES)
    except zlib.error:
        raise Malformed from None
    parameters = value.get("DecodeParms")
    parameters = parameters[0] if isinstance(parameters, list) and parameters else parameters
    if isinstance(parameters, dict) and parameters.get("Predictor", 1) != 1:
        return _predicted(content, parameters)
    return content


def _predicted(content: bytes, parameters: dict[str, Any]) -> bytes:
    """Rows that are written as what differs from the row above (PNG's way)."""
    columns = parameters.get("Columns", 1)
    if parameters["Predictor"] < 10 or not isinstance(columns, int) or not 0 < columns < 1000:
        raise Malformed
    before, rows = bytes(columns), bytearray()
    for at in range(0, len(content) - columns, columns + 1):
        kind, row = content[at], bytearray(content[at + 1 : at + 1 + columns])
        if kind not in (0, 1, 2):
            raise Malformed
        for place in range(columns):
            if kind == 2:
                row[place] = (row[place] + before[place]) & 255
            elif kind == 1 and place:
                row[place] = (row[place] + row[place - 1]) & 255
        before = bytes(row)
        rows += row
    return bytes(rows)


def _pairs(items: list[Any]) -> dict[str, Any]:
    if len(items) % 2 or not all(isinstance(each, Name) for each in items[::2]):
        raise Malformed
    return dict(zip(map(str, items[::2]), items[1::2], strict=True))


def _simple(match: re.Match[bytes]) -> Any:
    match match.lastgroup:
        case "ref":
            number, generation, _ = match["ref"].split()
            return Ref(int(number), int(generation))
        case "number":
            number_text = match["number"]
            return float(number_text) if b"." in number_text else int(number_text)
        case "name":
            return Name(match["name"][1:].decode("latin-1"))
        case "hex":
            return b"<" + b"".join(match["hex"].split()).upper()
    word = match[0].split()[-1]
    if word in (b"true", b"false", b"null"):
        return {b"true": True, b"false": False}.get(word)
    raise Malformed


def _string(data: bytes, at: int) -> tuple[bytes, int]:
    """A string in parentheses, as it is written, and where it ends."""
    depth, first = 1, at
    for match in STRING.finditer(data, at):
        depth += {b"(": 1, b")": -1}.get(match[0], 0)
        if depth == 0:
            return data[first : match.start()], match.end()
    raise Malformed
