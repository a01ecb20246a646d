"""What people read, in the languages of the web app; partners are told the English one."""

from dataclasses import dataclass
from datetime import date, datetime

SWAP = str.maketrans(",.", ".,")  # what stands between thousands, and before decimals


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in English and German."""

    en: str
    de: str


class Wrong(ValueError):
    """A value is not what it should be; `said` is why, its message the English of it."""

    def __init__(self, said: Text) -> None:
        super().__init__(said.en)
        self.said = said


def grouped(number: int) -> Text:
    """A number, its thousands set apart."""
    return Text(f"{number:,}", f"{number:,}".translate(SWAP))


def day(on: date) -> Text:
    """A day as ISO 8601 has it, and as Germans write it."""
    return Text(f"{on}", f"{on:%d.%m.%Y}")


def minute(at: datetime) -> Text:
    """A moment, likewise, to the minute."""
    return Text(f"{at:%Y-%m-%d %H:%M}", f"{at:%d.%m.%Y, %H:%M} Uhr")
