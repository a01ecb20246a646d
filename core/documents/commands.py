"""What can be done with a document: hand it in, and say how reading it went."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from core import applications, audit, events, jobs
from core.audit import SYSTEM, Actor
from core.bilingual import Bilingual
from core.db import Queryable, Tx
from core.documents import store
from core.documents.blobs import BlobStore
from core.documents.model import (
    Document,
    DocumentKind,
    DocumentStatus,
    Fact,
    Finding,
    HandInResult,
    ReceivedFile,
    StoredBlob,
    shown_filename,
)
from core.errors import NotFound, Unavailable
from core.ids import new_id
from core.viewers import Viewer

ARCHIVE_NOT_OPENED = Finding(
    "archive_unopened",
    Bilingual(
        "The archive was not opened, since the application is closed by now.",
        "Das Archiv wurde nicht geöffnet, weil der Antrag inzwischen abgeschlossen ist.",
    ),
)
LONGEST_UPLOAD = timedelta(days=1)  # no upload takes as long
SWEPT_PERIOD = timedelta(days=30)  # then what was overlooked stays
MOST_NAMED = 20  # files of an archive that are named in what is said of it
QUICK_BYTES = 256 * 1024  # a file as small is read in a moment, if it is what it seems to be
READ_JOB = jobs.job("read_document", "document_id")
"""The job that reads one document."""


async def hand_in(tx: Tx, viewer: Viewer, application_id: UUID, file: ReceivedFile) -> HandInResult:
    """Attach the file to the client's application and ask for it to be read.

    The same bytes again give the document that is there already.
    """
    application = await applications.lock_own(tx, viewer, application_id)
    return await _attach(tx, viewer.actor, application, file)


async def attach(tx: Tx, actor: Actor, application_id: UUID, file: ReceivedFile) -> HandInResult:
    """Attach a file to an application, whoever sent that, on behalf of the lender or ourselves."""
    return await _attach(tx, actor, await applications.lock(tx, application_id), file)


async def _attach(
    tx: Tx, actor: Actor, application: applications.Application, file: ReceivedFile
) -> HandInResult:
    application_id, (stored, label) = application.id, file
    known = await store.find_by_hash(tx, application_id, stored.sha256)
    if known is not None:
        return HandInResult(known, new=False)
    application = await applications.move(
        tx, actor, application, applications.ApplicationStatus.READING
    )
    document = Document(
        id=new_id(),
        application_id=application_id,
        status=DocumentStatus.QUEUED,
        kind=label.kind,
        filename=label.filename,
        media_type=label.media_type,
        size=stored.size,
        sha256=stored.sha256,
        blob=stored.blob,
        findings=(),
        created_at=datetime.now(UTC),
        read_at=None,
    )
    store.add(tx, document)
    quick = stored.size <= QUICK_BYTES
    jobs.enqueue(tx, READ_JOB, application.client_id, quick=quick, document_id=str(document.id))
    detail = {"document_id": str(document.id), "sha256": stored.sha256.hex()}
    audit.record(tx, actor, "document.handed_in", "application", application_id, detail)
    events.emit(tx, application.client_id, application_id, events.EventKind.DOCUMENT_QUEUED, detail)
    return HandInResult(document, new=True)


class OpenedArchive(NamedTuple):
    """What to say of an archive and of the archives in it, and how many of its files are new."""

    findings: tuple[Finding, ...]
    new: int


async def hand_in_archive(
    tx: Tx, archive: Document, files: Sequence[ReceivedFile], archives: Sequence[str]
) -> OpenedArchive:
    """Make documents of an archive's files, as if each had come by itself."""
    new = 0
    for file in {each.stored.sha256: each for each in files}.values():
        new += (await attach(tx, SYSTEM, archive.application_id, file)).new
    opened = Finding("archive_opened", _opened([each.label.filename for each in files], new))
    return OpenedArchive((opened, *map(_not_opened, archives[:MOST_NAMED])), new)


def _opened(files: Sequence[str], new: int) -> Bilingual:
    """What is said of an archive with these files, of which so many are new."""
    names, known = ", ".join(files[:MOST_NAMED]), len(files) - new
    en = f"The archive was opened; its files are documents of their own: {names}"
    de = f"Das Archiv wurde geöffnet; seine Dateien sind eigene Dokumente: {names}"
    more = len(files) - MOST_NAMED
    if more > 0:
        en, de = f"{en} and {more} more", f"{de} und {more} weitere"
    en, de = f"{en}.", f"{de}."
    if known > 0:
        en = f"{en} {known} of them had been handed in before."
        de = f"{de} {known} davon lagen bereits vor."
    return Bilingual(en, de)


def _not_opened(archive: str) -> Finding:
    name = shown_filename(archive)
    return Finding(
        "archive_in_archive",
        Bilingual(
            f"{name} is an archive itself and was not opened. Send its files singly.",
            f"{name} ist selbst ein Archiv und wurde nicht geöffnet. Bitte die Dateien darin"
            " einzeln einreichen.",
        ),
    )


async def get(db: Queryable, viewer: Viewer, application_id: UUID, id: UUID) -> Document:
    """A document of the client's application."""
    await applications.get(db, viewer, application_id)
    return await get_any(db, application_id, id)


async def list_for_viewer(db: Queryable, viewer: Viewer, application_id: UUID) -> list[Document]:
    """All documents of the client's application, oldest first."""
    await applications.get(db, viewer, application_id)
    return await store.list_for_application(db, application_id)


async def get_any(db: Queryable, application_id: UUID, id: UUID) -> Document:
    """A document of an application, for the lender's own people, whoever sent it."""
    document = await store.get(db, application_id, id)
    if document is None:
        raise NotFound("document")
    return document


async def begin(tx: Tx, document: Document) -> None:
    """Say that the document is being read, unless that has ended already."""
    await store.set_status(tx, document.id, DocumentStatus.READING, document.kind, (), None)


async def finish(
    tx: Tx,
    client_id: UUID,
    document: Document,
    status: DocumentStatus,
    kind: DocumentKind | None,
    findings: tuple[Finding, ...],
    facts: tuple[Fact, ...] = (),
) -> bool:
    """Say how reading the document ended; False, saying nothing, where it had ended already."""
    now = datetime.now(UTC)
    if not await store.set_status(tx, document.id, status, kind, findings, now, facts):
        return False
    detail = {"document_id": str(document.id), "findings": [each.code for each in findings]}
    audit.record(tx, SYSTEM, f"document.{status}", "application", document.application_id, detail)
    kind_of_event = events.EventKind(f"document.{status}")
    events.emit(tx, client_id, document.application_id, kind_of_event, detail)
    return True


async def sweep(db: Queryable, blobs: BlobStore, now: datetime, owner: UUID) -> int:
    """Discard the bytes of uploads that were cut off before they became documents; how many.

    Raises Unavailable, discarding nothing, unless the store is this instance's.
    """
    if await blobs.owner() != owner:
        raise Unavailable("The store of documents is not this instance's; nothing is swept.")
    after, before = now - SWEPT_PERIOD, now - LONGEST_UPLOAD
    blobs.remove_unfinished(before)
    documented = await store.blobs_since(db, after)
    written = [each async for some in blobs.list_written(after, before) for each in some]
    orphaned = [each for each in written if each not in documented]
    for each in orphaned:
        await blobs.discard(each)
    return len(orphaned)


async def fit(db: Queryable, blobs: BlobStore) -> bool:
    """Whether a store holds the documents that the database names, or neither has any.

    One of those handed in last is enough: no two blobs ever made have the same name.
    """
    named = await store.newest_blobs(db)
    if not named:
        return await blobs.is_empty()
    for blob in named:
        if await blobs.holds(blob):
            return True
    return False


async def discard_unused(
    db: Queryable, blobs: BlobStore, application_id: UUID, stored: StoredBlob
) -> None:
    """Discard bytes that became no document of the application, as when it had them already."""
    document = await store.find_by_hash(db, application_id, stored.sha256)
    if document is None or document.blob != stored.blob:
        await blobs.discard(stored.blob)
