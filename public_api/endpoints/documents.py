"""Documents over HTTP, written once for every version."""

import re
from urllib.parse import quote

from core import applications, documents
from core.db import Tx
from public_api.call import Call
from public_api.refusals import NoSuchRange
from public_api.uploads import receive
from public_api.versions import Response, StreamedResponse

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z")


async def hand_in(call: Call) -> Response:
    """Take in a document; the same bytes again give the document that is there."""
    application = await applications.get(call.db, call.caller, call.id(), call.version.visibility)
    stored, label = await receive(call)

    async def work(tx: Tx) -> Response:
        return call.translation.write(
            await documents.hand_in(tx, call.caller.actor, application.id, stored, label)
        )

    try:
        return await call.once((stored.sha256, label.kind), work)
    finally:
        await documents.discard_unused(call.db, call.shared.blobs, application.id, stored)


async def list_all(call: Call) -> Response:
    """All documents of an application, oldest first."""
    application = await applications.get(call.db, call.caller, call.id(), call.version.visibility)
    return call.translation.write(await documents.list_for_application(call.db, application.id))


async def show(call: Call) -> Response:
    """One document of an application."""
    application = await applications.get(call.db, call.caller, call.id(), call.version.visibility)
    return call.translation.write(
        await documents.get(call.db, application.id, call.id("document_id"))
    )


async def download(call: Call) -> StreamedResponse:
    """A document's bytes as they were handed in, or a range of them."""
    application = await applications.get(call.db, call.caller, call.id(), call.version.visibility)
    document = await documents.get(call.db, application.id, call.id("document_id"))
    tag = f'"{document.sha256.hex()}"'
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
        chunks = call.shared.blobs.stream(document.blob, 0, document.size)
        return StreamedResponse(200, chunks, (*headers, ("Content-Length", str(document.size))))
    start, end = span
    chunks = call.shared.blobs.stream(document.blob, start, end)
    part = (
        ("Content-Length", str(end - start)),
        ("Content-Range", f"bytes {start}-{end - 1}/{document.size}"),
    )
    return StreamedResponse(206, chunks, headers + part)


def _span(said: str | None, size: int) -> tuple[int, int] | None:
    """The half-open range asked for; None for all of it, as for several ranges at once."""
    match = _RANGE.match(said or "")
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
