"""A case's documents: handing one in, getting it back, and looking at a place in it."""

from urllib.parse import quote
from uuid import UUID

from starlette.responses import Response, StreamingResponse

from bff import views
from bff.excerpt import AFTER, BEFORE, LONGEST, encoding, excerpt
from bff.queries import number, text
from bff.responses import done, say
from bff.sessions import demand, page
from bff.state import Call
from core import applications, documents
from core.db import Tx
from core.errors import Complaint, Conflict, Invalid, NotFound, TooLarge
from core.users import Person, Role

OPENING = 256  # bytes in which a file says how it is encoded


async def hand_in(call: Call, who: Person) -> Response:
    """Take in a file as it is; the same bytes again change nothing."""
    demand(who, Role.UNDERWRITER)
    application_id: UUID = call.path_params["id"]
    db, blobs = call.state["db"], call.state["blobs"]
    filename = text(call.query_params, "filename")
    limit = call.state["settings"].document_limit_bytes
    _refuse_early(call.headers.get("Content-Length"), limit)
    await applications.case(db, application_id)
    received = await blobs.receive(call.stream(), filename, call.headers.get("Content-Type"))

    async def work(tx: Tx) -> bool:
        _, fresh = await documents.hand_in(tx, who.actor, application_id, received, None)
        return fresh

    try:
        fresh = await db.write(work)
    except (NotFound, Conflict):  # surely undone; after a lost connection it may well be kept
        await blobs.discard(received.blob)
        raise
    if not fresh:
        await blobs.discard(received.blob)
    return done()


async def content(call: Call, _who: Person) -> Response:
    """The file as it was handed in; it is saved, never shown, for it may be anything."""
    document = await documents.get(call.state["db"], *_ids(call))
    return StreamingResponse(
        call.state["blobs"].stream(document.blob),
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


def _ids(call: Call) -> tuple[UUID, UUID]:
    return call.path_params["id"], call.path_params["document"]


def _refuse_early(length: str | None, limit: int) -> None:
    """Spare the sender the way where it says beforehand that the file is too large."""
    if length is not None and length.isdigit() and int(length) > limit:
        raise TooLarge(f"A document may have at most {limit} bytes.")


FILE = "/bff/cases/{id:uuid}/documents/{document:uuid}"
ROUTES = (
    page("POST", "/bff/cases/{id:uuid}/documents", hand_in),
    page("GET", f"{FILE}/content", content),
    page("GET", f"{FILE}/evidence", evidence),
)
