"""Documents: the files handed in with an application, kept as they came."""

from core.documents.blobs import Blobs
from core.documents.commands import READ, begin, finish, get, hand_in
from core.documents.model import Document, Finding, Kind, Received, Status, kind_of
from core.documents.store import any_of, of_application, pending

__all__ = [
    "READ",
    "Blobs",
    "Document",
    "Finding",
    "Kind",
    "Received",
    "Status",
    "any_of",
    "begin",
    "finish",
    "get",
    "hand_in",
    "kind_of",
    "of_application",
    "pending",
]
