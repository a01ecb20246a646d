"""How version 2 says document."""

from datetime import datetime
from typing import Literal, NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from core.documents import Document as CoreDocument
from core.documents import DocumentKind, DocumentStatus, HandInResult
from core.errors import Complaint, Invalid
from public_api.messages import Request, Response, Translation, no_command
from public_api.v2 import facts
from public_api.v2.paths import DOCUMENT, href
from public_api.v2.wire import Count, Size, json_response

StatusWord = Literal["queued", "reading", "read", "unreadable"]
KindWord = Literal[
    "bank_statement", "invoice", "business_report", "annual_accounts", "register_extract", "other"
]
STATUS: dict[DocumentStatus, StatusWord] = {
    DocumentStatus.QUEUED: "queued",
    DocumentStatus.READING: "reading",
    DocumentStatus.READ: "read",
    DocumentStatus.UNREADABLE: "unreadable",
}
KIND: dict[DocumentKind, KindWord] = {
    DocumentKind.BANK_STATEMENT: "bank_statement",
    DocumentKind.INVOICE: "invoice",
    DocumentKind.BUSINESS_REPORT: "business_report",
    DocumentKind.ANNUAL_ACCOUNTS: "annual_accounts",
    DocumentKind.REGISTER_EXTRACT: "register_extract",
    DocumentKind.OTHER: "other",
}
KIND_OF: dict[str, DocumentKind] = {word: kind for kind, word in KIND.items()}


class Finding(TypedDict):
    """Something worth knowing about a document."""

    code: str
    detail: str


class Document(TypedDict):
    """A document and what became of it; `findings` say what was odd, or why it is unreadable.

    `facts` are what it says that is no bank statement; absent where nothing is told.
    """

    id: UUID
    application_id: UUID
    status: StatusWord
    kind: KindWord | None
    pages: Count | None
    filename: str
    media_type: str
    size: Size
    sha256: str
    findings: list[Finding]
    created_at: datetime
    read_at: datetime | None
    facts: NotRequired[list[facts.Fact]]


class DocumentList(TypedDict):
    """All documents of an application, oldest first."""

    data: list[Document]


def write(document: CoreDocument) -> Document:
    """A document as this version shows it."""
    written: Document = {
        "id": document.id,
        "application_id": document.application_id,
        "status": STATUS[document.status],
        "kind": None if document.kind is None else KIND[document.kind],
        "pages": None,
        "filename": document.filename,
        "media_type": document.media_type,
        "size": document.size,
        "sha256": document.sha256.hex(),
        "findings": [{"code": each.code, "detail": each.detail.en} for each in document.findings],
        "created_at": document.created_at,
        "read_at": document.read_at,
    }
    if document.facts:
        written["facts"] = [facts.write(each) for each in document.facts]
    return written


def _read_kind(request: Request) -> DocumentKind | None:
    """What the sender says that it is, in the query or the form; an empty word says nothing."""
    word = request.query.get("kind", "")
    if word and word not in KIND_OF:
        raise Invalid(Complaint("/kind", f"kind: one of {', '.join(KIND_OF)}, or leave it out"))
    return KIND_OF[word] if word else None


def _write_upload(upload: HandInResult) -> Response:
    document, new = upload
    place = href(DOCUMENT, id=document.application_id, document_id=document.id)
    return json_response(write(document), 202 if new else 200, (("Location", place),))


def _write_list(listed: list[CoreDocument]) -> Response:
    return json_response({"data": [write(each) for each in listed]})


HAND_IN = Translation(_read_kind, _write_upload)
LIST = Translation(no_command, _write_list)
SHOW: Translation[None, CoreDocument] = Translation(
    no_command, lambda document: json_response(write(document))
)
DOWNLOAD: Translation[None, None] = Translation(no_command, lambda _: Response(200))
