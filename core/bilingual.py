"""What people read, in the languages of the web app; partners are told the English one."""

from dataclasses import dataclass
from datetime import date, datetime

SWAP = str.maketrans(",.", ".,")  # what stands between thousands, and before decimals


@dataclass(frozen=True, slots=True)
class Bilingual:
    """The same words in English and German."""

    en: str
    de: str


class InvalidValue(ValueError):
    """A value is not what it should be; `reason` says why, its message the English of it."""

    def __init__(self, reason: Bilingual) -> None:
        super().__init__(reason.en)
        self.reason = reason


def grouped(number: int) -> Bilingual:
    """A number, its thousands set apart."""
    return Bilingual(f"{number:,}", f"{number:,}".translate(SWAP))


def day(on: date) -> Bilingual:
    """A day as ISO 8601 has it, and as Germans write it."""
    return Bilingual(f"{on}", f"{on:%d.%m.%Y}")


def minute(at: datetime) -> Bilingual:
    """A moment, likewise, to the minute."""
    return Bilingual(f"{at:%Y-%m-%d %H:%M}", f"{at:%d.%m.%Y, %H:%M} Uhr")
