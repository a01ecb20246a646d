"""The files of an archive become documents of its application, each read like any other."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
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
from core.errors import Invalid, TooLarge, Unreadable
from core.isolation import ParserPool, archive
from core.isolation.protocol import InnerArchive, Unpacked, UnpackedFile

Continuation = Callable[[Tx, Application], Awaitable[None]]
"""What becomes of the case where an archive brought nothing new."""


async def unpack(
    parser_pool: ParserPool,
    db: Database,
    blobs: BlobStore,
    document: Document,
    file: BinaryIO,
    go_on: Continuation,
    quotas: Quotas | None = None,
) -> None:
    """Make each file of an archive a document; raises Unreadable with a reason for its sender."""
    unpacked, inner = list[ReceivedFile](), list[str]()
    said = _Unpacking(parser_pool.unpack(file))
    try:
        while isinstance(named := await said.next(), UnpackedFile | InnerArchive):
            if isinstance(named, InnerArchive):
                inner.append(named.filename)
            else:
                label = documents.UploadLabel.of(named.filename, None, document.kind)
                unpacked.append(ReceivedFile(await blobs.receive(said.parts()), label))
            if len(unpacked) + len(inner) > archive.MOST_FILES:
                raise archive.damaged()
        if named is not None:  # a part of no file, which no honest reader says
            raise archive.damaged()
        await db.write(lambda tx: _hand_in(tx, document, unpacked, inner, go_on, quotas))
    except TooLarge:
        raise _too_large(blobs.limit) from None
    except Invalid:  # a file without a byte, which no honest reader says
        raise archive.damaged() from None
    finally:
        for stored, _ in unpacked:
            await documents.discard_unused(db, blobs, document.application_id, stored)


class _Unpacking:
    """What is said of an archive, one after the other, without holding up anybody else."""

    def __init__(self, said: Iterator[Unpacked]) -> None:
        self._said = said
        self._ahead: Unpacked | None = None

    async def next(self) -> Unpacked | None:
        """The next file, archive or part; None where no more is said."""
        ahead, self._ahead = self._ahead, None
        return ahead or await asyncio.to_thread(next, self._said, None)

    async def parts(self) -> AsyncIterator[bytes]:
        """The bytes up to the next file."""
        while isinstance(part := await self.next(), bytes):
            yield part
        self._ahead = part


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
