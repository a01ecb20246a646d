"""Documents: the files handed in with an application, kept as they came."""

from core.documents.blobs import Blobs
from core.documents.commands import (
    ARCHIVE_NOT_OPENED,
    READ_JOB,
    begin,
    discard_unused,
    finish,
    get,
    hand_in,
    hand_in_archive,
    sweep,
)
from core.documents.model import (
    Document,
    DocumentKind,
    DocumentStatus,
    Fact,
    Finding,
    Origin,
    ReceivedFile,
    Recognised,
    StoredBlob,
    Term,
    UploadLabel,
)
from core.documents.store import count_pending, find_by_id, list_for_application
from core.documents.words import KINDS

__all__ = [
    "ARCHIVE_NOT_OPENED",
    "KINDS",
    "READ_JOB",
    "Blobs",
    "Document",
    "DocumentKind",
    "DocumentStatus",
    "Fact",
    "Finding",
    "Origin",
    "ReceivedFile",
    "Recognised",
    "StoredBlob",
    "Term",
    "UploadLabel",
    "begin",
    "count_pending",
    "discard_unused",
    "find_by_id",
    "finish",
    "get",
    "hand_in",
    "hand_in_archive",
    "list_for_application",
    "sweep",
]
