"""How version 1 said document."""

from typing import Literal

from typing_extensions import TypedDict

from core.documents import Document as CoreDocument
from core.documents import DocumentKind, DocumentStatus, HandInResult
from core.errors import Complaint, Invalid
from public_api.messages import Request, Response, Translation, no_command
from public_api.v1.wire import json_response

StatusWord = Literal["processing", "done", "failed"]
STATUS: dict[DocumentStatus, StatusWord] = {
    DocumentStatus.QUEUED: "processing",
    DocumentStatus.READING: "processing",
    DocumentStatus.READ: "done",
    DocumentStatus.UNREADABLE: "failed",
}
KIND: dict[DocumentKind, str] = {
    DocumentKind.BANK_STATEMENT: "bank_statement",
    DocumentKind.INVOICE: "invoice",
    DocumentKind.BUSINESS_REPORT: "business_report",
    DocumentKind.ANNUAL_ACCOUNTS: "annual_accounts",
    DocumentKind.REGISTER_EXTRACT: "register_extract",
    DocumentKind.OTHER: "other",
}
"""This version never published a kind, yet takes one in the form."""
KIND_OF: dict[str, DocumentKind] = {word: kind for kind, word in KIND.items()}


class Document(TypedDict):
    """A document and how reading it goes."""

    document_id: str
    status: StatusWord


class DocumentList(TypedDict):
    """All documents of an application, oldest first."""

    items: list[Document]


def write(document: CoreDocument) -> Document:
    """A document as this version shows it."""
    return {"document_id": str(document.id), "status": STATUS[document.status]}


def _read_kind(request: Request) -> DocumentKind | None:
    word = request.query.get("kind", "")
    if word and word not in KIND_OF:
        raise Invalid(Complaint("/kind", "kind: not one that is known; leave it out"))
    return KIND_OF[word] if word else None


def _write_upload(upload: HandInResult) -> Response:
    return json_response(write(upload.document), 201)


def _write_list(listed: list[CoreDocument]) -> Response:
    return json_response({"items": [write(each) for each in listed]})


HAND_IN = Translation(_read_kind, _write_upload)
LIST = Translation(no_command, _write_list)
SHOW: Translation[None, CoreDocument] = Translation(
    no_command, lambda document: json_response(write(document))
)
