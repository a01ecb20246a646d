"""How version 1 said document."""

from typing import Literal

from typing_extensions import TypedDict

from core.documents import Document as CoreDocument
from core.documents import DocumentStatus, Upload
from public_api.v1.wire import json_response
from public_api.versions import Request, Response, Translation

StatusWord = Literal["processing", "done", "failed"]
STATUS: dict[DocumentStatus, StatusWord] = {
    DocumentStatus.QUEUED: "processing",
    DocumentStatus.READING: "processing",
    DocumentStatus.READ: "done",
    DocumentStatus.UNREADABLE: "failed",
}


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


def no_command(_request: Request) -> None:
    """Requests whose path says all there is to say."""


def _write_upload(upload: Upload) -> Response:
    return json_response(write(upload.document), 201)


def _write_list(listed: list[CoreDocument]) -> Response:
    return json_response({"items": [write(each) for each in listed]})


HAND_IN = Translation(no_command, _write_upload)
LIST = Translation(no_command, _write_list)
SHOW: Translation[None, CoreDocument] = Translation(
    no_command, lambda document: json_response(write(document))
)
