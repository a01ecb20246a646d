"""What a report is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from core.analysis import Month, StoredFigure
from core.applications import Application
from core.clients import Partner
from core.documents import Document
from core.questions import Answer
from core.statements import StoredTransaction

SHOWN = 20
"""How much of its evidence a figure or an answer carries itself; the rest is a page away."""


class Language(StrEnum):
    """The languages that a report is written in."""

    ENGLISH = "en"
    GERMAN = "de"


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found about an application; `shown` is the beginning of each evidence."""

    application: Application
    figures: Sequence[StoredFigure]
    answers: Sequence[Answer]
    months: Sequence[Month]
    shown: Mapping[UUID, StoredTransaction]


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """A report that is to be kept: with the documents that it rests on, in one language."""

    report: Report
    partner: Partner | None
    documents: Sequence[Document]
    language: Language

    @property
    def is_sandbox(self) -> bool:
        """Whether all of it was made up, or handed in to try things out."""
        return self.partner is not None and self.partner.test
