"""International account numbers (ISO 13616): found in a text, and held to their check digits."""

import re
from functools import lru_cache

from core.bilingual import Bilingual

SHAPE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
GERMAN = re.compile(r"\bDE(?: ?[\dOQDIlSBZ]){20}\b")
LETTERS_FOR_DIGITS = str.maketrans("OQDIlSBZ", "00011582")
PRINTED = re.compile(r"\b([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?)\b")


def ibans(text: str) -> list[str]:
    """What looks like an IBAN in a text, without blanks, right or wrong."""
    return [re.sub(r"\s", "", match) for match in PRINTED.findall(text)]


def misread_ibans(text: str) -> list[str]:
    """German IBANs with letters read for digits, put right where the check digits then are."""
    found = (re.sub(r"\s", "", match) for match in GERMAN.findall(text))
    right = ("DE" + match[2:].translate(LETTERS_FOR_DIGITS) for match in found)
    return [each for each in right if is_iban(each)]


@lru_cache(maxsize=4096)
def is_iban(number: str) -> bool:
    """Whether the check digits are right (ISO 7064, mod 97)."""
    if not SHAPE.fullmatch(number):
        return False
    turned = number[4:] + number[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def wrong_digits(iban: str) -> Bilingual:
    """What is said of an IBAN whose check digits are wrong."""
    return Bilingual(
        f"The check digits of IBAN {iban} are wrong.",
        f"Die Prüfziffern der IBAN {iban} sind falsch.",
    )
