"""What a report is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.analysis import AccountStanding, Figure, Month, StoredFigure
from core.applications import Application
from core.clients import Partner
from core.documents import Document
from core.questions import Answer
from core.statements import StoredStatement, StoredTransaction

SHOWN = 20
"""How much of its evidence a figure or an answer carries itself; the rest is a page away."""


class Language(StrEnum):
    """The languages that a report is written in."""

    ENGLISH = "en"
    GERMAN = "de"


@dataclass(frozen=True, slots=True)
class FigureSummary:
    """An application and its figures, without what they rest on."""

    application: Application
    figures: Sequence[StoredFigure]


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found about an application.

    `shown` are the first transactions that each figure rests on, `statements` are all there are.
    """

    application: Application
    figures: Sequence[StoredFigure]
    answers: Sequence[Answer]
    months: Sequence[Month]
    shown: Mapping[str, Sequence[StoredTransaction]]
    statements: Sequence[StoredStatement]

    def statements_of(self, figure: Figure) -> list[StoredStatement]:
        """The statements that a figure rests on, in the order in which all are listed."""
        chosen = set(figure.statements)
        return [each for each in self.statements if each.id in chosen]


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """A report that is to be kept: with the documents and accounts it rests on, in one language."""

    report: Report
    partner: Partner | None
    documents: Sequence[Document]
    language: Language
    accounts: Sequence[AccountStanding] = ()

    @property
    def is_sandbox(self) -> bool:
        """Whether all of it was made up, or handed in to try things out."""
        return self.partner is not None and self.partner.test
