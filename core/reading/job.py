"""The one place that runs read, figures, answers and status: the jobs that read and read anew.

Each runs at least once and may be killed anywhere: all that it finds is written in one unit of
work, in place of what an earlier run may have written.
"""

import asyncio
import time
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO
from uuid import UUID

import structlog

from core import applications, documents, statements, telemetry
from core.applications import Application
from core.bilingual import Bilingual
from core.db import Database, Tx
from core.documents import BlobStore, Document, DocumentStatus, Finding
from core.errors import Unavailable, Unreadable
from core.isolation import ParserPool, archive
from core.reading import case
from core.reading.findings import findings_of_document, kind_by_content
from core.reading.unpacking import unpack
from core.statements import ParsedDocument

INTERNAL_ERROR = Finding(
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
class DocumentReader:
    """What reading stands on: the database, the blobs, where files are read, months to cover."""

    db: Database
    blobs: BlobStore
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
            status = await self._read(document)
        except Unavailable:
            raise
        except Exception:
            telemetry.DOCUMENTS.labels("failed").inc()
            await self.db.write(lambda tx: self._give_up(tx, document))
            raise
        _report(document, status, time.perf_counter() - started)

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

    async def _read(self, document: Document) -> DocumentStatus:
        try:
            with TemporaryFile() as file:
                async for chunk in self.blobs.stream(document.blob, 0, document.size):
                    file.write(chunk)
                file.seek(0)
                if archive.recognises(file.read(4)):
                    await unpack(
                        self.parser_pool,
                        self.db,
                        self.blobs,
                        document,
                        file,
                        self._bring_up_to_date,
                    )
                    return DocumentStatus.READ
                file.seek(0)
                parsed = await self._parse(document, file)
        except Unreadable as refusal:
            finding = Finding(refusal.code, refusal.reason)
            await self.db.write(lambda tx: self._finish_unreadable(tx, document, finding))
            return DocumentStatus.UNREADABLE
        await self.db.write(lambda tx: self._finish(tx, document, parsed))
        return DocumentStatus.READ

    async def _parse(self, document: Document, file: BinaryIO) -> ParsedDocument:
        """What the file says; where it names no currency, in that of the application."""
        parsed = await asyncio.to_thread(
            statements.assemble, self.parser_pool.read(file), document.id
        )
        if not parsed.currency_open:
            return parsed
        application = await applications.get_any(self.db, document.application_id)
        return statements.with_currency(parsed, application.terms.amount.currency)

    async def _finish(self, tx: Tx, document: Document, parsed: ParsedDocument) -> None:
        application = await applications.lock(tx, document.application_id)
        others = await statements.list_for_application(tx, application.id)
        first = await documents.finish(
            tx,
            application.client_id,
            document,
            DocumentStatus.READ,
            kind_by_content(parsed),
            findings_of_document(document, parsed, others, application.terms.applicant),
            parsed.recognised.facts if parsed.recognised else (),
        )
        if first:  # a worker that was only thought dead may have been faster
            await self._bring_up_to_date(tx, application, document.id, parsed)

    async def _finish_unreadable(self, tx: Tx, document: Document, finding: Finding) -> None:
        application = await applications.lock(tx, document.application_id)
        if await _mark_unreadable(tx, application, document, finding):
            await self._bring_up_to_date(tx, application, document.id)

    async def _give_up(self, tx: Tx, document: Document) -> None:
        """Say that the document failed on us, and do not leave its case waiting for it."""
        application = await applications.lock(tx, document.application_id)
        if await _mark_unreadable(tx, application, document, INTERNAL_ERROR):
            await case.stop_waiting(tx, application)

    async def _renew(self, tx: Tx, application_id: UUID) -> None:
        await self._bring_up_to_date(tx, await applications.lock(tx, application_id))

    async def _give_up_renewal(self, tx: Tx, application_id: UUID) -> None:
        await case.stop_waiting(tx, await applications.lock(tx, application_id))

    async def _bring_up_to_date(
        self,
        tx: Tx,
        application: Application,
        document_id: UUID | None = None,
        parsed: ParsedDocument | None = None,
    ) -> None:
        await case.bring_up_to_date(tx, application, self.required_months, document_id, parsed)


async def _mark_unreadable(
    tx: Tx, application: Application, document: Document, finding: Finding
) -> bool:
    """Say why the document was not read; False, saying nothing, where reading had ended already."""
    status = DocumentStatus.UNREADABLE
    return await documents.finish(
        tx, application.client_id, document, status, document.kind, (finding,)
    )


def _report(document: Document, outcome: DocumentStatus, seconds: float) -> None:
    telemetry.DOCUMENTS.labels(outcome).inc()
    telemetry.READING.observe(seconds)
    log.info(
        "document_read",
        document_id=str(document.id),
        application_id=str(document.application_id),
        outcome=outcome,
        ms=round(seconds * 1000),
    )
