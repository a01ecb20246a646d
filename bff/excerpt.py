"""A place in a file as text: the bytes themselves, and some lines around them."""

import codecs
import re

BEFORE, AFTER = 800, 600  # bytes; even, so that two-byte characters stay whole
LONGEST = 256 * 1024  # bytes shown of one booking; a batch may be larger than anyone reads

LONGEST_CHARACTER = 4  # bytes in UTF-8

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
XML_ENCODING = re.compile(rb"""<\?xml[^>]*\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


def encoding(opening: bytes) -> str:
    """How a file is encoded, by its first bytes; UTF-8 where it does not say."""
    for mark, name in BYTE_ORDER_MARKS:
        if opening.startswith(mark):
            return name
    if b"\0" in opening[:2]:  # a letter and a zero: UTF-16 without a mark
        return "utf-16-be" if opening[:1] == b"\0" else "utf-16-le"
    declared = XML_ENCODING.search(opening)
    if declared:
        try:
            return codecs.lookup(declared[1].decode()).name
        except LookupError:
            return "utf-8"
    return "utf-8"


def excerpt(around: bytes, start: int, end: int, name: str) -> tuple[str, str, str]:
    """What stands before, at and after [start, end) of the bytes; whole lines where there are any.

    A character cut in two at the rim is dropped; bytes that are no text show as U+FFFD. What was
    taken for UTF-8 and is not is Windows' cp1252, which German banks write without saying so.
    """
    if name == "utf-8" and not _is_utf8(around):
        name = "cp1252"
    before = around[:start].decode(name, "replace").lstrip("\ufffd\ufeff")
    marked = around[start:end].decode(name, "replace")
    after = around[end:].decode(name, "replace").rstrip("\ufffd")
    if len(around[:start]) >= BEFORE:
        before = before.partition("\n")[2] or before
    if len(around[end:]) >= AFTER:
        after = after.rpartition("\n")[0] or after
    return before, marked, after


def _is_utf8(around: bytes) -> bool:
    """Whether the bytes are UTF-8, but for a character cut in two at either rim."""
    for cut in range(LONGEST_CHARACTER):
        try:
            codecs.getincrementaldecoder("utf-8")().decode(around[cut:])
        except UnicodeDecodeError:
            continue
        return True
    return False
