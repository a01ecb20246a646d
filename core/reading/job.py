"""The one place that runs read, figures, answers and status: the jobs that read and read anew.

Each runs at least once and may be killed anywhere: all that it finds is written in one unit of
work, in place of what an earlier run may have written. A document is unreadable for what stands in
it, never for what failed on us: then it waits, and whoever runs the job tries it again.
"""

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO
from uuid import UUID

import structlog

from core import applications, documents, statements, telemetry
from core.db import Database, Tx
from core.documents import BlobStore, Document, DocumentStatus, Finding, Quotas
from core.errors import Refused, Unreadable
from core.isolation import LIMITS_REACHED, ParserPool, archive
from core.reading import case
from core.reading.processes import ReadingProcesses
from core.reading.settling import PATIENCE_SECONDS, ReadDocument, Settler, examine_later
from core.reading.unpacking import unpack
from core.statements import ParsedDocument, Transaction
from core.statements.model import Item

LARGE_BYTES = 1024 * 1024
"""A file of more is taken in apart; it may have ten thousand bookings."""
MOST_BOOKINGS_HERE = 5_000
"""A case of more is examined apart: it takes a second, in which others would wait for the lock
that a Python interpreter has."""
log = structlog.get_logger()
_threads = ThreadPoolExecutor(32, "reading")  # which wait for readers, and nobody else for them


class NotQuick(Exception):
    """A file takes more than a quick one may; it is to be read in its turn among the others."""


@dataclass(frozen=True, slots=True)
class DocumentReader:
    """What reading stands on: the database, the blobs, where files are read, months to cover.

    Where there are processes apart, these take in large files and examine large cases.
    """

    db: Database
    blobs: BlobStore
    required_months: int
    parser_pool: ParserPool
    quotas: Quotas | None = None
    apart: ReadingProcesses | None = None

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
            if self.apart is not None and document.size > LARGE_BYTES:
                status = await self.apart.read(document_id)
            else:
                status = await self.read_here(document, quick=quick)
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
        if self.apart is not None and await self._settler.is_large(application_id):
            await self.apart.renew(application_id)
        else:
            await self._settler.renew(application_id)
        log.info("answers_renewed", application_id=str(application_id))

    async def hand_back(self, application_id: UUID) -> None:
        """Leave a case to people whose answers nobody renews until an operator lets that go on."""

        async def work(tx: Tx) -> None:
            await case.stop_waiting(tx, await applications.lock(tx, application_id))

        await self.db.write(work, patience_seconds=PATIENCE_SECONDS)

    async def read_here(self, document: Document, *, quick: bool = False) -> DocumentStatus:
        """Read a document in this process, and say how that ended."""
        try:
            return await self._read(document, quick)
        except Unreadable as refusal:
            if quick and refusal.code in LIMITS_REACHED:
                raise NotQuick from refusal
            finding = Finding(refusal.code, refusal.reason)
            await self._settler.settle(ReadDocument(document, refusal=finding))
            return DocumentStatus.UNREADABLE

    async def _read(self, document: Document, quick: bool) -> DocumentStatus:
        with TemporaryFile() as file:
            async for chunk in self.blobs.stream(document.blob, 0, document.size):
                file.write(chunk)
            file.seek(0)
            if archive.recognises(file.read(4)):
                pool, db, blobs = self.parser_pool, self.db, self.blobs
                await unpack(pool, db, blobs, document, file, examine_later, self.quotas)
                return DocumentStatus.READ
            file.seek(0)
            parsed = await self._parse(document, file, quick)
        await self._settler.settle(ReadDocument(document, parsed))
        return DocumentStatus.READ

    async def _parse(self, document: Document, file: BinaryIO, quick: bool) -> ParsedDocument:
        """What the file says; where it names no currency, in that of the application."""
        items = self._bounded(self.parser_pool.read(file, quick=quick))
        parsed = await asyncio.get_running_loop().run_in_executor(
            _threads, copy_context().run, statements.assemble, items, document.id
        )
        if not parsed.currency_open:
            return parsed
        application = await applications.get_any(self.db, document.application_id)
        return statements.with_currency(parsed, application.terms.amount.currency)

    def _bounded(self, items: Iterator[Item]) -> Iterator[Item]:
        """The items, as long as they are no more bookings than any application may have."""
        bookings = 0
        for item in items:
            if self.quotas is not None and isinstance(item, Transaction):
                bookings += 1
                statements.require_room(bookings, self.quotas.bookings)
            yield item

    @property
    def _settler(self) -> Settler:
        most = None if self.apart is None else MOST_BOOKINGS_HERE
        return Settler(self.db, self.required_months, self.quotas, most)


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
