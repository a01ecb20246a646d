"""Passwords that are guessed first: what many people have, and what is made of it by a digit."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from unicodedata import normalize

LIST = Path(__file__).with_suffix(".txt")
SHORTEST_OWN = 4
"""So many letters of one's own have to be left of a password without one's name and address."""
LETTERS_FOR = str.maketrans("@4310$57!", "aaelossti")
NO_LETTER = re.compile(r"[\W\d_]+")
NO_WORD = re.compile(r"[\W_]+")
REPEATED = re.compile(r"(.+?)\1+\Z")
ROWS = (
    "abcdefghijklmnopqrstuvwxyz", "qwertzuiopü", "qwertyuiop", "asdfghjklöä", "yxcvbnm", "zxcvbnm",
    "01234567890", "1234567890ß",
)  # fmt: skip
RUNS = (*ROWS, *(row[::-1] for row in ROWS))
SHORTEST_RUN = 3
FEW_LETTERS = 3
"""A password of no more different ones is the same again and again."""


def is_common(password: str, *own: str) -> bool:
    """Whether a password is one of those that are guessed first; `own` is its person's names.

    It is where all that it has besides digits and signs is a listed word, a run of keys, the same
    again and again, or the person's own name.
    """
    return any(_is_listed(each) for each in _readings(password)) or _is_of_own(password, own)


def _readings(password: str) -> Iterator[str]:
    """The password without what is usually put around and between, letters for digits or not."""
    folded = normalize("NFKC", password).casefold()
    for text in (folded, folded.translate(LETTERS_FOR), folded.rstrip("!.?0123456789")):
        for without in (NO_WORD, NO_LETTER):
            yield without.sub("", text)
            yield without.sub("", text.translate(LETTERS_FOR))


def _is_listed(text: str) -> bool:
    unit = match[1] if (match := REPEATED.match(text)) else text
    return text in _words() or unit in _words() or len(set(text)) <= FEW_LETTERS or _is_run(unit)


def _is_run(text: str) -> bool:
    """Whether it is made of nothing but keys that lie, or letters that stand, side by side."""
    while text:
        length = next(
            (n for n in range(len(text), 0, -1) if any(text[:n] in row for row in RUNS)), 0
        )
        if length < SHORTEST_RUN:
            return False
        text = text[length:]
    return True


def _is_of_own(password: str, own: tuple[str, ...]) -> bool:
    folded = normalize("NFKC", password).casefold()
    parts = {part for each in own for part in re.split(r"[\W_]+", each.casefold())}
    named = {part for part in parts if len(part) >= SHORTEST_OWN and part in folded}
    for part in sorted(named, key=len, reverse=True):
        folded = folded.replace(part, "")
    return bool(named) and len(NO_LETTER.sub("", folded)) < SHORTEST_OWN


@cache
def _words() -> frozenset[str]:
    lines = LIST.read_text("utf-8").splitlines()
    return frozenset(each for each in lines if not each.startswith("#"))
