"""Statements: what the bank says, and where in the file each line of it stands."""

from typing import TYPE_CHECKING

from core.face import later
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
from core.statements.overlap import (
    counting_statements,
    mark_duplicates,
    overlap_findings,
    repeated_statements,
)
from core.statements.room import require_room

if TYPE_CHECKING:
    from core.statements.commands import (
        ParsedDocument,
        assemble,
        replace_of_document,
        with_currency,
    )
    from core.statements.rows import statement_from_row
    from core.statements.store import (
        TransactionFilter,
        all_transactions,
        by_ids,
        count_bookings,
        count_statements,
        list_accounts,
        list_by_cursor,
        list_by_page,
        list_for_application,
        list_of_accounts,
        list_statements_by_cursor,
        rows_of_application,
        update_labels,
    )
else:
    __getattr__ = later(__name__, "commands", "rows", "store")

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
    "count_bookings",
    "count_statements",
    "counting_statements",
    "list_accounts",
    "list_by_cursor",
    "list_by_page",
    "list_for_application",
    "list_of_accounts",
    "list_statements_by_cursor",
    "mark_duplicates",
    "overlap_findings",
    "repeated_statements",
    "replace_of_document",
    "require_room",
    "rows_of_application",
    "statement_from_row",
    "update_labels",
    "with_currency",
]
