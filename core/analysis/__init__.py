"""Analysis: what each booking is, and the figures that follow, each with its evidence."""

from core.analysis.commands import AccountCoverage, Analysis, accounts, analyse, label, save
from core.analysis.figures import FORMULAS
from core.analysis.model import (
    AnswerState,
    Category,
    Figure,
    Missing,
    MissingKind,
    Month,
    NoValueReason,
    Unit,
    Window,
)
from core.analysis.ownership import document_findings, statement_findings
from core.analysis.store import StoredFigure, evidence, figures, months

__all__ = [
    "FORMULAS",
    "AccountCoverage",
    "Analysis",
    "AnswerState",
    "Category",
    "Figure",
    "Missing",
    "MissingKind",
    "Month",
    "NoValueReason",
    "StoredFigure",
    "Unit",
    "Window",
    "accounts",
    "analyse",
    "document_findings",
    "evidence",
    "figures",
    "label",
    "months",
    "save",
    "statement_findings",
]
