"""Every query on documents; `rows` says how they lie."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import (
    Integer,
    Uuid,
    any_,
    column,
    func,
    null,
    select,
    table,
)
from sqlalchemy import update as updating
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from core.applications.rows import application
from core.db import Queryable, Tx
from core.documents.model import (
    FAILED_ON_US,
    Document,
    DocumentKind,
    DocumentStatus,
    Fact,
    Finding,
    Holdings,
    PaperFigure,
    ReadingProgress,
)
from core.documents.rows import (
    document,
    document_from_row,
    fact_row,
    figure_row,
    finding_row,
)
from core.ids import first_id
from core.pages import Page, cursor
from core.query import Deferred, compiled, param

_COLUMNS = list(document.c)
_OF_APPLICATION = document.c.application_id == param("application_id")

_ROW = Deferred(document, *(each.name for each in document.c))
_SAME = compiled(select(*_COLUMNS).where(_OF_APPLICATION, document.c.sha256 == param("sha256")))
_GET = compiled(select(*_COLUMNS).where(document.c.id == param("id"), _OF_APPLICATION))
_ANY = compiled(select(*_COLUMNS).where(document.c.id == param("id")))
_ALL = compiled(select(*_COLUMNS).where(_OF_APPLICATION).order_by(document.c.id))
_AFTER = compiled(
    select(*_COLUMNS)
    .where(_OF_APPLICATION, document.c.id > param("after"))
    .order_by(document.c.id)
    .limit(param("limit", Integer))
)
_NAMES = compiled(
    select(document.c.id, document.c.filename).where(
        document.c.id == any_(param("ids", ARRAY(Uuid)))
    )
)
_PROGRESS = compiled(
    select(
        func.count().label("total"),
        func.count().filter(document.c.read_at.is_(None)).label("unread"),
        func.count().filter(document.c.status == DocumentStatus.READING.value).label("reading"),
    )
    .select_from(document)
    .where(_OF_APPLICATION)
)
_BLOBS = compiled(select(document.c.blob).where(document.c.id >= param("since")))
_NEWEST = compiled(select(document.c.blob).order_by(document.c.id.desc()).limit(20))
_PENDING = compiled(
    select(func.count().label("total"))
    .select_from(document)
    .where(_OF_APPLICATION, document.c.read_at.is_(None))
)
_HELD = (
    func.count().label("documents"),
    func.coalesce(func.sum(document.c.size), 0).label("bytes"),
)
_OF_CLIENT = document.join(application, application.c.id == document.c.application_id)
_HELD_BY_APPLICATION = compiled(select(*_HELD).select_from(document).where(_OF_APPLICATION))
_HELD_BY_CLIENT = compiled(
    select(*_HELD).select_from(_OF_CLIENT).where(application.c.client_id == param("client_id"))
)
_HELD_BY_CLIENTS = compiled(
    select(application.c.client_id, *_HELD)
    .select_from(_OF_CLIENT)
    .group_by(application.c.client_id)
)
# What documents say lies with statements, which are told above them.
_statement = table(
    "statement", column("application_id", Uuid), column("transaction_count", Integer)
)
_BOOKINGS = compiled(
    select(func.coalesce(func.sum(_statement.c.transaction_count), 0).label("bookings")).where(
        _statement.c.application_id == param("application_id")
    )
)
_SET = compiled(
    updating(document)
    .where(document.c.id == param("which"), document.c.read_at.is_(None))
    .values(
        status=param("new_status"),
        kind=param("new_kind"),
        findings=param("new_findings"),
        read_at=param("new_time"),
        facts=param("new_facts"),
    )
)

_REOPEN = compiled(
    updating(document)
    .where(document.c.id == param("which"), document.c.status == DocumentStatus.UNREADABLE)
    .values(
        status=DocumentStatus.QUEUED,
        findings=param("new_findings"),
        read_at=null(),
        facts=null(),
    )
)
_FAILED_ON_US = compiled(
    select(*_COLUMNS)
    .where(
        document.c.status == DocumentStatus.UNREADABLE,
        document.c.findings.contains(param("findings", JSONB)),
    )
    .order_by(document.c.id)
)


async def reopen(tx: Tx, id: UUID) -> None:
    """Let a document that could not be read wait to be read again."""
    await tx.run(_REOPEN, which=id, new_findings=[])


async def list_failed_on_us(db: Queryable) -> list[Document]:
    """The documents that earlier builds gave up over an error of ours, oldest first."""
    rows = await db.all(_FAILED_ON_US, findings=[{"code": FAILED_ON_US}])
    return [document_from_row(row) for row in rows]


async def blobs_since(db: Queryable, moment: datetime) -> set[str]:
    """Where the bytes of all documents handed in since a moment lie."""
    return {row["blob"] for row in await db.all(_BLOBS, since=first_id(moment))}


async def newest_blobs(db: Queryable) -> list[str]:
    """Where the bytes of the documents handed in last lie, some of them."""
    return [row["blob"] for row in await db.all(_NEWEST)]


def add(tx: Tx, new: Document) -> None:
    """Insert a document when the unit of work ends."""
    tx.defer(
        _ROW,
        new.id,
        new.application_id,
        new.status,
        new.kind,
        new.filename,
        new.media_type,
        new.size,
        new.sha256,
        new.blob,
        [],
        new.created_at,
        new.read_at,
        None,
    )


async def find_by_hash(db: Queryable, application_id: UUID, sha256: bytes) -> Document | None:
    """The application's document with these bytes."""
    row = await db.one(_SAME, application_id=application_id, sha256=sha256)
    return document_from_row(row) if row else None


async def get(db: Queryable, application_id: UUID, id: UUID) -> Document | None:
    """A document of an application."""
    row = await db.one(_GET, id=id, application_id=application_id)
    return document_from_row(row) if row else None


async def find_by_id(db: Queryable, id: UUID) -> Document | None:
    """A document, whatever application it belongs to."""
    row = await db.one(_ANY, id=id)
    return document_from_row(row) if row else None


async def list_for_application(db: Queryable, application_id: UUID) -> list[Document]:
    """All documents of an application, oldest first."""
    rows = await db.all(_ALL, application_id=application_id)
    return [document_from_row(row) for row in rows]


async def list_by_cursor(
    db: Queryable, application_id: UUID, after: UUID, limit: int
) -> Page[Document]:
    """An application's documents, oldest first, resuming after the cursor."""
    rows = await db.all(_AFTER, application_id=application_id, after=after, limit=limit + 1)
    more = len(rows) > limit
    return Page(
        [document_from_row(row) for row in rows[:limit]],
        cursor(rows[limit - 1]["id"]) if more else None,
    )


async def filenames(db: Queryable, ids: Collection[UUID]) -> dict[UUID, str]:
    """What these documents are called."""
    return {row["id"]: row["filename"] for row in await db.all(_NAMES, ids=list(ids))}


async def progress(db: Queryable, application_id: UUID) -> ReadingProgress:
    """How far reading an application's documents has come."""
    row = await db.one(_PROGRESS, application_id=application_id)
    return ReadingProgress(*(row or (0, 0, 0)))


async def count_pending(db: Queryable, application_id: UUID) -> int:
    """How many documents of an application still wait to be read."""
    row = await db.one(_PENDING, application_id=application_id)
    return int(row["total"]) if row else 0


async def holdings_of_application(db: Queryable, application_id: UUID) -> Holdings:
    """What an application has."""
    return _holdings(await db.one(_HELD_BY_APPLICATION, application_id=application_id))


async def bookings_of_application(db: Queryable, application_id: UUID) -> int:
    """How many bookings an application's documents have together."""
    row = await db.one(_BOOKINGS, application_id=application_id)
    return int(row["bookings"]) if row else 0


async def holdings_of_client(db: Queryable, client_id: UUID) -> Holdings:
    """What all applications of a client have together."""
    return _holdings(await db.one(_HELD_BY_CLIENT, client_id=client_id))


async def holdings_by_client(db: Queryable) -> dict[UUID, Holdings]:
    """What each client that has documents has of them."""
    return {row["client_id"]: _holdings(row) for row in await db.all(_HELD_BY_CLIENTS)}


async def set_status(
    tx: Tx,
    id: UUID,
    status: DocumentStatus,
    kind: DocumentKind | None,
    findings: tuple[Finding, ...],
    read_at: datetime | None,
    facts: tuple[Fact, ...] = (),
    figures: tuple[PaperFigure, ...] = (),
) -> bool:
    """Write how far reading a document has come; False, and nothing, once it has ended."""
    touched = await tx.run(
        _SET,
        which=id,
        new_status=status,
        new_kind=kind,
        new_findings=[finding_row(each) for each in findings],
        new_time=read_at,
        new_facts=[*map(fact_row, facts), *map(figure_row, figures)] or None,
    )
    return touched > 0


def _holdings(row: asyncpg.Record | None) -> Holdings:
    return Holdings(0, 0) if row is None else Holdings(row["documents"], int(row["bytes"]))
