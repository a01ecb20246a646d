"""What can be done with a document: hand it in, and say how reading it went."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from core import applications, audit, events, jobs
from core.audit import SYSTEM, Actor
from core.bilingual import Bilingual
from core.db import Queryable, Tx
from core.documents import store
from core.documents.model import (
    Document,
    DocumentKind,
    DocumentStatus,
    Fact,
    Finding,
    HandInResult,
    Holdings,
    PaperFigure,
    ReceivedFile,
    shown_filename,
)
from core.documents.quotas import QuotaGuard, Quotas
from core.errors import Conflict, NotFound, Unreadable
from core.ids import new_id
from core.viewers import Viewer

ARCHIVE_NOT_OPENED = Finding(
    "archive_unopened",
    Bilingual(
        "The archive was not opened, since the application is closed by now.",
        "Das Archiv wurde nicht geöffnet, weil der Antrag inzwischen abgeschlossen ist.",
    ),
)
MOST_NAMED = 20  # files of an archive that are named in what is said of it
QUICK_BYTES = 256 * 1024  # a file as small is read in a moment, if it is what it seems to be
READ_JOB = jobs.job("read_document", "document_id")
"""The job that reads one document."""


async def hand_in(
    tx: Tx,
    viewer: Viewer,
    application_id: UUID,
    file: ReceivedFile,
    guard: QuotaGuard | None = None,
) -> HandInResult:
    """Attach the file to the client's application and ask for it to be read.

    The same bytes again give the document that is there already.
    """
    application = await applications.lock_own(tx, viewer, application_id)
    return await _attach(tx, viewer.actor, application, file, guard)


async def attach(
    tx: Tx,
    actor: Actor,
    application_id: UUID,
    file: ReceivedFile,
    guard: QuotaGuard | None = None,
    shown_terms: str | None = None,
) -> HandInResult:
    """Attach a file to an application, whoever sent that, on behalf of the lender or ourselves.

    Raises CaseChanged where other terms were shown to whoever hands it in; None is no screen.
    """
    application = await applications.lock(tx, application_id)
    if shown_terms is not None:
        applications.require_terms(application, shown_terms)
    return await _attach(tx, actor, application, file, guard)


async def _attach(
    tx: Tx,
    actor: Actor,
    application: applications.Application,
    file: ReceivedFile,
    guard: QuotaGuard | None,
) -> HandInResult:
    application_id, (stored, label) = application.id, file
    known = await store.find_by_hash(tx, application_id, stored.sha256)
    if known is not None:
        return HandInResult(await try_again(tx, actor, application, known), new=False)
    if guard is not None:
        await guard.require_room(tx, application.client_id, application_id, stored.size)
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
    _enqueue(tx, application.client_id, document)
    detail = {"document_id": str(document.id), "sha256": stored.sha256.hex()}
    audit.record(tx, actor, "document.handed_in", "application", application_id, detail)
    events.emit(tx, application.client_id, application_id, events.EventKind.DOCUMENT_QUEUED, detail)
    return HandInResult(document, new=True)


async def try_again(
    tx: Tx, actor: Actor, application: applications.Application, document: Document
) -> Document:
    """Let a document be read at once that waits since reading it failed on us; others stay.

    One that was given up by a build which did so is read anew, unless its case is closed.
    """
    if document.read_at is None:
        await jobs.wake(tx, READ_JOB, document_id=str(document.id))
        return document
    if not document.failed_on_us or application.status.final:
        return document
    await store.reopen(tx, document.id)
    await applications.move(tx, actor, application, applications.ApplicationStatus.READING)
    if not await jobs.wake(tx, READ_JOB, document_id=str(document.id)):
        _enqueue(tx, application.client_id, document)
    detail = {"document_id": str(document.id), "sha256": document.sha256.hex()}
    audit.record(tx, actor, "document.retried", "application", application.id, detail)
    queued = events.EventKind.DOCUMENT_QUEUED
    events.emit(tx, application.client_id, application.id, queued, detail)
    return replace(document, status=DocumentStatus.QUEUED, findings=(), read_at=None)


def _enqueue(tx: Tx, client_id: UUID, document: Document) -> None:
    quick = document.size <= QUICK_BYTES
    jobs.enqueue(tx, READ_JOB, client_id, quick=quick, document_id=str(document.id))


class OpenedArchive(NamedTuple):
    """What to say of an archive and of the archives in it, and how many of its files are new."""

    findings: tuple[Finding, ...]
    new: int


async def hand_in_archive(
    tx: Tx,
    archive: Document,
    files: Sequence[ReceivedFile],
    archives: Sequence[str],
    quotas: Quotas | None = None,
) -> OpenedArchive:
    """Make documents of an archive's files, as if each had come by itself.

    Raises Unreadable, making none, where the application may not have so many more.
    """
    if quotas is not None:
        held = await store.holdings_of_application(tx, archive.application_id)
        more = Holdings(len(files), sum(each.stored.size for each in files))
        try:
            quotas.require_room_in_application(held, more)
        except Conflict as refusal:
            raise Unreadable(_too_many(quotas.application), refusal.code) from None
    new = 0
    for file in {each.stored.sha256: each for each in files}.values():
        new += (await attach(tx, SYSTEM, archive.application_id, file)).new
    opened = Finding("archive_opened", _opened([each.label.filename for each in files], new))
    return OpenedArchive((opened, *map(_not_opened, archives[:MOST_NAMED])), new)


def _too_many(allowed: Holdings) -> Bilingual:
    return Bilingual(
        "The archive was not opened, since the application would have too many documents: it may"
        f" have {allowed.documents}, with {allowed.bytes} bytes together.",
        "Das Archiv wurde nicht geöffnet, weil der Antrag sonst zu viele Dokumente hätte: höchstens"
        f" {allowed.documents} mit zusammen {allowed.bytes} Bytes.",
    )


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


async def put_back(tx: Tx, document: Document) -> None:
    """Say that the document waits to be read again, unless reading it has ended already."""
    await store.set_status(tx, document.id, DocumentStatus.QUEUED, document.kind, (), None)


async def finish(
    tx: Tx,
    client_id: UUID,
    document: Document,
    status: DocumentStatus,
    kind: DocumentKind | None,
    findings: tuple[Finding, ...],
    facts: tuple[Fact, ...] = (),
    figures: tuple[PaperFigure, ...] = (),
) -> bool:
    """Say how reading the document ended; False, saying nothing, where it had ended already."""
    now = datetime.now(UTC)
    if not await store.set_status(tx, document.id, status, kind, findings, now, facts, figures):
        return False
    detail = {"document_id": str(document.id), "findings": [each.code for each in findings]}
    audit.record(tx, SYSTEM, f"document.{status}", "application", document.application_id, detail)
    kind_of_event = events.EventKind(f"document.{status}")
    events.emit(tx, client_id, document.application_id, kind_of_event, detail)
    return True
