"""Where documents lie, and every query on them."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Integer,
    LargeBinary,
    Table,
    Text,
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
from core.bilingual import Bilingual
from core.db import Queryable, Tx
from core.documents.model import (
    FAILED_ON_US,
    Document,
    DocumentKind,
    DocumentStatus,
    Fact,
    FigureSpan,
    FigureTerm,
    Finding,
    Holdings,
    Origin,
    PaperFigure,
    ReadingProgress,
    Term,
)
from core.evidence import Box, Bytes
from core.ids import first_id
from core.money import Money
from core.pages import Page, cursor
from core.query import Deferred, compiled, metadata, param
from core.vocabulary import is_tolerated, usually_falls_back

document = Table(
    "document",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("application_id", Uuid),
    Column("status", Text),
    Column("kind", Text),
    Column("filename", Text),
    Column("media_type", Text),
    Column("size", BigInteger),
    Column("sha256", LargeBinary),
    Column("blob", Text),
    Column("findings", JSONB),
    Column("created_at", DateTime(timezone=True)),
    Column("read_at", DateTime(timezone=True)),
    Column("facts", JSONB),
)
_COLUMNS = list(document.c)
_KINDS, _TERMS = frozenset(DocumentKind), frozenset(Term)
_FIGURES, _SPANS = frozenset(FigureTerm), frozenset(FigureSpan)
usually_falls_back(DocumentKind.OTHER)
is_tolerated(Term)  # facts about what a build does not know are left out as they are read
is_tolerated(FigureTerm)  # and so are figures, which stand among the facts
is_tolerated(FigureSpan)
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
    return [_document(row) for row in rows]


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
    return _document(row) if row else None


async def get(db: Queryable, application_id: UUID, id: UUID) -> Document | None:
    """A document of an application."""
    row = await db.one(_GET, id=id, application_id=application_id)
    return _document(row) if row else None


async def find_by_id(db: Queryable, id: UUID) -> Document | None:
    """A document, whatever application it belongs to."""
    row = await db.one(_ANY, id=id)
    return _document(row) if row else None


async def list_for_application(db: Queryable, application_id: UUID) -> list[Document]:
    """All documents of an application, oldest first."""
    rows = await db.all(_ALL, application_id=application_id)
    return [_document(row) for row in rows]


async def list_by_cursor(
    db: Queryable, application_id: UUID, after: UUID, limit: int
) -> Page[Document]:
    """An application's documents, oldest first, resuming after the cursor."""
    rows = await db.all(_AFTER, application_id=application_id, after=after, limit=limit + 1)
    more = len(rows) > limit
    return Page(
        [_document(row) for row in rows[:limit]], cursor(rows[limit - 1]["id"]) if more else None
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
        new_findings=[_finding_row(each) for each in findings],
        new_time=read_at,
        new_facts=[*map(_fact_row, facts), *map(_figure_row, figures)] or None,
    )
    return touched > 0


def _holdings(row: asyncpg.Record | None) -> Holdings:
    return Holdings(0, 0) if row is None else Holdings(row["documents"], int(row["bytes"]))


def _kind(word: str | None) -> DocumentKind | None:
    """The kind; a newer build beside this one may know more of them."""
    return None if word is None else DocumentKind(word) if word in _KINDS else DocumentKind.OTHER


def _document(row: asyncpg.Record) -> Document:
    return Document(
        id=row["id"],
        application_id=row["application_id"],
        status=DocumentStatus(row["status"]),
        kind=_kind(row["kind"]),
        filename=row["filename"],
        media_type=row["media_type"],
        size=row["size"],
        sha256=row["sha256"],
        blob=row["blob"],
        findings=tuple(_finding(each) for each in row["findings"]),
        created_at=row["created_at"],
        read_at=row["read_at"],
        facts=tuple(_fact(each) for each in row["facts"] or () if each["term"] in _TERMS),
        figures=tuple(_figure(each) for each in row["facts"] or () if _is_figure(each)),
    )


def _finding_row(each: Finding) -> dict[str, str]:
    """A finding as JSON; a build that knows no German yet reads `code` and `detail` of it."""
    return {"code": each.code, "detail": each.detail.en, "detail_de": each.detail.de}


def _finding(row: dict[str, str]) -> Finding:
    """A finding on record; one that a build wrote which knew no German has English for both."""
    english = row["detail"]
    return Finding(row["code"], Bilingual(english, row.get("detail_de", english)))


def _fact_row(each: Fact) -> dict[str, object]:
    """A fact as JSON, without what it does not have."""
    origin = each.origin
    row = {
        "term": each.term,
        "bytes": list(origin.bytes),
        "attachment": origin.attachment,
        "box": origin.box and list(origin.box),
        "text": each.text,
        "day": each.day and each.day.isoformat(),
        "amount": each.amount and list(each.amount),
    }
    return {name: value for name, value in row.items() if value is not None}


def _fact(row: dict[str, Any]) -> Fact:
    box, day, amount = row.get("box"), row.get("day"), row.get("amount")
    return Fact(
        term=Term(row["term"]),
        origin=Origin(Bytes(*row["bytes"]), row.get("attachment"), Box(*box) if box else None),
        text=row.get("text"),
        day=date.fromisoformat(day) if day else None,
        amount=Money(*amount) if amount else None,
    )


def _figure_row(each: PaperFigure) -> dict[str, object]:
    """A figure among the facts, under a term that a build which knows none of them passes over."""
    origin = each.origin
    return {
        "term": f"figure:{each.figure}",
        "span": each.span.value,
        "bytes": list(origin.bytes),
        "box": origin.box and list(origin.box),
        "amount": list(each.amount),
    }


def _is_figure(row: dict[str, Any]) -> bool:
    return row["term"].removeprefix("figure:") in _FIGURES and row.get("span") in _SPANS


def _figure(row: dict[str, Any]) -> PaperFigure:
    box = row.get("box")
    return PaperFigure(
        FigureTerm(row["term"].removeprefix("figure:")),
        FigureSpan(row["span"]),
        Money(*row["amount"]),
        Origin(Bytes(*row["bytes"]), box=Box(*box) if box else None),
    )
