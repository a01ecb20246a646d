"""A case brought up to date with what its documents say: labels, figures, answers and status.

What takes long is found out from what stood on record at one moment, while others may change the
case. It is written only if it still rests on what stands there by then.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from core import analysis, applications, documents, questions, statements
from core.analysis import AccountRuling, Analysis
from core.applications import Applicant, Application, ApplicationStatus, Terms
from core.audit import SYSTEM
from core.db import Queryable, Tx
from core.documents import Document, Finding
from core.reading.doubts import doubts_of
from core.reading.findings import findings_of_document
from core.statements import Account, ParsedDocument, StoredStatement, StoredTransaction


@dataclass(frozen=True, slots=True)
class Premises:
    """What all that is found out about a case rests on.

    Its terms, which documents are read, and what people said of its accounts.
    """

    terms: Terms
    read: frozenset[tuple[UUID, datetime]]
    rulings: frozenset[AccountRuling]


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What stands on record of a case, without the document that is being read.

    `whole` says that nothing else is left to read, and that nobody has decided.
    """

    application: Application
    premises: Premises
    whole: bool
    others: list[Document]
    statements: list[StoredStatement]
    transactions: list[StoredTransaction]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found out about a case, and what that rests on; the analysis only of a whole one.

    `odd` is what is odd about the document, `changed` are transactions of others that are now found
    to be something else.
    """

    premises: Premises
    document: Document | None
    odd: tuple[Finding, ...]
    statements: list[StoredStatement]
    transactions: list[StoredTransaction]
    changed: list[StoredTransaction]
    analysis: Analysis | None


async def on_record(db: Queryable, application_id: UUID, document: Document | None) -> OnRecord:
    """What stands on record of a case, in addition to the document."""
    application = await applications.get_any(db, application_id)
    but = document.id if document else None
    others = [e for e in await documents.list_for_application(db, application_id) if e.id != but]
    return OnRecord(
        application,
        _premises(application, others, await analysis.list_rulings(db, application_id)),
        not application.status.final and all(each.read_at for each in others),
        others,
        [
            each
            for each in await statements.list_for_application(db, application_id)
            if each.document_id != but
        ],
        [
            each
            for each in await statements.all_transactions(db, application_id)
            if each.document_id != but
        ],
    )


async def examine(
    known: OnRecord,
    required_months: int,
    document: Document | None = None,
    parsed: ParsedDocument | None = None,
) -> Outcome:
    """What a case says, the document included; it takes long, and nothing of the database."""
    return await asyncio.to_thread(_examine, known, required_months, document, parsed)


def _examine(
    known: OnRecord,
    required_months: int,
    document: Document | None,
    parsed: ParsedDocument | None,
) -> Outcome:
    terms, own = known.application.terms, parsed.statements if parsed else []
    all_statements = [*known.statements, *own]
    in_order = sorted(
        [*known.transactions, *(parsed.transactions if parsed else ())],
        key=lambda each: (each.transaction.booked_on, each.id),
    )
    named = (each.statement.account for each in all_statements)
    standings = analysis.standings(named, terms.applicant, list(known.premises.rulings))
    left_out = analysis.left_out(standings)
    labelled = analysis.label(all_statements, in_order, terms.applicant.legal_name, left_out)
    before = {each.id: each for each in known.transactions}
    odd: tuple[Finding, ...] = ()
    if document and parsed:
        odd = findings_of_document(document, parsed, known.statements, terms.applicant)
    files = [*known.others, *([replace(document, findings=odd)] if document else ())]
    return Outcome(
        known.premises,
        document,
        odd,
        list(own),
        [each for each in labelled if each.id not in before],
        [each for each in labelled if each.id in before and each != before[each.id]],
        analysis.analyse(
            terms.amount.currency,
            terms.declared.existing_lenders,
            all_statements,
            labelled,
            required_months,
            left_out,
            list(doubts_of(files, all_statements)),
        )
        if known.whole
        else None,
    )


def label_alone(
    parsed: ParsedDocument,
    applicant: Applicant,
    accounts: Sequence[Account],
    rulings: Sequence[AccountRuling],
) -> list[StoredTransaction]:
    """A document's bookings, each with what it is beside its case's accounts; no others are known.

    Whether another document has them already is found out once the case is examined.
    """
    in_order = sorted(parsed.transactions, key=lambda e: (e.transaction.booked_on, e.id))
    named = [*accounts, *(each.statement.account for each in parsed.statements)]
    left_out = analysis.left_out(analysis.standings(named, applicant, rulings))
    return analysis.label(parsed.statements, in_order, applicant.legal_name, left_out, accounts)


async def still_holds(tx: Tx, application: Application, outcome: Outcome) -> bool:
    """Whether what was found out still rests on how the case, which is locked, stands."""
    stored = await documents.list_for_application(tx, application.id)
    but = outcome.document.id if outcome.document else None
    others = [each for each in stored if each.id != but]
    rulings = await analysis.list_rulings(tx, application.id)
    return _premises(application, others, rulings) == outcome.premises


def _premises(
    application: Application, others: list[Document], rulings: list[AccountRuling]
) -> Premises:
    read = frozenset((each.id, each.read_at) for each in others if each.read_at)
    return Premises(application.terms, read, frozenset(rulings))


async def store(tx: Tx, application: Application, outcome: Outcome) -> None:
    """Write what was found out about a locked case; once no document is left to read, move on."""
    if outcome.document is not None:
        await statements.replace_of_document(
            tx, application.id, outcome.document.id, outcome.statements, outcome.transactions
        )
    if outcome.changed:
        await statements.update_labels(tx, outcome.changed)
    if application.status.final or await documents.count_pending(tx, application.id):
        return
    if outcome.analysis is not None:
        await _answer(tx, application, outcome.analysis)


async def store_so_far(tx: Tx, application: Application, outcome: Outcome) -> None:
    """Write what was found out about a locked case that has changed since, but not its status."""
    if outcome.changed:
        await statements.update_labels(tx, outcome.changed)
    if outcome.analysis is not None and not application.status.final:
        await analysis.save(tx, application.id, outcome.analysis)
        await questions.answer_all(tx, application.id, outcome.analysis.figures)


async def stop_waiting(tx: Tx, application: Application) -> None:
    """Hand a case back to people where nothing is left that would move it."""
    if not application.status.final and not await documents.count_pending(tx, application.id):
        await applications.move(tx, SYSTEM, application, ApplicationStatus.NEEDS_DOCUMENTS)


async def _answer(tx: Tx, application: Application, computed: Analysis) -> None:
    await analysis.save(tx, application.id, computed)
    answers = await questions.answer_all(tx, application.id, computed.figures)
    complete = questions.is_complete(answers)
    status = ApplicationStatus.IN_REVIEW if complete else ApplicationStatus.NEEDS_DOCUMENTS
    await applications.move(tx, SYSTEM, application, status)
