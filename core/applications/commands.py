"""What can be done with an application."""

from datetime import UTC, datetime
from uuid import UUID

from core import audit, events, jobs
from core.applications import store
from core.applications.model import (
    EVERYTHING,
    UNJUDGED,
    Application,
    ApplicationPatch,
    ApplicationStatus,
    DeleteReason,
    Terms,
    Visibility,
    changed,
    check,
    differing,
    moved,
    require_open,
)
from core.audit import Actor
from core.clients import Caller
from core.db import Reads, Tx
from core.errors import NotFound, Stale
from core.ids import new_id
from core.pages import NEWEST, NumberedPage, Page, resume

_ANSWERED = (ApplicationStatus.NEEDS_DOCUMENTS, ApplicationStatus.IN_REVIEW)
RENEW_JOB = "renew_answers"
"""The job that computes and answers anew what an application's documents say."""


async def submit(tx: Tx, caller: Caller, terms: Terms) -> Application:
    """Take in an application."""
    check(terms)
    now = datetime.now(UTC)
    application = Application(
        id=new_id(),
        client_id=caller.client_id,
        status=ApplicationStatus.RECEIVED,
        terms=terms,
        delete_reason=None,
        revision=1,
        created_at=now,
        updated_at=now,
    )
    store.add(tx, application)
    audit.record(tx, caller.actor, "application.submitted", "application", application.id, {})
    events.emit(tx, caller.client_id, application.id, events.EventKind.APPLICATION_RECEIVED, {})
    return application


async def get(
    db: Reads, caller: Caller, id: UUID, visibility: Visibility = EVERYTHING
) -> Application:
    """The caller's application; a stranger's is not found."""
    found = await store.get(db, caller.client_id, id, visibility)
    if found is None:
        raise NotFound("application")
    return found


async def list_by_cursor(
    db: Reads,
    caller: Caller,
    *,
    limit: int,
    after: str | None = None,
    status: ApplicationStatus | None = None,
    external_reference: str | None = None,
    visibility: Visibility = EVERYTHING,
) -> Page[Application]:
    """The caller's applications, newest first, resuming after the cursor."""
    before = resume(after) if after else NEWEST
    return await store.list_by_cursor(
        db, caller.client_id, visibility, status, external_reference, before, limit
    )


async def list_by_page(
    db: Reads, caller: Caller, *, page: int, per_page: int, visibility: Visibility = EVERYTHING
) -> NumberedPage[Application]:
    """One numbered page of the caller's applications, newest first, and their total."""
    return await store.list_by_page(db, caller.client_id, visibility, page, per_page)


async def change(
    tx: Tx,
    caller: Caller,
    id: UUID,
    patch: ApplicationPatch,
    revisions: frozenset[int] | None,
    visibility: Visibility = EVERYTHING,
) -> Application:
    """Change what is asked for; whatever answers rest on is answered anew.

    Raises Stale unless the application stands at one of the `known` revisions; None is any.
    """
    application = await _lock_own(tx, caller, id, visibility)
    require_open(application)
    if revisions is not None and application.revision not in revisions:
        raise Stale("The application has changed since you read it; read it again.")
    changed_application = changed(application, patch, datetime.now(UTC))
    fields = differing(application.terms, changed_application.terms)
    if not fields:
        return application
    await store.change(tx, changed_application)
    detail = {"fields": fields}
    audit.record(tx, caller.actor, "application.changed", "application", id, detail)
    events.emit(tx, caller.client_id, id, events.EventKind.APPLICATION_CHANGED, detail)
    if changed_application.status in _ANSWERED and not UNJUDGED.issuperset(fields):
        jobs.enqueue(tx, RENEW_JOB, application_id=str(id))
        changed_application = await move(
            tx, caller.actor, changed_application, ApplicationStatus.READING
        )
    return changed_application


async def withdraw(
    tx: Tx, caller: Caller, id: UUID, reason: DeleteReason, visibility: Visibility = EVERYTHING
) -> Application:
    """Withdraw an application; it stays on record, with the reason. Again changes nothing."""
    application = await _lock_own(tx, caller, id, visibility)
    if application.status is ApplicationStatus.WITHDRAWN:
        return application
    withdrawn = moved(application, ApplicationStatus.WITHDRAWN, datetime.now(UTC))
    await store.withdraw(tx, withdrawn, reason)
    detail = {"reason": reason}
    audit.record(tx, caller.actor, "application.withdrawn", "application", id, detail)
    events.emit(tx, caller.client_id, id, events.EventKind.APPLICATION_WITHDRAWN, detail)
    return withdrawn


async def _lock_own(tx: Tx, caller: Caller, id: UUID, visibility: Visibility) -> Application:
    application = await lock(tx, id)
    if application.client_id != caller.client_id or not visibility.shows(application):
        raise NotFound("application")
    return application


async def lock(tx: Tx, id: UUID) -> Application:
    """The application, changed by nobody else until the unit of work ends."""
    found = await store.lock(tx, id)
    if found is None:
        raise NotFound("application")
    return found


async def move(
    tx: Tx, actor: Actor, application: Application, status: ApplicationStatus
) -> Application:
    """Move a locked application to a status and tell; one it is in, unless final, is no move."""
    if application.status is status and not status.final:
        return application
    moved_application = moved(application, status, datetime.now(UTC))
    await store.move(tx, moved_application)
    detail = {"from": application.status, "to": status}
    audit.record(tx, actor, "application.moved", "application", application.id, detail)
    kind = events.EventKind(f"application.{status}")
    events.emit(tx, application.client_id, application.id, kind, {})
    return moved_application


async def case(db: Reads, id: UUID) -> Application:
    """An application for the lender's own people, whoever sent it."""
    found = await store.find_by_id(db, id)
    if found is None:
        raise NotFound("application")
    return found
