"""Statements: what the bank says, and where in the file each line of it stands."""

from core.statements.commands import ParsedDocument, assemble, replace_of_document, with_currency
from core.statements.model import (
    Account,
    Balance,
    Detail,
    Statement,
    StatementKind,
    StoredStatement,
    StoredTransaction,
    Transaction,
)
from core.statements.overlap import counted, mark_duplicates, overlaps, repeats
from core.statements.store import (
    TransactionFilter,
    all_transactions,
    by_ids,
    delete_of_document,
    label,
    list_by_cursor,
    list_by_page,
    of_application,
)

__all__ = [
    "Account",
    "Balance",
    "Detail",
    "ParsedDocument",
    "Statement",
    "StatementKind",
    "StoredStatement",
    "StoredTransaction",
    "Transaction",
    "TransactionFilter",
    "all_transactions",
    "assemble",
    "by_ids",
    "counted",
    "delete_of_document",
    "label",
    "list_by_cursor",
    "list_by_page",
    "mark_duplicates",
    "of_application",
    "overlaps",
    "repeats",
    "replace_of_document",
    "with_currency",
]
