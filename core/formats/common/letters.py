"""Letters that programs of old wrote: DOS's code page 850, and the German ones of DIN 66003."""

import re

DOS = "cp850"
BEYOND = re.compile(r"[^\x00-\x7f]")
UMLAUTS = b"\x81\x84\x8e\x94\x99\x9a\xe1"  # in that code page
LETTERS = frozenset("äöüßÄÖÜéèêëçñåøæÅØÆÉ")
# In DIN 66003 these signs of ASCII are letters.
DIN_66003 = str.maketrans("[\\]{|}~", "ÄÖÜäöüß")
SIGNS = re.compile(r"[\[\\\]{|}~]")
IN_WORDS = re.compile(
    r"(?<=[A-ZÄÖÜ])[\[\\\]](?=[A-Za-z]|\b)|(?<![A-Za-z:/.])[\[\\\]](?=[A-Za-z]{2})"
    r"|(?<=[A-Za-z])[{|}~](?=[a-z])|(?<=[a-z])[{}~](?=[\s,.;-]|\Z)|(?<=[A-Z])~(?=[A-Z])"
)
MARKED = re.compile(r"86:[0-9]{3}[~|{}\[\]\\]|86:~[0-9]{2}")


def is_dos(text: str) -> bool:
    """Whether a text read as Latin-1 is of code page 850: only so all of it is letters of words."""
    raw = text.encode("latin-1")
    if raw.isascii() or len(raw.translate(None, UMLAUTS)) == len(raw):
        return False
    try:
        raw.decode()
    except UnicodeDecodeError:
        return _is_of_words(raw.decode(DOS)) and not _is_of_words(raw.decode("cp1252", "replace"))
    return False


def _is_of_words(text: str) -> bool:
    """Whether each letter beyond ASCII is one of a word, small or large as those beside it."""
    for found in BEYOND.finditer(text):
        at, letter = found.start(), found[0]
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        inside = before.isalpha() and (letter == "ß" or letter.islower() or before.isupper())
        begins = not before.isalpha() and letter.isupper() and after.isalpha()
        if letter not in LETTERS or not (inside or begins):
            return False
    return True


def is_din_66003(texts: list[str]) -> bool:
    """Whether all brackets, bars and tildes of these texts stand in words, where letters would."""
    together = "\0".join(texts)
    if not any(each in together for each in "[\\]{|}~"):
        return False
    signs = len(SIGNS.findall(together))
    if not together.isascii() or MARKED.search(together):
        return False
    paired = "[" in together and "]" in together and re.search(r"\[[^\]\0]*\]", together)
    return not paired and signs == len(IN_WORDS.findall(together))
