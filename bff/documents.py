"""A case's documents: handing one in, getting it back, and looking at a place in it."""

from urllib.parse import quote
from uuid import UUID

from starlette.responses import Response, StreamingResponse

from bff.excerpt import AFTER, BEFORE, LONGEST, encoding, excerpt
from bff.queries import number, text
from bff.responses import done, say
from bff.sessions import page
from bff.state import Call
from bff.views import documents as views
from bff.views.values import box, moment, money
from bff.views.values import text as both
from core import applications, documents
from core.db import Tx
from core.documents import Document, Fact, UploadLabel
from core.errors import Complaint, Forbidden, Invalid, TooLarge
from core.users import Person, Role

OPENING = 256  # bytes in which a file says how it is encoded


def may_hand_in(who: Person) -> bool:
    """Whether the person may add to a case, or only look at it."""
    return who.role is Role.UNDERWRITER


async def hand_in(call: Call, who: Person) -> Response:
    """Take in a file as it is; the same bytes again change nothing."""
    if not may_hand_in(who):
        raise Forbidden("Your role does not allow this.")
    application_id: UUID = call.path_params["id"]
    db, blobs = call.state["db"], call.state["blobs"]
    label = UploadLabel.of(
        text(call.query_params, "filename"), call.headers.get("Content-Type"), None
    )
    _refuse_early(call, call.state["settings"].document_limit_bytes)
    await applications.case(db, application_id)
    stored = await blobs.receive(call.stream())

    async def work(tx: Tx) -> None:
        await documents.hand_in(tx, who.actor, application_id, stored, label)

    try:
        await db.write(work)
    finally:
        await documents.discard_unused(db, blobs, application_id, stored)
    return done()


async def content(call: Call, _who: Person) -> Response:
    """The file as it was handed in; it is saved, never shown, for it may be anything."""
    document = await documents.get(call.state["db"], *_ids(call))
    return StreamingResponse(
        call.state["blobs"].stream(document.blob, 0, document.size),
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(document.filename)}",
            "Content-Length": str(document.size),
            "Cache-Control": "private, no-store",
        },
    )


async def evidence(call: Call, _who: Person) -> Response:
    """The bytes that a fact rests on, as text, between what stands around them."""
    document = await documents.get(call.state["db"], *_ids(call))
    start = number(call.query_params, "start", 0, document.size)
    end = number(call.query_params, "end", 0, document.size)
    if start >= end:
        raise Invalid(Complaint("end", "end: more than start is needed"))
    blobs, shown = call.state["blobs"], min(end, start + LONGEST)
    begin, finish = max(0, start - BEFORE), min(document.size, shown + AFTER)
    opening = await blobs.slice(document.blob, 0, min(OPENING, document.size))
    around = await blobs.slice(document.blob, begin, finish)
    before, marked, after = excerpt(around, start - begin, shown - begin, encoding(opening))
    view: views.Evidence = {
        "filename": document.filename,
        "sha256": document.sha256.hex(),
        "start": start,
        "end": end,
        "before": before,
        "text": marked,
        "after": after if shown == end else "…",
    }
    return say(view)


def shown(each: Document) -> views.Document:
    """A document, what it says and what is odd about it."""
    return {
        "id": str(each.id),
        "filename": each.filename,
        "kind": each.kind,
        "status": each.status,
        "size": each.size,
        "received_at": moment(each.created_at),
        "findings": [{"code": one.code, "detail": both(one.detail)} for one in each.findings],
        "facts": [_fact(one) for one in each.facts],
    }


def _fact(each: Fact) -> views.Fact:
    return {
        "term": each.term,
        "text": each.text,
        "day": each.day.isoformat() if each.day else None,
        "amount": money(each.amount),
        "start": each.origin.bytes.start,
        "end": each.origin.bytes.end,
        "attachment": each.origin.attachment,
        "box": box(each.origin.box),
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
    page("POST", "/bff/cases/{id:uuid}/documents", hand_in),
    page("GET", f"{FILE}/content", content),
    page("GET", f"{FILE}/evidence", evidence),
)
