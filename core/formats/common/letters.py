"""Letters that programs of old wrote: DOS's code page 850, and the German ones of DIN 66003."""

import re

DOS = "cp850"
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
    if text.isascii():
        return False
    raw = text.encode("latin-1")
    return _is_of_words(raw.decode(DOS)) and not _is_of_words(raw.decode("cp1252", "replace"))


def _is_of_words(text: str) -> bool:
    """Whether each letter beyond ASCII is one of a word, small or large as those beside it."""
    for at, letter in enumerate(text):
        if letter.isascii():
            continue
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        inside = before.isalpha() and (letter == "ß" or letter.islower() or before.isupper())
        begins = not before.isalpha() and letter.isupper() and after.isalpha()
        if letter not in LETTERS or not (inside or begins):
            return False
    return True


def is_din_66003(texts: list[str]) -> bool:
    """Whether all brackets, bars and tildes of these texts stand in words, where letters would."""
    together = "\0".join(texts)
    signs = len(SIGNS.findall(together))
    if not signs or not together.isascii() or MARKED.search(together):
        return False
    paired = "[" in together and "]" in together and re.search(r"\[[^\]\0]*\]", together)
    return not paired and signs == len(IN_WORDS.findall(together))
