"""Documents: the files handed in with an application, kept as they came."""

from core.documents.blobs import Blobs
from core.documents.commands import (
    CLOSED,
    READ,
    Unpacked,
    begin,
    finish,
    get,
    hand_in,
    hand_in_all,
    release,
    sweep,
)
from core.documents.model import (
    Document,
    DocumentKind,
    DocumentStatus,
    Fact,
    Finding,
    Origin,
    Recognised,
    StoredBlob,
    Term,
    UploadLabel,
)
from core.documents.store import any_of, of_application, pending
from core.documents.words import KINDS

__all__ = [
    "CLOSED",
    "KINDS",
    "READ",
    "Blobs",
    "Document",
    "DocumentKind",
    "DocumentStatus",
    "Fact",
    "Finding",
    "Origin",
    "Recognised",
    "StoredBlob",
    "Term",
    "Unpacked",
    "UploadLabel",
    "any_of",
    "begin",
    "finish",
    "get",
    "hand_in",
    "hand_in_all",
    "of_application",
    "pending",
    "release",
    "sweep",
]
