"""What can be done with an application."""

from datetime import UTC, datetime
from uuid import UUID

from core import audit, events, jobs
from core.applications import store
from core.applications.model import (
    UNJUDGED,
    Application,
    ApplicationListing,
    ApplicationPatch,
    ApplicationStatus,
    DeleteReason,
    Terms,
    changed,
    check,
    differing,
    moved,
    require_open,
    require_visible,
)
from core.audit import Actor, EndUser
from core.db import Queryable, Tx
from core.errors import Conflict, NotFound, Stale
from core.ids import new_id
from core.pages import NumberedPage, Page, PageRequest
from core.viewers import Viewer

_ANSWERED = (ApplicationStatus.NEEDS_DOCUMENTS, ApplicationStatus.IN_REVIEW)
RENEW_JOB = jobs.job("renew_answers", "application_id")
"""The job that computes and answers anew what an application's documents say."""


async def submit(tx: Tx, viewer: Viewer, terms: Terms) -> Application:
    """Take in an application."""
    check(terms)
    now = datetime.now(UTC)
    application = Application(
        id=new_id(),
        client_id=viewer.client_id,
        status=ApplicationStatus.RECEIVED,
        terms=terms,
        delete_reason=None,
        revision=1,
        created_at=now,
        updated_at=now,
        end_user=viewer.end_user,
    )
    store.add(tx, application)
    audit.record(tx, viewer.actor, "application.submitted", "application", application.id, {})
    events.emit(tx, viewer.client_id, application.id, events.EventKind.APPLICATION_RECEIVED, {})
    return application


async def get(db: Queryable, viewer: Viewer, id: UUID) -> Application:
    """The client's application; a stranger's is not found."""
    application = await store.get(db, viewer, id)
    if application is None:
        raise NotFound("application")
    return application


async def list_by_cursor(
    db: Queryable, viewer: Viewer, filter: ApplicationListing
) -> Page[Application]:
    """The client's applications, newest first, resuming after the cursor."""
    return await store.list_by_cursor(db, viewer, filter)


async def list_by_page(
    db: Queryable, viewer: Viewer, request: PageRequest
) -> NumberedPage[Application]:
    """One numbered page of the client's applications, newest first, and their total."""
    return await store.list_by_page(db, viewer, request)


async def change(
    tx: Tx, viewer: Viewer, id: UUID, patch: ApplicationPatch, revisions: frozenset[int] | None
) -> Application:
    """Change what is asked for; whatever answers rest on is answered anew.

    Raises Stale unless the application stands at one of the `revisions`; None is any.
    """
    application = await lock_own(tx, viewer, id)
    require_open(application)
    if revisions is not None and application.revision not in revisions:
        raise Stale("The application has changed since you read it; read it again.")
    changed_application = changed(application, patch, datetime.now(UTC))
    fields = differing(application.terms, changed_application.terms)
    if not fields:
        return application
    await store.change(tx, changed_application)
    detail = {"fields": fields}
    audit.record(tx, viewer.actor, "application.changed", "application", id, detail)
    events.emit(tx, viewer.client_id, id, events.EventKind.APPLICATION_CHANGED, detail)
    if not UNJUDGED.issuperset(fields):
        changed_application = await renew(tx, viewer.actor, changed_application)
    return changed_application


async def renew(tx: Tx, actor: Actor, application: Application) -> Application:
    """Have a locked application answered anew; one that is still being read will be anyway."""
    if application.status not in _ANSWERED:
        return application
    jobs.enqueue(tx, RENEW_JOB, application.client_id, application_id=str(application.id))
    return await move(tx, actor, application, ApplicationStatus.READING)


async def examine_later(tx: Tx, application: Application) -> None:
    """Have what a locked application's documents say found out anew; once, however often asked."""
    case_id, client_id = str(application.id), application.client_id
    if not await jobs.is_waiting(tx, RENEW_JOB, client_id, application_id=case_id):
        jobs.enqueue(tx, RENEW_JOB, client_id, application_id=case_id)


async def withdraw(tx: Tx, viewer: Viewer, id: UUID, reason: DeleteReason) -> Application:
    """Withdraw an application; it stays on record, with the reason. Again changes nothing."""
    application = await lock_own(tx, viewer, id)
    if application.status is ApplicationStatus.WITHDRAWN:
        return application
    withdrawn = moved(application, ApplicationStatus.WITHDRAWN, datetime.now(UTC))
    await store.withdraw(tx, withdrawn, reason)
    detail = {"reason": reason}
    audit.record(tx, viewer.actor, "application.withdrawn", "application", id, detail)
    events.emit(tx, viewer.client_id, id, events.EventKind.APPLICATION_WITHDRAWN, detail)
    return withdrawn


async def assign(tx: Tx, actor: Actor, id: UUID, end_user: EndUser) -> None:
    """Give an application that is its client's alone to a person who signs in to that one's app."""
    application = await lock(tx, id)
    if application.end_user is not None:
        raise Conflict("The application belongs to somebody already.")
    await store.assign(tx, id, end_user)
    detail = {"assigned_to": end_user._asdict()}
    audit.record(tx, actor, "application.assigned", "application", id, detail)


async def lock_own(tx: Tx, viewer: Viewer, id: UUID) -> Application:
    """The client's application, changed by nobody else until the unit of work ends."""
    application = await lock(tx, id)
    require_visible(application, viewer)
    return application


async def lock(tx: Tx, id: UUID) -> Application:
    """The application, changed by nobody else until the unit of work ends."""
    application = await store.lock(tx, id)
    if application is None:
        raise NotFound("application")
    return application


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


async def get_any(db: Queryable, id: UUID) -> Application:
    """An application for the lender's own people, whoever sent it."""
    application = await store.find_by_id(db, id)
    if application is None:
        raise NotFound("application")
    return application
