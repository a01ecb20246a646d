"""Statements: what the bank says, and where in the file each line of it stands."""

from core.statements.commands import Understood, keep, taken_in, understand
from core.statements.model import Account, Balance, Detail, Kept, Recorded, Statement, Transaction
from core.statements.overlap import counted, mark_duplicates, overlaps, repeats
from core.statements.store import (
    Filter,
    all_transactions,
    by_ids,
    forget,
    label,
    numbered,
    of_application,
    page,
)

__all__ = [
    "Account",
    "Balance",
    "Detail",
    "Filter",
    "Kept",
    "Recorded",
    "Statement",
    "Transaction",
    "Understood",
    "all_transactions",
    "by_ids",
    "counted",
    "forget",
    "keep",
    "label",
    "mark_duplicates",
    "numbered",
    "of_application",
    "overlaps",
    "page",
    "repeats",
    "taken_in",
    "understand",
]
