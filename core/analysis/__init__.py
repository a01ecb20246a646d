"""Analysis: what each booking is, and the figures that follow, each with its evidence."""

from core.analysis.commands import Analysis, Covered, accounts, analyse, keep, label
from core.analysis.figures import FORMULAS
from core.analysis.model import (
    Category,
    Figure,
    Kind,
    Missing,
    Month,
    Reason,
    State,
    Unit,
    Window,
)
from core.analysis.ownership import doubts, strangeness
from core.analysis.store import Computed, evidence, figures, months

__all__ = [
    "FORMULAS",
    "Analysis",
    "Category",
    "Computed",
    "Covered",
    "Figure",
    "Kind",
    "Missing",
    "Month",
    "Reason",
    "State",
    "Unit",
    "Window",
    "accounts",
    "analyse",
    "doubts",
    "evidence",
    "figures",
    "keep",
    "label",
    "months",
    "strangeness",
]
