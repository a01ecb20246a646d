"""What is found out about a document that was read: its kind, and what is odd about it."""

from collections.abc import Sequence

from core import analysis, statements
from core.applications import Applicant
from core.bilingual import Bilingual
from core.documents import KIND_TITLES, Document, DocumentKind, Finding
from core.statements import ParsedDocument, StoredStatement


def kind_by_content(parsed: ParsedDocument) -> DocumentKind:
    """What its content says that a document is."""
    return parsed.recognised.kind if parsed.recognised else DocumentKind.BANK_STATEMENT


def findings_of_document(
    document: Document,
    parsed: ParsedDocument,
    others: Sequence[StoredStatement],
    applicant: Applicant,
) -> tuple[Finding, ...]:
    """All that is odd about a document: in itself, and beside its application and the others'."""
    recognised = parsed.recognised
    return (
        *parsed.findings,
        *_kind_findings(document, kind_by_content(parsed)),
        *analysis.statement_findings(parsed.statements, applicant),
        *(analysis.document_findings(recognised, applicant) if recognised else ()),
        *statements.overlap_findings(others, parsed.statements),
    )


def _kind_findings(document: Document, kind: DocumentKind) -> tuple[Finding, ...]:
    """A document may be another than its sender said; `other` may be anything."""
    if document.kind in (kind, None, DocumentKind.OTHER):
        return ()
    declared, found = _in_words(document.kind), _in_words(kind)
    detail = Bilingual(
        f"It was handed in as {declared.en}; its content says that it is {found.en}.",
        f"Eingereicht als: {declared.de}; dem Inhalt nach: {found.de}.",
    )
    return (Finding("kind_is_another", detail),)


def _in_words(kind: DocumentKind) -> Bilingual:
    return Bilingual(kind.replace("_", " "), KIND_TITLES[kind].de)
