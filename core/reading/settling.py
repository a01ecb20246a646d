"""Writing what a document says, and with the last that was still to be read what its case says.

A case is examined once after a burst of documents, never while others of them wait or are read: a
document is put on record by itself then, and whoever is the last brings the case up to date. That
is done without holding the case, and written if it still rests on what stands there by then; else
anew, after a pause. A case that changes all the while is told what was found of it so far, and is
examined again in its client's next turn.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

from core import analysis, applications, documents, statements
from core.applications import Application
from core.db import Database, Queryable, Tx
from core.documents import Document, DocumentStatus, Finding, Quotas
from core.reading import case
from core.reading.case import Outcome
from core.reading.findings import findings_of_document, kind_by_content
from core.statements import ParsedDocument, StoredTransaction

PAUSES = (0.0, 0.1, 0.5, 2.0)
"""Seconds before each try to write what a case says, which may have changed meanwhile."""
PATIENCE_SECONDS = 60.0  # for a case that others write to; a reader holds up nobody meanwhile
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document that was read: what it says, or why that cannot be told."""

    document: Document
    parsed: ParsedDocument | None = None
    refusal: Finding | None = None

    @property
    def bookings(self) -> int:
        """How many there are in it."""
        return len(self.parsed.transactions) if self.parsed else 0

    async def finish(self, tx: Tx, application: Application, odd: tuple[Finding, ...]) -> bool:
        """Say how reading it ended; False, saying nothing, where another worker was faster."""
        client_id, parsed = application.client_id, self.parsed
        if parsed is None:
            refusals, kind = (self.refusal,) if self.refusal else (), self.document.kind
            unreadable = DocumentStatus.UNREADABLE
            return await documents.finish(tx, client_id, self.document, unreadable, kind, refusals)
        return await documents.finish(
            tx,
            client_id,
            self.document,
            DocumentStatus.READ,
            kind_by_content(parsed),
            odd,
            parsed.recognised.facts if parsed.recognised else (),
            parsed.recognised.figures if parsed.recognised else (),
        )


@dataclass(frozen=True, slots=True)
class Settler:
    """Brings cases up to date; those with more than `most_bookings` are left to their own job."""

    db: Database
    required_months: int
    quotas: Quotas | None = None
    most_bookings: int | None = None

    async def settle(self, read: ReadDocument) -> None:
        """Put a document on record, and with the last of its case what that says."""
        document, application_id = read.document, read.document.application_id
        for pause in PAUSES:
            await asyncio.sleep(pause)
            if not await self._is_to_examine(read):
                break
            known = await self.db.snapshot(lambda tx: case.on_record(tx, application_id, document))
            outcome = await case.examine(known, self.required_months, document, read.parsed)
            if await self._write(application_id, _with_case(self, read, outcome)):
                return
        labelled = await self._labelled(read)
        await self._write(application_id, _alone(self, read, labelled))

    async def renew(self, application_id: UUID) -> None:
        """Examine a case anew, unless documents are left to read: the last of them does it."""
        for pause in PAUSES:
            await asyncio.sleep(pause)
            if await documents.count_pending(self.db, application_id):
                return
            known = await self.db.snapshot(lambda tx: case.on_record(tx, application_id, None))
            outcome = await case.examine(known, self.required_months)
            if await self._write(application_id, _of_case(outcome)):
                return
        log.info("case_changes_all_the_while", application_id=str(application_id))
        await self._write(application_id, _so_far(outcome))

    async def is_large(self, application_id: UUID, more: int = 0) -> bool:
        """Whether a case has more bookings than are looked at beside other work."""
        if self.most_bookings is None:
            return False
        there = await statements.count_bookings(self.db, application_id)
        return there + more > self.most_bookings

    async def _is_to_examine(self, read: ReadDocument) -> bool:
        """Whether no other document is still to be read, and the case is not too large."""
        application_id = read.document.application_id
        if await documents.count_pending(self.db, application_id) > 1:
            return False
        return not await self.is_large(application_id, read.bookings)

    async def _labelled(self, read: ReadDocument) -> list[StoredTransaction]:
        """A document's bookings, each with what it is as far as its case's accounts tell."""
        parsed, application_id = read.parsed, read.document.application_id
        if parsed is None or not parsed.transactions:
            return []
        application = await applications.get_any(self.db, application_id)
        accounts = await statements.list_accounts(self.db, application_id)
        rulings = await analysis.list_rulings(self.db, application_id)
        return await asyncio.to_thread(
            case.label_alone, parsed, application.terms.applicant, accounts, rulings
        )

    async def _write(
        self, application_id: UUID, work: Callable[[Tx, Application], Awaitable[bool]]
    ) -> bool:
        async def locked(tx: Tx) -> bool:
            return await work(tx, await applications.lock(tx, application_id))

        return await self.db.write(locked, patience_seconds=PATIENCE_SECONDS)

    async def require_room(self, db: Queryable, read: ReadDocument) -> None:
        """Raise Unreadable where its application would have more bookings than it may."""
        if self.quotas is not None and read.bookings:
            there = await statements.count_bookings(db, read.document.application_id)
            statements.require_room(there + read.bookings, self.quotas.bookings)


Work = Callable[[Tx, Application], Awaitable[bool]]


def _with_case(settler: Settler, read: ReadDocument, outcome: Outcome) -> Work:
    """Writes a document and what its case says with it; False where that rests on what is past."""

    async def work(tx: Tx, application: Application) -> bool:
        if not await case.still_holds(tx, application, outcome):
            return False
        await settler.require_room(tx, read)
        if await read.finish(tx, application, outcome.odd):
            await case.store(tx, application, outcome)
        return True

    return work


def _alone(settler: Settler, read: ReadDocument, labelled: Sequence[StoredTransaction]) -> Work:
    """Writes a document by itself; after the last of a case that is examined by a job."""

    async def work(tx: Tx, application: Application) -> bool:
        await settler.require_room(tx, read)
        parsed, document = read.parsed, read.document
        odd: tuple[Finding, ...] = ()
        if parsed:
            accounts = {each.statement.account.number for each in parsed.statements}
            others = await statements.list_of_accounts(tx, application.id, sorted(accounts))
            others = [each for each in others if each.document_id != document.id]
            odd = findings_of_document(document, parsed, others, application.terms.applicant)
        if not await read.finish(tx, application, odd):
            return True
        if parsed:
            await statements.replace_of_document(
                tx, application.id, document.id, parsed.statements, labelled
            )
        await examine_later(tx, application)
        return True

    return work


def _of_case(outcome: Outcome) -> Work:
    """Writes what a case says; False where that rests on what is past."""

    async def work(tx: Tx, application: Application) -> bool:
        if not await case.still_holds(tx, application, outcome):
            return False
        await case.store(tx, application, outcome)
        return True

    return work


def _so_far(outcome: Outcome) -> Work:
    """Writes what was found out, though it rests on what is past; the case is examined again."""

    async def work(tx: Tx, application: Application) -> bool:
        await case.store_so_far(tx, application, outcome)
        await examine_later(tx, application)
        return True

    return work


async def examine_later(tx: Tx, application: Application) -> None:
    """Have a locked case examined in its client's turn, unless a document is still to be read."""
    if not application.status.final and not await documents.count_pending(tx, application.id):
        await applications.examine_later(tx, application)
