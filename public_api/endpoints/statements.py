"""Statements and their transactions over HTTP, written once for every version."""

from core import analysis
from core.analysis import (
    StatementFindings,
    StatementListing,
    StatementOverview,
    TransactionListing,
)
from core.bulkhead import Bulkhead
from core.db import Tx
from core.pages import Page
from core.statements import StoredTransaction
from public_api.call import Call
from public_api.messages import Response, Translation

FEW = 1_000
"""A list of more statements is made in turn beside everything else: it is seconds of work."""
_large = Bulkhead(
    "statements",
    threads=1,
    most_waiting=32,
    most_per_owner=4,
    refusal="Too many long lists are asked for at this moment; ask for pages, or again later.",
)


async def list_statements(
    call: Call, translation: Translation[StatementListing, StatementOverview]
) -> Response:
    """An application's statements, whether each reconciles, and what is missing between them."""
    listing = translation.read(call.tolerant_request())
    which = call.id()

    async def look(tx: Tx) -> StatementFindings:
        return await analysis.find_statements(tx, call.viewer, which, listing)

    found = await call.db.snapshot(look)
    if len(found.rows) <= FEW:
        return translation.write(found.overview())
    return await _large.run(call.viewer.client_id, lambda: translation.write(found.overview()))


async def list_transactions(
    call: Call, translation: Translation[TransactionListing, Page[StoredTransaction]]
) -> Response:
    """An application's transactions, oldest first, each with the place where it stands."""
    listing = translation.read(call.request())
    which = call.id()

    async def look(tx: Tx) -> Response:
        return translation.write(await analysis.list_transactions(tx, call.viewer, which, listing))

    return await call.db.snapshot(look)
