"""A place in a file as text: the bytes themselves, and some lines around them."""

import codecs
import re

BEFORE, AFTER = 800, 600  # bytes; even, so that two-byte characters stay whole
LONGEST = 256 * 1024  # bytes shown of one booking; a batch may be larger than anyone reads

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
DECLARED = re.compile(rb"""<\?xml[^>]*\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


def encoding(opening: bytes) -> str:
    """How a file is encoded, by its first bytes; UTF-8 where it does not say."""
    for mark, name in MARKS:
        if opening.startswith(mark):
            return name
    declared = DECLARED.search(opening)
    if declared:
        try:
            return codecs.lookup(declared[1].decode()).name
        except LookupError:
            return "utf-8"
    return "utf-8"


def excerpt(around: bytes, start: int, end: int, name: str) -> tuple[str, str, str]:
    """What stands before, at and after [start, end) of the bytes; whole lines where there are any.

    A character cut in two at the rim is dropped; bytes that are no text show as U+FFFD.
    """
    before = around[:start].decode(name, "replace").lstrip("\ufffd\ufeff")
    marked = around[start:end].decode(name, "replace")
    after = around[end:].decode(name, "replace").rstrip("\ufffd")
    if len(around[:start]) >= BEFORE:
        before = before.partition("\n")[2] or before
    if len(around[end:]) >= AFTER:
        after = after.rpartition("\n")[0] or after
    return before, marked, after
