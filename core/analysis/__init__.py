"""Analysis: what each booking is, and the figures that follow, each with its evidence."""

from core.analysis.books import MONTHS_NEEDED
from core.analysis.commands import (
    AccountCoverage,
    Analysis,
    StatementFindings,
    StatementListing,
    StatementOverview,
    TransactionListing,
    accounts,
    analyse,
    find_statements,
    label,
    list_transactions,
    save,
)
from core.analysis.components import (
    Component,
    ComponentName,
    Number,
    Subject,
    components,
)
from core.analysis.coverage import LONGEST_BRIDGE, LONGEST_WINDOW
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
from core.analysis.store import (
    EvidenceIds,
    StoredFigure,
    evidence_ids,
    list_beginnings,
    list_figures,
    list_months,
)

__all__ = [
    "FORMULAS",
    "LONGEST_BRIDGE",
    "LONGEST_WINDOW",
    "MONTHS_NEEDED",
    "AccountCoverage",
    "Analysis",
    "AnswerState",
    "Category",
    "Component",
    "ComponentName",
    "EvidenceIds",
    "Figure",
    "Missing",
    "MissingKind",
    "Month",
    "NoValueReason",
    "Number",
    "StatementFindings",
    "StatementListing",
    "StatementOverview",
    "StoredFigure",
    "Subject",
    "TransactionListing",
    "Unit",
    "Window",
    "accounts",
    "analyse",
    "components",
    "document_findings",
    "evidence_ids",
    "find_statements",
    "label",
    "list_beginnings",
    "list_figures",
    "list_months",
    "list_transactions",
    "save",
    "statement_findings",
]
