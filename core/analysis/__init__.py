"""Analysis: what each booking is, and the figures that follow, each with its evidence."""

from core.analysis.commands import (
    Analysis,
    Covered,
    StatementOverview,
    TransactionListing,
    accounts,
    analyse,
    label,
    list_transactions,
    overview,
    save,
)
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
from core.analysis.ownership import doubts, strangeness
from core.analysis.store import Computed, evidence, figures, months

__all__ = [
    "FORMULAS",
    "Analysis",
    "AnswerState",
    "Category",
    "Computed",
    "Covered",
    "Figure",
    "Missing",
    "MissingKind",
    "Month",
    "NoValueReason",
    "StatementOverview",
    "TransactionListing",
    "Unit",
    "Window",
    "accounts",
    "analyse",
    "doubts",
    "evidence",
    "figures",
    "label",
    "list_transactions",
    "months",
    "overview",
    "save",
    "strangeness",
]
