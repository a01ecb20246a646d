"""In which letters a table is written that is no UTF-8, and what was lost of them on its way."""

import re
from collections.abc import Sequence

# Letters of the languages of banks that are read; what a wrong code page makes of them is rare.
USUAL = frozenset("äöüßéèàâêîôûçëïáíóúñãõåæøčšžřěůýťďňąćęłńśźżőűăâîșțģķļņāēīūėįų€–’“”„·°§´«»")
FREQUENT = frozenset("äöüßéèàçñøåæóíáúêôãąćęłśżčšřžýě€")
UNUSUAL = frozenset("¬√∂ƒ≈∆…‰ˆ˜◊∫ªº¶™¡¿¢¥÷×¤¦¨¸¯¬±³¹²¼½¾µ¹ÐÞþðŒ")
WESTERN, CENTRAL = (
    ("cp1252", "iso-8859-15", "mac_roman", "cp850"),
    ("cp1250", "iso-8859-2", "cp852"),
)
PAGES = (*WESTERN, *CENTRAL)
SIGNS = frozenset("+-−")
ALONE = frozenset("àéèóåæøíáúîýž")  # letters that are words
LOST = re.compile("[?\ufffd]+")  # what stands for a letter that was lost
# UTF-8 that was taken for Windows' code page, and written as UTF-8 again.
TWICE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{1,3}"
)


def code_page(head: bytes) -> str:
    """The code page in which a text that is no UTF-8 has the likeliest letters.

    That is Windows' own, unless another makes words of it and this does not.
    """
    best = max(PAGES, key=lambda page: (_likely(head, page), -PAGES.index(page)))
    return best if _likely(head, best) > _likely(head, "cp1252") else "cp1252"


def _likely(head: bytes, page: str) -> int:
    """How well the letters beyond ASCII fit the words in which they stand."""
    text = f" {head.decode(page, 'replace')} "
    marks = ((at, each) for at, each in enumerate(text) if not each.isascii())
    return sum(_fit(text[at - 1], each, text[at + 1]) for at, each in marks)


def _fit(before: str, letter: str, behind: str) -> int:
    """How likely a letter is between those two: 1 or 2, or less than nothing."""
    beside_figure = any(each.isdigit() or each in SIGNS for each in (before, behind))
    if letter == "£" and beside_figure:
        return 1
    if letter in UNUSUAL or letter == "\ufffd" or letter.lower() not in USUAL:
        return -2
    if not letter.isalpha():
        return 1 if letter == "’" or not (before.isalpha() and behind.isalpha()) else -2
    if not (before.isalpha() or behind.isalpha()):
        return 1 if letter in ALONE and not beside_figure else -2
    small_among_capitals = letter.islower() and before.isupper() and behind.isupper()
    capital_within = letter.isupper() and before.isalpha() and behind.islower()
    if (small_among_capitals and letter != "ß") or capital_within:
        return -2
    return 2 if letter.lower() in FREQUENT else 1


def is_twice(text: str) -> bool:
    """Whether letters of a text were encoded twice, as programs do that mistake UTF-8."""
    return TWICE.search(text) is not None and repaired(text) != text


def repaired(text: str) -> str:
    """A text whose letters were encoded twice, as it was meant; others as they are."""
    if text.isascii():
        return text
    return TWICE.sub(_undone, text)


def _undone(match: re.Match[str]) -> str:
    raw = bytearray()
    for each in match[0]:
        try:
            raw += each.encode("cp1252")
        except UnicodeEncodeError:
            if ord(each) > 0xFF:
                return match[0]
            raw.append(ord(each))
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return match[0]


def lost_letters(parts: Sequence[str]) -> re.Pattern[str]:
    """What a word may have been between whose parts a letter was lost.

    Some of them are written with two: ae.
    """
    return re.compile("[a-z]{1,2}".join(map(re.escape, parts)))
