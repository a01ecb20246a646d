"""Documents: the files handed in with an application, kept as they came."""

from core.documents.blobs import Blobs
from core.documents.commands import READ, begin, finish, get, hand_in, release
from core.documents.model import Document, Finding, Kind, Label, Status, Stored
from core.documents.store import any_of, of_application, pending

__all__ = [
    "READ",
    "Blobs",
    "Document",
    "Finding",
    "Kind",
    "Label",
    "Status",
    "Stored",
    "any_of",
    "begin",
    "finish",
    "get",
    "hand_in",
    "of_application",
    "pending",
    "release",
]
