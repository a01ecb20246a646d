"""Documents over HTTP, written once for every version."""

import re
from urllib.parse import quote

from core import applications, documents
from core.accesses import DOWNLOADED
from core.db import Tx
from core.documents import Document, DocumentKind, HandInResult
from core.errors import NotFound
from public_api.call import Call
from public_api.conditions import is_current
from public_api.messages import Response, StreamedResponse, Translation
from public_api.refusals import NoSuchRange
from public_api.uploads import receive

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z")


async def hand_in(
    call: Call, translation: Translation[DocumentKind | None, HandInResult]
) -> Response:
    """Take in a document; the same bytes again give the document that is there."""
    application = await applications.get(call.db, call.viewer, call.id())
    file = await receive(call, translation.read)

    quotas, blobs = call.dependencies.quotas, call.dependencies.blobs

    async def work(tx: Tx) -> Response:
        return translation.write(
            await documents.hand_in(tx, call.viewer, application.id, file, quotas)
        )

    async with documents.unused_discarded(call.db, blobs, application.id, file.stored):
        await quotas.count(application.client_id)
        return await call.once((file.stored.sha256, file.label.kind), work)


async def list_all(call: Call, translation: Translation[None, list[Document]]) -> Response:
    """All documents of an application, oldest first."""
    return translation.write(await documents.list_for_viewer(call.db, call.viewer, call.id()))


async def show(call: Call, translation: Translation[None, Document]) -> Response:
    """One document of an application."""
    return translation.write(await _document(call))


async def download(
    call: Call, _translation: Translation[None, None]
) -> Response | StreamedResponse:
    """A document's bytes as they were handed in, or a range of them; none that the caller has."""
    document = await _document(call)
    tag = f'"{document.sha256.hex()}"'
    # Before any range: a copy that is current needs no part of itself (RFC 9110, 13.2.2).
    if is_current(call.headers.get("if-none-match"), tag):
        return Response(304, headers=(("ETag", tag),))
    at = {"application_id": document.application_id, "document_id": document.id}
    call.note_access(DOWNLOADED, **at)
    headers = (
        ("Content-Type", document.media_type),
        (
            "Content-Disposition",
            f"attachment; filename*=UTF-8''{quote(document.filename, safe='')}",
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("Accept-Ranges", "bytes"),
        ("ETag", tag),
    )
    span = None
    # A range of another copy would be spliced into the wrong file.
    if call.headers.get("if-range", tag) == tag:
        span = _span(call.headers.get("range"), document.size)
    if span is None:
        chunks = await call.dependencies.blobs.opened(document.blob, 0, document.size)
        return StreamedResponse(200, chunks, (*headers, ("Content-Length", str(document.size))))
    start, end = span
    chunks = await call.dependencies.blobs.opened(document.blob, start, end)
    part = (
        ("Content-Length", str(end - start)),
        ("Content-Range", f"bytes {start}-{end - 1}/{document.size}"),
    )
    return StreamedResponse(206, chunks, headers + part)


async def _document(call: Call) -> Document:
    application_id = call.id()
    try:
        document_id = call.id("document_id")
    except NotFound:
        # An application that is none of the caller's comes first.
        await applications.get(call.db, call.viewer, application_id)
        raise
    return await documents.get(call.db, call.viewer, application_id, document_id)


def _span(header: str | None, size: int) -> tuple[int, int] | None:
    """The half-open range asked for; None for all of it, as for several ranges at once."""
    match = _RANGE.match(header or "")
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if first == "":
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
    if start >= end:
        raise NoSuchRange(size)
    return start, end
