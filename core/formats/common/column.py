"""A column of texts, looked at as a whole: most of what is sought stands in few of them.

A search through all of them at once costs a tenth of one through each.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, compress

from core.formats.common.remittance import RETURNS, SIGNS, read_signs
from core.formats.common.texts import decode, tidy

Column = Sequence[str]
NUL = "\0"  # between texts of which none has any
_SIGNS = {form.encode() for sign in SIGNS for form in (sign, sign.replace("ü", "Ü"))}
BETWEEN = "|"  # texts that are looked at together; any letter that prints would do


def decoded(together: str, without: bytes = b"") -> str:
    """Texts read as Latin-1, NULs between them, each in the letters that were meant (`decode`).

    `without` are bytes that are left out of them.
    """
    if not without and together.isascii():
        return together
    raw = together.encode("latin-1").translate(None, without)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return NUL.join(map(decode, raw.decode("latin-1").split(NUL)))


def tidied(cells: Column) -> list[str]:
    """The texts on one line each, without runs of blanks: mostly they are so already."""
    text = BETWEEN.join(cells)
    blanks = ("  ", f" {BETWEEN}", f"{BETWEEN} ")
    if text.isprintable() and text.strip() == text and not any(each in text for each in blanks):
        return list(cells)
    return list(map(tidy, cells))


def headed(headings: Column, texts: Column) -> list[str]:
    """Each text below what the bank calls the booking, unless it says that itself."""
    return [
        text if heading in text else (f"{heading} {text}" if text else heading.rstrip())
        for heading, text in zip(headings, texts, strict=True)
    ]


def signs(gvcs: Sequence[str | None], texts: Column) -> tuple[list[str | None], list[bool]]:
    """Why payments were returned, and which the bank takes back itself, by their codes and texts.

    `texts` are tidied, so that none has a line break.
    """
    reasons: list[str | None] = [None] * len(texts)
    corrections = [False] * len(texts)
    rows = set(compress(range(len(texts)), map(RETURNS.__contains__, gvcs)))
    together = "\n".join(texts).encode().lower()  # bytes: letters beyond ASCII take ten times long
    row = last = 0
    for at in sorted(chain.from_iterable(_places(sign, together) for sign in _SIGNS)):
        row += together.count(b"\n", last, at)
        rows.add(row)
        last = at
    for row in rows:
        reasons[row], corrections[row] = read_signs(gvcs[row], texts[row])
    return reasons, corrections


def _places(sign: bytes, text: bytes) -> Iterator[int]:
    at = text.find(sign)
    while at >= 0:
        yield at
        at = text.find(sign, at + 1)
