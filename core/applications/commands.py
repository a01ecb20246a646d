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


async def submit(tx: Tx, caller: Caller, new: Terms) -> Application:
    """Take in an application."""
    check(new)
    now = datetime.now(UTC)
    application = Application(
        id=new_id(),
        client_id=caller.client_id,
        status=ApplicationStatus.RECEIVED,
        terms=new,
        delete_reason=None,
        revision=1,
        created_at=now,
        updated_at=now,
    )
    store.add(tx, application)
    audit.record(tx, caller.actor, "application.submitted", "application", application.id, {})
    events.emit(tx, caller.client_id, application.id, events.EventKind.APPLICATION_RECEIVED, {})
    return application


async def get(db: Reads, caller: Caller, id: UUID, seen: Visibility = EVERYTHING) -> Application:
    """The caller's application; a stranger's is not found."""
    found = await store.get(db, caller.client_id, id, seen)
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
    seen: Visibility = EVERYTHING,
) -> Page[Application]:
    """The caller's applications, newest first, resuming after the cursor."""
    before = resume(after) if after else NEWEST
    return await store.list_by_cursor(
        db, caller.client_id, seen, status, external_reference, before, limit
    )


async def list_by_page(
    db: Reads, caller: Caller, *, page: int, per_page: int, seen: Visibility = EVERYTHING
) -> NumberedPage[Application]:
    """One numbered page of the caller's applications, newest first, and their total."""
    return await store.list_by_page(db, caller.client_id, seen, page, per_page)


async def change(
    tx: Tx,
    caller: Caller,
    id: UUID,
    become: ApplicationPatch,
    known: frozenset[int] | None,
    seen: Visibility = EVERYTHING,
) -> Application:
    """Change what is asked for; whatever answers rest on is answered anew.

    Raises Stale unless the application stands at one of the `known` revisions; None is any.
    """
    application = await _lock_own(tx, caller, id, seen)
    require_open(application)
    if known is not None and application.revision not in known:
        raise Stale("The application has changed since you read it; read it again.")
    now = changed(application, become, datetime.now(UTC))
    fields = differing(application.terms, now.terms)
    if not fields:
        return application
    await store.change(tx, now)
    detail = {"fields": fields}
    audit.record(tx, caller.actor, "application.changed", "application", id, detail)
    events.emit(tx, caller.client_id, id, events.EventKind.APPLICATION_CHANGED, detail)
    if now.status in _ANSWERED and not UNJUDGED.issuperset(fields):
        jobs.enqueue(tx, RENEW_JOB, application_id=str(id))
        now = await move(tx, caller.actor, now, ApplicationStatus.READING)
    return now


async def withdraw(
    tx: Tx, caller: Caller, id: UUID, reason: DeleteReason, seen: Visibility = EVERYTHING
) -> Application:
    """Withdraw an application; it stays on record, with the reason. Again changes nothing."""
    application = await _lock_own(tx, caller, id, seen)
    if application.status is ApplicationStatus.WITHDRAWN:
        return application
    gone = moved(application, ApplicationStatus.WITHDRAWN, datetime.now(UTC))
    await store.withdraw(tx, gone, reason)
    detail = {"reason": reason}
    audit.record(tx, caller.actor, "application.withdrawn", "application", id, detail)
    events.emit(tx, caller.client_id, id, events.EventKind.APPLICATION_WITHDRAWN, detail)
    return gone


async def _lock_own(tx: Tx, caller: Caller, id: UUID, seen: Visibility) -> Application:
    application = await lock(tx, id)
    if application.client_id != caller.client_id or not seen.shows(application):
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
    now = moved(application, status, datetime.now(UTC))
    await store.move(tx, now)
    detail = {"from": application.status, "to": status}
    audit.record(tx, actor, "application.moved", "application", application.id, detail)
    kind = events.EventKind(f"application.{status}")
    events.emit(tx, application.client_id, application.id, kind, {})
    return now


async def case(db: Reads, id: UUID) -> Application:
    """An application for the lender's own people, whoever sent it."""
    found = await store.find_by_id(db, id)
    if found is None:
        raise NotFound("application")
    return found
