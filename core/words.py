"""What people read, in the languages of the web app; partners are told the English one."""

from dataclasses import dataclass


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
    return Text(f"{number:,}", f"{number:,}".replace(",", "."))
