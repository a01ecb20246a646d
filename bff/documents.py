"""A case's documents: handing one in, getting it back, and looking at a place in it."""

from urllib.parse import quote
from uuid import UUID

from starlette.responses import Response, StreamingResponse

from bff.excerpt import AFTER, BEFORE, LONGEST, encoding, excerpt
from bff.requests import number, shown_revision, text
from bff.responses import json_response
from bff.sessions import page
from bff.state import Call
from bff.views import documents as views
from bff.views.values import amount, bilingual_view, box, moment, money
from core import applications, documents
from core.accesses import DOWNLOADED
from core.db import Tx
from core.documents import Document, Fact, PaperFigure, UploadLabel
from core.errors import Complaint, Invalid, TooLarge
from core.users import Permission, Person

OPENING_BYTES = 256  # bytes in which a file says how it is encoded


async def hand_in(call: Call, person: Person) -> Response:
    """Take in a file as it is; the same bytes again change nothing, which is said.

    Files come one after the other and each moves the case on; what it is about has to be the same.
    """
    application_id: UUID = call.path_params["id"]
    shown_terms = shown_revision(call).terms
    db, blobs = call.state["db"], call.state["blobs"]
    label = UploadLabel.of(
        text(call.query_params, "filename"), call.headers.get("Content-Type"), None
    )
    _refuse_early(call, call.state["settings"].document_limit_bytes)
    application = await applications.get_any(db, application_id)
    applications.require_terms(application, shown_terms)
    stored = await blobs.receive(call.stream())
    file = documents.ReceivedFile(stored, label)

    guard = call.state["quotas"]

    async def work(tx: Tx) -> documents.HandInResult:
        return await documents.attach(tx, person.actor, application_id, file, guard, shown_terms)

    async with documents.unused_discarded(db, blobs, application_id, stored):
        await guard.count(application.client_id)
        result = await db.write(work)
    view: views.HandedIn = {"known": not result.new}
    return json_response(view)


async def content(call: Call, person: Person) -> Response:
    """The file as it was handed in; it is saved, never shown, for it may be anything."""
    document = await documents.get_any(call.state["db"], *_ids(call))
    at = {"application_id": document.application_id, "document_id": document.id}
    call.state["accesses"].look(person.actor, DOWNLOADED, **at)
    return StreamingResponse(
        await call.state["blobs"].opened(document.blob, 0, document.size),
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(document.filename)}",
            "Content-Length": str(document.size),
            "Cache-Control": "private, no-store",
        },
    )


async def evidence(call: Call, _person: Person) -> Response:
    """The bytes that a fact rests on, as text, between what stands around them."""
    document = await documents.get_any(call.state["db"], *_ids(call))
    start = number(call.query_params, "start", 0, document.size)
    end = number(call.query_params, "end", 0, document.size)
    if start >= end:
        raise Invalid(Complaint("end", "end: more than start is needed"))
    blobs, shown_end = call.state["blobs"], min(end, start + LONGEST)
    first, last = max(0, start - BEFORE), min(document.size, shown_end + AFTER)
    opening = await blobs.slice(document.blob, 0, min(OPENING_BYTES, document.size))
    around = await blobs.slice(document.blob, first, last)
    before, marked, after = excerpt(around, start - first, shown_end - first, encoding(opening))
    view: views.Evidence = {
        "filename": document.filename,
        "sha256": document.sha256.hex(),
        "start": start,
        "end": end,
        "before": before,
        "text": marked,
        "after": after if shown_end == end else "…",
    }
    return json_response(view)


def document_view(document: Document) -> views.Document:
    """A document, what it says and what is odd about it."""
    return {
        "id": str(document.id),
        "filename": document.filename,
        "kind": document.kind,
        "status": document.status,
        "size": document.size,
        "received_at": moment(document.created_at),
        "findings": [
            {"code": finding.code, "detail": bilingual_view(finding.detail)}
            for finding in document.findings
        ],
        "facts": [_fact(fact) for fact in document.facts],
        "figures": [_figure(figure) for figure in document.figures],
    }


def _fact(fact: Fact) -> views.Fact:
    return {
        "term": fact.term,
        "text": fact.text,
        "day": fact.day.isoformat() if fact.day else None,
        "amount": money(fact.amount),
        "start": fact.origin.bytes.start,
        "end": fact.origin.bytes.end,
        "attachment": fact.origin.attachment,
        "box": box(fact.origin.box),
    }


def _figure(figure: PaperFigure) -> views.PaperFigure:
    return {
        "figure": figure.figure,
        "span": figure.span,
        "amount": amount(*figure.amount),
        "start": figure.origin.bytes.start,
        "end": figure.origin.bytes.end,
        "box": box(figure.origin.box),
    }


def _ids(call: Call) -> tuple[UUID, UUID]:
    return call.path_params["id"], call.path_params["document"]


def _refuse_early(call: Call, limit: int) -> None:
    """Spare the sender the way where it says beforehand that the file is too large."""
    length = call.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > limit:
        raise TooLarge(f"A document may have at most {limit} bytes.")


FILE = "/bff/cases/{id:uuid}/documents/{document:uuid}"
ROUTES = (
    page("POST", "/bff/cases/{id:uuid}/documents", hand_in, Permission.UPLOAD_DOCUMENTS),
    page("GET", f"{FILE}/content", content, Permission.VIEW_CASES),
    page("GET", f"{FILE}/evidence", evidence, Permission.VIEW_CASES),
)
