"""Statements and their transactions over HTTP, written once for every version."""

from core import analysis
from core.analysis import StatementOverview, TransactionListing
from core.db import Tx
from core.pages import Page
from core.statements import StoredTransaction
from public_api.call import Call
from public_api.messages import Response, Translation


async def list_statements(
    call: Call, translation: Translation[str | None, StatementOverview]
) -> Response:
    """An application's statements, whether each reconciles, and what is missing between them."""
    evidence_of = translation.read(call.tolerant_request())
    which = call.id()

    async def look(tx: Tx) -> Response:
        return translation.write(await analysis.overview(tx, call.viewer, which, evidence_of))

    return await call.db.snapshot(look)


async def list_transactions(
    call: Call, translation: Translation[TransactionListing, Page[StoredTransaction]]
) -> Response:
    """An application's transactions, oldest first, each with the place where it stands."""
    listing = translation.read(call.request())
    which = call.id()

    async def look(tx: Tx) -> Response:
        return translation.write(await analysis.list_transactions(tx, call.viewer, which, listing))

    return await call.db.snapshot(look)
