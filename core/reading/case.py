"""A case brought up to date with what its documents say: labels, figures, answers and status."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core import analysis, applications, documents, questions, statements
from core.analysis import AccountStanding, Analysis, DocumentDoubt
from core.applications import Application, ApplicationStatus
from core.audit import SYSTEM
from core.db import Tx
from core.reading.doubts import doubts_of
from core.statements import ParsedDocument, StoredStatement, StoredTransaction


@dataclass(frozen=True, slots=True)
class _Contents:
    """What all documents of an application say; `before` is what stood on record of the others.

    `accounts` is how each account stands.
    """

    statements: list[StoredStatement]
    transactions: list[StoredTransaction]
    before: list[StoredTransaction]
    accounts: list[AccountStanding]


async def bring_up_to_date(
    tx: Tx,
    application: Application,
    required_months: int,
    document_id: UUID | None = None,
    parsed: ParsedDocument | None = None,
) -> None:
    """Store what the document says; once none is left to read, compute, answer and move on.

    Without a document, look anew at what the others say.
    """
    contents = await _gather(tx, application, document_id, parsed)
    if application.status.final or await documents.count_pending(tx, application.id):
        await _store(tx, application.id, document_id, contents)
        return
    files = await documents.list_for_application(tx, application.id)
    doubts = list(doubts_of(files, contents.statements))
    # The figures need nothing of the database, which writes meanwhile.
    analysing = asyncio.create_task(
        asyncio.to_thread(_analyse, application, contents, doubts, required_months)
    )
    try:
        await _store(tx, application.id, document_id, contents)
    except BaseException:
        analysing.cancel()
        raise
    await _answer(tx, application, await analysing)


async def stop_waiting(tx: Tx, application: Application) -> None:
    """Hand a case back to people where nothing is left that would move it."""
    if not application.status.final and not await documents.count_pending(tx, application.id):
        await applications.move(tx, SYSTEM, application, ApplicationStatus.NEEDS_DOCUMENTS)


async def _gather(
    tx: Tx, application: Application, document_id: UUID | None, parsed: ParsedDocument | None
) -> _Contents:
    """What the document says, together with what stands on record of all others."""
    stored = await statements.list_for_application(tx, application.id)
    transactions = await statements.all_transactions(tx, application.id)
    others = [each for each in stored if each.document_id != document_id]
    before = [each for each in transactions if each.document_id != document_id]
    all_statements = [*others, *(parsed.statements if parsed else ())]
    in_order = sorted(
        [*before, *(parsed.transactions if parsed else ())],
        key=lambda each: (each.transaction.booked_on, each.id),
    )
    applicant = application.terms.applicant
    rulings = await analysis.list_rulings(tx, application.id)
    accounts = analysis.standings(all_statements, applicant, rulings)
    labelled = await asyncio.to_thread(
        analysis.label,
        all_statements,
        in_order,
        applicant.legal_name,
        analysis.left_out(accounts),
    )
    return _Contents(all_statements, labelled, before, accounts)


async def _store(
    tx: Tx, application_id: UUID, document_id: UUID | None, contents: _Contents
) -> None:
    """Write what the document says, and what the others' transactions are now found to be."""
    if document_id is not None:
        await statements.replace_of_document(
            tx,
            application_id,
            document_id,
            [each for each in contents.statements if each.document_id == document_id],
            [each for each in contents.transactions if each.document_id == document_id],
        )
    before = {each.id: each for each in contents.before}
    changed = [
        each for each in contents.transactions if each.id in before and each != before[each.id]
    ]
    if changed:
        await statements.update_labels(tx, changed)


def _analyse(
    application: Application,
    contents: _Contents,
    doubts: Sequence[DocumentDoubt],
    required_months: int,
) -> Analysis:
    terms = application.terms
    return analysis.analyse(
        terms.amount.currency,
        terms.declared.existing_lenders,
        contents.statements,
        contents.transactions,
        required_months,
        analysis.left_out(contents.accounts),
        doubts,
    )


async def _answer(tx: Tx, application: Application, computed: Analysis) -> None:
    await analysis.save(tx, application.id, computed)
    answers = await questions.answer_all(tx, application.id, computed.figures)
    complete = questions.is_complete(answers)
    status = ApplicationStatus.IN_REVIEW if complete else ApplicationStatus.NEEDS_DOCUMENTS
    await applications.move(tx, SYSTEM, application, status)
