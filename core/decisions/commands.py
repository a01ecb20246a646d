"""What can be done about a case's outcome: decide it, once."""

from datetime import UTC, datetime
from uuid import UUID

from core import applications, audit, events, questions
from core.db import Queryable, Tx
from core.decisions import store
from core.decisions.model import CaseRevision, Decision, DecisionOutcome, DecisionReason, check
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.users import Permission, Person
from core.viewers import Viewer

DECIDABLE = (
    applications.ApplicationStatus.IN_REVIEW,
    applications.ApplicationStatus.NEEDS_DOCUMENTS,
)
CLOSES = {
    DecisionOutcome.APPROVED: applications.ApplicationStatus.APPROVED,
    DecisionOutcome.DECLINED: applications.ApplicationStatus.DECLINED,
}


def may_decide(person: Person, status: applications.ApplicationStatus) -> bool:
    """Whether this person may close a case in this status."""
    return person.may(Permission.DECIDE_CASES) and status in DECIDABLE


async def get(db: Queryable, viewer: Viewer, application_id: UUID) -> Decision:
    """How the client's case ended; not found while it is open."""
    await applications.get(db, viewer, application_id)
    decision = await store.find_for_application(db, application_id)
    if decision is None:
        raise NotFound("decision")
    return decision


async def revision(db: Queryable, application: applications.Application) -> CaseRevision:
    """The revision at which a case stands: of the application and of all that it rests on."""
    marks = await store.grounds(db, application.id)
    terms = applications.terms_revision(application.terms)
    return CaseRevision.of(terms, (application.revision, *marks))


async def decide(
    tx: Tx,
    person: Person,
    application_id: UUID,
    outcome: DecisionOutcome,
    reasons: tuple[DecisionReason, ...],
    note: str | None,
    shown: CaseRevision | None = None,
) -> Decision:
    """Close the case; the answers it rests on are frozen with the decision.

    Raises CaseChanged where another revision was shown to the person; None is no screen.
    """
    person.require(Permission.DECIDE_CASES)
    check(outcome, reasons, note)
    application = await applications.lock(tx, application_id)
    await _require_decidable(tx, application, shown)
    await applications.move(tx, person.actor, application, CLOSES[outcome])
    answers = await questions.list_for_application(tx, application_id)
    decision = Decision(
        id=new_id(),
        application_id=application_id,
        outcome=outcome,
        reasons=reasons,
        note=(note or "").strip() or None,
        person_id=person.id,
        decided_at=datetime.now(UTC),
        rested_on=[questions.decision_snapshot(each) for each in answers],
    )
    store.add(tx, decision)
    detail = {"outcome": outcome, "reasons": list(reasons)}
    audit.record(tx, person.actor, "application.decided", "application", application_id, detail)
    events.emit(
        tx,
        application.client_id,
        application_id,
        events.EventKind.DECISION_MADE,
        {"outcome": outcome},
    )
    return decision


async def require_shown(tx: Tx, application: applications.Application, shown: CaseRevision) -> None:
    """Raise CaseChanged unless a locked case is as it was shown."""
    if shown != await revision(tx, application):
        raise applications.CaseChanged


async def _require_decidable(
    tx: Tx, application: applications.Application, shown: CaseRevision | None
) -> None:
    """Raise Conflict unless a locked case is as it was shown, and its answers are there."""
    applications.require_open(application)
    if shown is not None:
        await require_shown(tx, application, shown)
    if application.status not in DECIDABLE:
        raise Conflict(
            "The documents are still being read; decide once the answers are there.",
            code="not_ready",
        )
