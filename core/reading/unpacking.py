"""The files of an archive become documents of its application, each read like any other."""

from collections.abc import Awaitable, Callable, Sequence
from typing import BinaryIO

from core import applications, documents
from core.applications import Application
from core.bilingual import Bilingual
from core.db import Database, Tx
from core.documents import (
    BlobStore,
    Document,
    DocumentKind,
    DocumentStatus,
    Finding,
    Quotas,
    ReceivedFile,
)
from core.errors import TooLarge, Unreadable
from core.reading import archive

Continuation = Callable[[Tx, Application], Awaitable[None]]
"""What becomes of the case where an archive brought nothing new."""


async def unpack(
    db: Database,
    blobs: BlobStore,
    document: Document,
    file: BinaryIO,
    go_on: Continuation,
    quotas: Quotas | None = None,
) -> None:
    """Make each file of an archive a document; raises Unreadable with a reason for its sender."""
    unpacked: list[ReceivedFile] = []
    try:
        with archive.open_archive(file) as opened:
            for each in opened.files:
                stored = await blobs.receive(opened.unpack(each))
                label = documents.UploadLabel.of(each.filename, None, document.kind)
                unpacked.append(ReceivedFile(stored, label))
            inner = [each.filename for each in opened.archives]
        await db.write(lambda tx: _hand_in(tx, document, unpacked, inner, go_on, quotas))
    except TooLarge:
        raise _too_large(blobs.limit) from None
    finally:
        for stored, _ in unpacked:
            await documents.discard_unused(db, blobs, document.application_id, stored)


async def _hand_in(
    tx: Tx,
    document: Document,
    files: Sequence[ReceivedFile],
    archives: Sequence[str],
    go_on: Continuation,
    quotas: Quotas | None,
) -> None:
    """Put an archive's files to its application; where all were there, go on without them."""
    application = await applications.lock(tx, document.application_id)
    findings: tuple[Finding, ...] = (documents.ARCHIVE_NOT_OPENED,)
    new = 0
    if not application.status.final:
        findings, new = await documents.hand_in_archive(tx, document, files, archives, quotas)
    status, kind = DocumentStatus.READ, DocumentKind.OTHER
    first = await documents.finish(tx, application.client_id, document, status, kind, findings)
    if first and not new:
        await go_on(tx, application)


def _too_large(limit: int) -> Unreadable:
    return Unreadable(
        Bilingual(
            f"A file in the archive is too large. A document may have at most {limit} bytes.",
            f"Eine Datei im Archiv ist zu groß. Ein Dokument darf höchstens {limit} Bytes haben.",
        )
    )
