"""Every query on applications."""

from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from sqlalchemy import (
    Boolean,
    Integer,
    Text,
    and_,
    func,
    or_,
    select,
    text,
    update,
)

from core.applications.model import (
    Application,
    ApplicationListing,
    ApplicationStatus,
    DeleteReason,
)
from core.applications.rows import COLUMNS, TERMS, application, application_from_row, terms_row
from core.audit import EndUser
from core.clients.store import client
from core.db import Queryable, RowHeld, Tx
from core.pages import NEWEST, NumberedPage, Page, PageRequest, cursor, resume
from core.query import Deferred, compiled, like, param
from core.viewers import OF_END_USER, VISIBLE, Viewer

_MINE = and_(application.c.client_id == param("client_id"), text(VISIBLE))
_OF_END_USER = text(OF_END_USER)
_STATUS = or_(param("status", Text).is_(None), application.c.status == param("status", Text))
_REFERENCE = or_(
    param("external_reference", Text).is_(None),
    application.c.external_reference == param("external_reference", Text),
)
_ROW = Deferred(
    application,
    *("id", "client_id", "status", *TERMS, "revision", "created_at", "updated_at"),
    *("oidc_issuer", "oidc_subject"),
)
_terms_in_order = itemgetter(*TERMS)
_BY_ID = select(*COLUMNS).where(application.c.id == param("id"), _MINE)
_GET, _GET_OF_END_USER = compiled(_BY_ID), compiled(_BY_ID.where(_OF_END_USER))
_LOCK = compiled(
    select(*COLUMNS).where(application.c.id == param("id")).with_for_update(nowait=True)
)
_ANY = compiled(select(*COLUMNS).where(application.c.id == param("id")))
_LISTED = (
    select(*COLUMNS)
    .where(_MINE, _STATUS, _REFERENCE, application.c.id < param("before"))
    .order_by(application.c.id.desc())
    .limit(param("limit", Integer))
)
_PAGE, _PAGE_OF_END_USER = compiled(_LISTED), compiled(_LISTED.where(_OF_END_USER))
_NUMBERS = (
    select(*COLUMNS)
    .where(_MINE)
    .order_by(application.c.id.desc())
    .limit(param("limit", Integer))
    .offset(param("offset", Integer))
)
_NUMBERED, _NUMBERED_OF_END_USER = compiled(_NUMBERS), compiled(_NUMBERS.where(_OF_END_USER))
_TOTAL = select(func.count().label("total")).select_from(application).where(_MINE)
_COUNT, _COUNT_OF_END_USER = compiled(_TOTAL), compiled(_TOTAL.where(_OF_END_USER))
_MOVE = compiled(
    update(application)
    .where(application.c.id == param("which"))
    .values(
        status=param("new_status"), revision=param("new_revision"), updated_at=param("new_time")
    )
)
_CHANGE = compiled(
    update(application)
    .where(application.c.id == param("which"))
    .values(
        {name: param(f"new_{name}") for name in TERMS}
        | {"revision": param("new_revision"), "updated_at": param("new_time")}
    )
)
_WITHDRAW = compiled(
    update(application)
    .where(application.c.id == param("which"))
    .values(
        status=param("new_status"),
        revision=param("new_revision"),
        updated_at=param("new_time"),
        delete_reason=param("new_reason"),
    )
)
_ASSIGN = compiled(
    update(application)
    .where(application.c.id == param("which"))
    .values(oidc_issuer=param("new_issuer"), oidc_subject=param("new_subject"))
)
_SEARCHED = or_(
    param("search", Text).is_(None),
    application.c.legal_name.icontains(param("search", Text), autoescape=False),
    application.c.external_reference.icontains(param("search", Text), autoescape=False),
)
_OF_TESTS = client.c.test == param("test", Boolean)
_INBOX = compiled(
    select(*COLUMNS, client.c.name.label("partner"))
    .join(client, client.c.id == application.c.client_id)
    .where(_STATUS, _SEARCHED, _OF_TESTS)
    .order_by(application.c.id.desc())
    .limit(param("limit", Integer))
    .offset(param("offset", Integer))
)
_INBOX_COUNTS = compiled(
    select(application.c.status, func.count().label("total"))
    .join(client, client.c.id == application.c.client_id)
    .where(_SEARCHED, _OF_TESTS)
    .group_by(application.c.status)
)


class InboxCase(NamedTuple):
    """A case, and the name of the partner that sent it."""

    application: Application
    partner: str


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """Which cases: of a status, with a text in name or reference, of test clients or others."""

    status: ApplicationStatus | None = None
    search: str | None = None
    test: bool = False


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of all cases with the partner that sent each, and how many there are by status."""

    cases: list[InboxCase]
    counts: dict[ApplicationStatus, int]


def add(tx: Tx, new: Application) -> None:
    """Insert the application when the unit of work ends."""
    tx.defer(
        _ROW,
        new.id,
        new.client_id,
        new.status,
        *_terms_in_order(terms_row(new.terms)),
        new.revision,
        new.created_at,
        new.updated_at,
        *(new.end_user or (None, None)),
    )


async def get(db: Queryable, viewer: Viewer, id: UUID) -> Application | None:
    """A client's application, or its end user's."""
    query = _GET if viewer.end_user is None else _GET_OF_END_USER
    row = await db.one(query, id=id, **viewer.parameters())
    return application_from_row(row) if row else None


async def find_by_id(db: Queryable, id: UUID) -> Application | None:
    """An application, whoever sent it."""
    row = await db.one(_ANY, id=id)
    return application_from_row(row) if row else None


async def lock(tx: Tx, id: UUID) -> Application | None:
    """An application that nobody else changes until the unit of work ends; raises RowHeld."""
    try:
        row = await tx.one(_LOCK, id=id)
    except asyncpg.LockNotAvailableError:
        raise RowHeld(id) from None
    return application_from_row(row) if row else None


async def list_by_cursor(
    db: Queryable, viewer: Viewer, filter: ApplicationListing
) -> Page[Application]:
    """A client's applications, newest first, resuming after the cursor."""
    limit, after = filter.limit, filter.after
    rows = await db.all(
        _PAGE if viewer.end_user is None else _PAGE_OF_END_USER,
        **viewer.parameters(),
        status=filter.status,
        external_reference=filter.external_reference,
        before=resume(after) if after else NEWEST,
        limit=limit + 1,
    )
    more = len(rows) > limit
    return Page(
        [application_from_row(row) for row in rows[:limit]],
        cursor(rows[limit - 1]["id"]) if more else None,
    )


async def list_by_page(
    db: Queryable, viewer: Viewer, request: PageRequest
) -> NumberedPage[Application]:
    """One numbered page of a client's applications, newest first, and their total."""
    mine, of_all = viewer.parameters(), viewer.end_user is None
    numbered, count = (_NUMBERED, _COUNT) if of_all else (_NUMBERED_OF_END_USER, _COUNT_OF_END_USER)
    rows = await db.all(numbered, **mine, limit=request.per_page, offset=request.offset)
    total = await db.one(count, **mine)
    return NumberedPage(
        [application_from_row(row) for row in rows], total["total"] if total else 0, request
    )


async def move(tx: Tx, moved: Application) -> None:
    """Write the status that the application has moved to."""
    await tx.run(
        _MOVE,
        which=moved.id,
        new_status=moved.status,
        new_revision=moved.revision,
        new_time=moved.updated_at,
    )


async def change(tx: Tx, changed: Application) -> None:
    """Write what the application asks for now."""
    await tx.run(
        _CHANGE,
        which=changed.id,
        new_revision=changed.revision,
        new_time=changed.updated_at,
        **{f"new_{name}": value for name, value in terms_row(changed.terms).items()},
    )


async def assign(tx: Tx, id: UUID, end_user: EndUser) -> None:
    """Write whose the application is within its client."""
    await tx.run(_ASSIGN, which=id, new_issuer=end_user.issuer, new_subject=end_user.subject)


async def withdraw(tx: Tx, moved: Application, reason: DeleteReason) -> None:
    """Write that the application was withdrawn, and why."""
    await tx.run(
        _WITHDRAW,
        which=moved.id,
        new_status=moved.status,
        new_revision=moved.revision,
        new_time=moved.updated_at,
        new_reason=reason,
    )


async def inbox(db: Queryable, filter: InboxFilter, request: PageRequest) -> Inbox:
    """One page of everybody's applications, newest first, and how many there are by status.

    Those of test clients are never among the others: they are a list of their own.
    """
    chosen: dict[str, Any] = {"search": like(filter.search), "test": filter.test}
    rows = await db.all(
        _INBOX, **chosen, status=filter.status, limit=request.per_page, offset=request.offset
    )
    counts = await db.all(_INBOX_COUNTS, **chosen)
    return Inbox(
        [InboxCase(application_from_row(row), row["partner"]) for row in rows],
        {ApplicationStatus(row["status"]): row["total"] for row in counts},
    )
