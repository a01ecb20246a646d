"""The one place that runs read, figures, answers and status: the jobs that read and read anew.

Each runs at least once and may be killed anywhere: all that it finds is written in one unit of
work, in place of what an earlier run may have written. A document is unreadable for what stands in
it, never for what failed on us: then it waits, and whoever runs the job tries it again.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from tempfile import TemporaryFile
from typing import BinaryIO
from uuid import UUID

import structlog

from core import applications, documents, statements, telemetry
from core.applications import Application
from core.db import Database, Tx
from core.documents import BlobStore, Document, DocumentStatus, Finding, Quotas
from core.errors import Refused, Unreadable
from core.isolation import LIMITS_REACHED, ParserPool, archive
from core.reading import case
from core.reading.case import Outcome
from core.reading.findings import kind_by_content
from core.reading.unpacking import unpack
from core.statements import ParsedDocument

TRIES = 3  # to write what a case says; then it is kept from changing meanwhile
PATIENCE_SECONDS = 60.0  # for a case that others write to; a reader holds up nobody meanwhile
Begin = Callable[[Tx, Application, Outcome], Awaitable[bool]]
"""What is written first; where it says no, nothing follows: another worker was faster."""
log = structlog.get_logger()
_threads = ThreadPoolExecutor(32, "reading")  # which wait for readers, and nobody else for them


class NotQuick(Exception):
    """A file takes more than a quick one may; it is to be read in its turn among the others."""


@dataclass(frozen=True, slots=True)
class DocumentReader:
    """What reading stands on: the database, the blobs, where files are read, months to cover."""

    db: Database
    blobs: BlobStore
    required_months: int
    parser_pool: ParserPool
    quotas: Quotas | None = None

    async def read(self, document_id: UUID, *, quick: bool = False) -> None:
        """Read a document and bring its application up to date; where that fails it waits again.

        A quick one that takes longer than it may raises NotQuick.
        """
        document = await documents.find_by_id(self.db, document_id)
        if document is None or document.read_at is not None:
            return
        started = time.perf_counter()
        await self.db.write(lambda tx: documents.begin(tx, document))
        try:
            status = await self._read(document, quick)
        except NotQuick:
            raise
        except Exception:
            telemetry.DOCUMENTS.labels("failed").inc()
            with suppress(Refused):  # where the database is away it goes on being read
                await self.db.write(lambda tx: documents.put_back(tx, document))
            raise
        _report(document, status, time.perf_counter() - started)

    async def renew(self, application_id: UUID) -> None:
        """Compute and answer anew, since the application changed."""
        await self._settle(application_id, _nothing_first)
        log.info("answers_renewed", application_id=str(application_id))

    async def hand_back(self, application_id: UUID) -> None:
        """Leave a case to people whose answers nobody renews until an operator lets that go on."""

        async def work(tx: Tx) -> None:
            await case.stop_waiting(tx, await applications.lock(tx, application_id))

        await self.db.write(work, patience_seconds=PATIENCE_SECONDS)

    async def _read(self, document: Document, quick: bool) -> DocumentStatus:
        try:
            with TemporaryFile() as file:
                async for chunk in self.blobs.stream(document.blob, 0, document.size):
                    file.write(chunk)
                file.seek(0)
                if archive.recognises(file.read(4)):
                    pool, db, blobs = self.parser_pool, self.db, self.blobs
                    await unpack(pool, db, blobs, document, file, self._go_on, self.quotas)
                    return DocumentStatus.READ
                file.seek(0)
                parsed = await self._parse(document, file, quick)
        except Unreadable as refusal:
            if quick and refusal.code in LIMITS_REACHED:
                raise NotQuick from refusal
            finding = Finding(refusal.code, refusal.reason)
            await self._finish_unreadable(document, finding)
            return DocumentStatus.UNREADABLE
        await self._finish(document, parsed)
        return DocumentStatus.READ

    async def _parse(self, document: Document, file: BinaryIO, quick: bool) -> ParsedDocument:
        """What the file says; where it names no currency, in that of the application."""
        items = self.parser_pool.read(file, quick=quick)
        parsed = await asyncio.get_running_loop().run_in_executor(
            _threads, copy_context().run, statements.assemble, items, document.id
        )
        if not parsed.currency_open:
            return parsed
        application = await applications.get_any(self.db, document.application_id)
        return statements.with_currency(parsed, application.terms.amount.currency)

    async def _finish(self, document: Document, parsed: ParsedDocument) -> None:
        async def begin(tx: Tx, application: Application, outcome: Outcome) -> bool:
            return await documents.finish(
                tx,
                application.client_id,
                document,
                DocumentStatus.READ,
                kind_by_content(parsed),
                outcome.odd,
                parsed.recognised.facts if parsed.recognised else (),
                parsed.recognised.figures if parsed.recognised else (),
            )

        await self._settle(document.application_id, begin, document, parsed)

    async def _finish_unreadable(self, document: Document, finding: Finding) -> None:
        async def begin(tx: Tx, application: Application, _: Outcome) -> bool:
            return await _mark_unreadable(tx, application, document, finding)

        await self._settle(document.application_id, begin, document)

    async def _settle(
        self,
        application_id: UUID,
        begin: Begin,
        document: Document | None = None,
        parsed: ParsedDocument | None = None,
    ) -> None:
        """Bring a case up to date: find out what it says, then lock it and write that.

        Where it changed meanwhile all is done anew; where it does so again and again, under lock.
        """

        async def write(tx: Tx, outcome: Outcome | None) -> bool:
            application = await applications.lock(tx, application_id)
            if outcome is None:
                known = await case.on_record(tx, application_id, document)
                outcome = await case.examine(known, self.required_months, document, parsed)
            elif not await case.still_holds(tx, application, outcome):
                return False
            if await begin(tx, application, outcome):
                await case.store(tx, application, outcome)
            return True

        for _ in range(TRIES):
            known = await self.db.snapshot(lambda tx: case.on_record(tx, application_id, document))
            outcome = await case.examine(known, self.required_months, document, parsed)
            if await self.db.write(
                partial(write, outcome=outcome), patience_seconds=PATIENCE_SECONDS
            ):
                return
        await self.db.write(partial(write, outcome=None), patience_seconds=PATIENCE_SECONDS)

    async def _go_on(self, tx: Tx, application: Application) -> None:
        """Bring a locked case up to date of which nothing new was handed in."""
        known = await case.on_record(tx, application.id, None)
        outcome = await case.examine(known, self.required_months)
        await case.store(tx, application, outcome)


async def _nothing_first(_: Tx, __: Application, ___: Outcome) -> bool:
    return True


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
