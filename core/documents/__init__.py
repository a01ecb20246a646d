"""Documents: the files handed in with an application, kept as they came."""

from typing import TYPE_CHECKING

from core.documents.model import (
    FAILED_ON_US,
    Document,
    DocumentKind,
    DocumentStatus,
    Fact,
    FigureSpan,
    FigureTerm,
    Finding,
    HandInResult,
    Holdings,
    Origin,
    PaperFigure,
    ReadingProgress,
    ReceivedFile,
    Recognised,
    StoredBlob,
    Term,
    UploadLabel,
)
from core.documents.words import KIND_TITLES
from core.face import later

if TYPE_CHECKING:
    from core.documents.blobs import MARKER, BlobStore
    from core.documents.commands import (
        ARCHIVE_NOT_OPENED,
        READ_JOB,
        attach,
        begin,
        finish,
        get,
        get_any,
        hand_in,
        hand_in_archive,
        list_for_viewer,
        put_back,
        try_again,
    )
    from core.documents.leftovers import (
        Sweep,
        discard_unused,
        fit,
        sweep,
        unnamed,
        unused_discarded,
    )
    from core.documents.location import StoreLocation
    from core.documents.quotas import QuotaGuard, Quotas
    from core.documents.store import (
        count_pending,
        filenames,
        find_by_id,
        holdings_by_client,
        list_by_cursor,
        list_failed_on_us,
        list_for_application,
        progress,
    )
else:
    __getattr__ = later(__name__, "commands", "leftovers", "blobs", "location", "quotas", "store")

__all__ = [
    "ARCHIVE_NOT_OPENED",
    "FAILED_ON_US",
    "KIND_TITLES",
    "MARKER",
    "READ_JOB",
    "BlobStore",
    "Document",
    "DocumentKind",
    "DocumentStatus",
    "Fact",
    "FigureSpan",
    "FigureTerm",
    "Finding",
    "HandInResult",
    "Holdings",
    "Origin",
    "PaperFigure",
    "QuotaGuard",
    "Quotas",
    "ReadingProgress",
    "ReceivedFile",
    "Recognised",
    "StoreLocation",
    "StoredBlob",
    "Sweep",
    "Term",
    "UploadLabel",
    "attach",
    "begin",
    "count_pending",
    "discard_unused",
    "filenames",
    "find_by_id",
    "finish",
    "fit",
    "get",
    "get_any",
    "hand_in",
    "hand_in_archive",
    "holdings_by_client",
    "list_by_cursor",
    "list_failed_on_us",
    "list_for_application",
    "list_for_viewer",
    "progress",
    "put_back",
    "sweep",
    "try_again",
    "unnamed",
    "unused_discarded",
]
