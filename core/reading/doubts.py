"""What findings about documents mean for the answers that rest on them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from uuid import UUID

from core.analysis import DocumentDoubt, ReservationKind
from core.documents import Document
from core.statements import StoredStatement

K = ReservationKind
TOUCHES = {
    "producer": K.DOCUMENT_ALTERED,
    "changed_after_creation": K.DOCUMENT_ALTERED,
    "made_before_its_end": K.DOCUMENT_ALTERED,
    "written_on": K.DOCUMENT_ALTERED,
    "type_changes_in_amount": K.DOCUMENT_ALTERED,
    "type_of_account": K.DOCUMENT_ALTERED,
    "type_of_amount": K.DOCUMENT_ALTERED,
    "text_over_text": K.DOCUMENT_ALTERED,
    "text_over_image": K.DOCUMENT_ALTERED,
    "hidden_amount": K.DOCUMENT_ALTERED,
    "covered_amount": K.DOCUMENT_ALTERED,
    "marked_amount": K.DOCUMENT_ALTERED,
    "running_balance": K.DOCUMENT_DOUBTFUL,
    "page_missing": K.DOCUMENT_DOUBTFUL,
    "reference_reused": K.DOCUMENT_DOUBTFUL,
    "doubtful_amount": K.DOCUMENT_DOUBTFUL,
    "row_left_out": K.DOCUMENT_DOUBTFUL,
    "kind_is_another": K.KIND_DIFFERS,
}
"""Findings that what is read of a document may not be so; the others change no figure.

Holders, overlaps and balances are seen in the statements themselves.
"""


def doubts_of(
    documents: Iterable[Document], stored: Iterable[StoredStatement]
) -> Iterator[DocumentDoubt]:
    """What speaks against documents, of each document each kind once."""
    statements: dict[UUID, set[UUID]] = defaultdict(set)
    for each in stored:
        statements[each.document_id].add(each.id)
    for document in documents:
        kinds = (TOUCHES[each.code] for each in document.findings if each.code in TOUCHES)
        for kind in dict.fromkeys(kinds):
            yield DocumentDoubt(
                kind, document.id, document.filename, frozenset(statements[document.id])
            )
