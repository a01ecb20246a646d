"""A kind of paper that is no bank statement, and the words it is told by.

A title begins a line or a column of one; `signs` are words that such a paper has beside it. Titles
and signs are regular expressions over small letters.
"""

from dataclasses import dataclass
from typing import Self

from core.bilingual import Bilingual
from core.documents import DocumentKind

OTHER = DocumentKind.OTHER


@dataclass(frozen=True, slots=True, eq=False)
class Paper:
    """A kind of paper, with what it calls itself and what it holds."""

    kind: DocumentKind
    name: Bilingual
    titles: str
    signs: str

    @classmethod
    def of(cls, kind: DocumentKind, en: str, de: str, titles: str, signs: str) -> Self:
        """The paper of that name in English and German."""
        return cls(kind, Bilingual(en, de), titles, signs)
