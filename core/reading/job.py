"""The one place that runs read, figures, answers and status: the jobs that read and read anew.

Each runs at least once and may be killed anywhere: all that it finds is written in one unit of
work, in place of what an earlier run may have written.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO
from uuid import UUID

import structlog

from core import analysis, applications, documents, questions, statements, telemetry
from core.audit import SYSTEM
from core.bilingual import Bilingual
from core.db import Database, Tx
from core.errors import TooLarge, Unavailable, Unreadable
from core.isolation import ParserPool
from core.reading import archive
from core.statements import ParsedDocument, StoredStatement, StoredTransaction

OURS = documents.Finding(
    "internal_error",
    Bilingual(
        "This document could not be read because of an error of ours. It is kept; we will look at"
        " it.",
        "Dieses Dokument konnte wegen eines Fehlers bei uns nicht gelesen werden. Es ist"
        " gespeichert; wir sehen es uns an.",
    ),
)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading stands on: the database, the blobs, where files are read, months to cover."""

    db: Database
    blobs: documents.Blobs
    required_months: int
    parser_pool: ParserPool

    async def read(self, document_id: UUID) -> None:
        """Read a document and bring its application up to date; raises again an error of ours."""
        document = await documents.find_by_id(self.db, document_id)
        if document is None or document.read_at is not None:
            return
        started = time.perf_counter()
        await self.db.write(lambda tx: documents.begin(tx, document))
        try:
            outcome = await self._read(document)
        except Unavailable:
            raise
        except Exception:
            telemetry.DOCUMENTS.labels("failed").inc()
            await self.db.write(lambda tx: self._give_up(tx, document))
            raise
        seconds = time.perf_counter() - started
        telemetry.DOCUMENTS.labels(outcome).inc()
        telemetry.READING.observe(seconds)
        log.info(
            "document_read",
            document_id=str(document_id),
            application_id=str(document.application_id),
            outcome=outcome,
            ms=round(seconds * 1000),
        )

    async def renew(self, application_id: UUID) -> None:
        """Compute and answer anew, since the application changed; raises again an error of ours."""
        try:
            await self.db.write(lambda tx: self._renew(tx, application_id))
        except Unavailable:
            raise
        except Exception:
            await self.db.write(lambda tx: self._give_up_renewal(tx, application_id))
            raise
        log.info("answers_renewed", application_id=str(application_id))

    async def _read(self, document: documents.Document) -> documents.DocumentStatus:
        try:
            with TemporaryFile() as file:
                async for chunk in self.blobs.stream(document.blob, 0, document.size):
                    file.write(chunk)
                file.seek(0)
                if archive.recognises(file.read(4)):
                    return await self._open(document, file)
                file.seek(0)
                said = await asyncio.to_thread(
                    statements.assemble, self.parser_pool.read(file), document.id
                )
            if said.currency_open:
                application = await applications.case(self.db, document.application_id)
                said = statements.with_currency(said, application.terms.amount.currency)
        except Unreadable as refusal:
            finding = documents.Finding(refusal.code, refusal.reason)
            await self.db.write(lambda tx: self._finish(tx, document, None, (finding,)))
            return documents.DocumentStatus.UNREADABLE
        await self.db.write(lambda tx: self._finish(tx, document, said, said.findings))
        return documents.DocumentStatus.READ

    async def _open(self, document: documents.Document, file: BinaryIO) -> documents.DocumentStatus:
        """Make each file of an archive a document of its own, which is read like any other."""
        received: list[documents.Unpacked] = []
        try:
            with archive.opened(file) as found:
                for each in found.files:
                    stored = await self.blobs.receive(found.unpack(each))
                    label = documents.UploadLabel.of(each.filename, None, document.kind)
                    received.append((stored, label))
                inner = [each.filename for each in found.archives]
            await self.db.write(lambda tx: self._hand_in(tx, document, received, inner))
        except TooLarge:
            most = self.blobs.limit
            raise Unreadable(
                Bilingual(
                    "A file in the archive is too large. A document may have at most"
                    f" {most} bytes.",
                    "Eine Datei im Archiv ist zu groß. Ein Dokument darf höchstens"
                    f" {most} Bytes haben.",
                )
            ) from None
        finally:
            for stored, _ in received:
                await documents.discard_unused(self.db, self.blobs, document.application_id, stored)
        return documents.DocumentStatus.READ

    async def _hand_in(
        self,
        tx: Tx,
        document: documents.Document,
        files: Sequence[documents.Unpacked],
        archives: Sequence[str],
    ) -> None:
        """Put an archive's files to its application; where all were there, go on without them."""
        application = await applications.lock(tx, document.application_id)
        findings: tuple[documents.Finding, ...] = (documents.ARCHIVE_NOT_OPENED,)
        new = 0
        if not application.status.final:
            findings, new = await documents.hand_in_all(tx, document, files, archives)
        status, kind = documents.DocumentStatus.READ, documents.DocumentKind.OTHER
        first = await documents.finish(tx, application.client_id, document, status, kind, findings)
        if first and not new:
            await self._bring_up_to_date(tx, application)

    async def _finish(
        self,
        tx: Tx,
        document: documents.Document,
        said: ParsedDocument | None,
        findings: tuple[documents.Finding, ...],
    ) -> None:
        application = await applications.lock(tx, document.application_id)
        kind, facts = _what_it_is(document, said)
        if said:
            findings += _contradiction(document, kind)
            others = await statements.list_for_application(tx, application.id)
            findings += (
                *analysis.statement_findings(
                    said.statements, application.terms.applicant.legal_name
                ),
                *_strangeness(said, application),
                *statements.overlap_findings(others, said.statements),
            )
        first = await documents.finish(
            tx,
            application.client_id,
            document,
            documents.DocumentStatus.READ if said else documents.DocumentStatus.UNREADABLE,
            kind,
            findings,
            facts,
        )
        if first:  # a worker that was only thought dead may have been faster
            await self._bring_up_to_date(tx, application, document.id, said)

    async def _give_up(self, tx: Tx, document: documents.Document) -> None:
        """Say that the document failed on us, and do not leave its case waiting for it."""
        application = await applications.lock(tx, document.application_id)
        status = documents.DocumentStatus.UNREADABLE
        if not await documents.finish(
            tx, application.client_id, document, status, document.kind, (OURS,)
        ):
            return
        await _stop_waiting(tx, application)

    async def _renew(self, tx: Tx, application_id: UUID) -> None:
        await self._bring_up_to_date(tx, await applications.lock(tx, application_id))

    async def _give_up_renewal(self, tx: Tx, application_id: UUID) -> None:
        await _stop_waiting(tx, await applications.lock(tx, application_id))

    async def _bring_up_to_date(
        self,
        tx: Tx,
        application: applications.Application,
        document_id: UUID | None = None,
        said: ParsedDocument | None = None,
    ) -> None:
        """Keep what the document says; once none is left to read, compute, answer and move on.

        Without a document, look anew at what the others say.
        """
        kept = await statements.list_for_application(tx, application.id)
        before = await statements.all_transactions(tx, application.id)
        kept = [each for each in kept if each.document_id != document_id]
        old = [row for row in before if row.document_id != document_id]
        new: Sequence[StoredTransaction] = said.transactions if said else ()
        kept += said.statements if said else []
        rows = sorted([*old, *new], key=lambda row: (row.transaction.booked_on, row.id))
        rows = await asyncio.to_thread(
            analysis.label, kept, rows, application.terms.applicant.legal_name
        )
        if application.status.final or await documents.count_pending(tx, application.id):
            await _write(tx, application.id, document_id, kept, rows, old)
            return
        # The figures need nothing of the database, which writes meanwhile.
        analysing = asyncio.create_task(asyncio.to_thread(self._analyse, application, kept, rows))
        try:
            await _write(tx, application.id, document_id, kept, rows, old)
        except BaseException:
            analysing.cancel()
            raise
        found = await analysing
        await analysis.save(tx, application.id, found)
        answers = await questions.answer_all(tx, application.id, found.figures)
        ready = questions.is_complete(answers)
        status = (
            applications.ApplicationStatus.IN_REVIEW
            if ready
            else applications.ApplicationStatus.NEEDS_DOCUMENTS
        )
        await applications.move(tx, SYSTEM, application, status)

    def _analyse(
        self,
        application: applications.Application,
        kept: Sequence[StoredStatement],
        rows: Sequence[StoredTransaction],
    ) -> analysis.Analysis:
        asked = application.terms
        return analysis.analyse(
            asked.amount.currency,
            asked.declared.existing_lenders,
            kept,
            rows,
            self.required_months,
        )


def _what_it_is(
    document: documents.Document, said: ParsedDocument | None
) -> tuple[documents.DocumentKind | None, tuple[documents.Fact, ...]]:
    """What its content says that a document is; what was said of it where it could not be read."""
    if said is None:
        return document.kind, ()
    if said.recognised is None:
        return documents.DocumentKind.BANK_STATEMENT, ()
    return said.recognised


def _strangeness(
    said: ParsedDocument, application: applications.Application
) -> tuple[documents.Finding, ...]:
    if said.recognised is None:
        return ()
    return tuple(analysis.document_findings(said.recognised, application.terms.applicant))


def _contradiction(
    document: documents.Document, kind: documents.DocumentKind | None
) -> tuple[documents.Finding, ...]:
    """What is said of a document that is another than its sender said; `other` may be anything."""
    if document.kind in (kind, None, documents.DocumentKind.OTHER):
        return ()
    declared, found = (_spoken(each) for each in (document.kind, kind))
    detail = Bilingual(
        f"It was handed in as {declared.en}; its content says that it is {found.en}.",
        f"Eingereicht als: {declared.de}; dem Inhalt nach: {found.de}.",
    )
    return (documents.Finding("kind_is_another", detail),)


def _spoken(kind: documents.DocumentKind | None) -> Bilingual:
    return Bilingual(str(kind).replace("_", " "), documents.KINDS[kind].de)


async def _stop_waiting(tx: Tx, application: applications.Application) -> None:
    """Hand a case back to people where nothing is left that would move it."""
    if not application.status.final and not await documents.count_pending(tx, application.id):
        await applications.move(
            tx, SYSTEM, application, applications.ApplicationStatus.NEEDS_DOCUMENTS
        )


async def _write(
    tx: Tx,
    application_id: UUID,
    document_id: UUID | None,
    kept: Sequence[StoredStatement],
    rows: Sequence[StoredTransaction],
    old: Sequence[StoredTransaction],
) -> None:
    """Write the document's statements and rows, and what the others' rows are now found to be."""
    if document_id is not None:
        mine = [each for each in kept if each.document_id == document_id]
        await statements.replace_of_document(
            tx, application_id, document_id, mine, [r for r in rows if r.document_id == document_id]
        )
    was = {row.id: row for row in old}
    changed = [row for row in rows if row.id in was and row != was[row.id]]
    if changed:
        await statements.update_labels(tx, changed)
