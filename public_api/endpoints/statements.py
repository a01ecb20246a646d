"""Statements and their transactions over HTTP, written once for every version."""

from dataclasses import dataclass, replace

from core import analysis, applications, statements
from core.db import Tx
from core.errors import NotFound
from core.pages import resume_place
from core.statements import StoredStatement, TransactionFilter
from public_api.call import Call
from public_api.versions import Response

Overview = tuple[list[StoredStatement], list[analysis.AccountCoverage], list[analysis.StoredFigure]]
"""An application's statements, its accounts, and its figures (two of which judge the papers)."""


@dataclass(frozen=True, slots=True)
class TransactionListing:
    """Which transactions to list; `evidence_of` is an answer's or a figure's name."""

    narrowed: TransactionFilter
    limit: int
    after: str | None
    evidence_of: str | None


async def list_statements(call: Call) -> Response:
    """An application's statements, whether each reconciles, and what is missing between them."""
    which = call.id()

    async def look(tx: Tx) -> Response:
        application = await applications.get(tx, call.caller, which, call.version.visibility)
        kept = await statements.list_for_application(tx, application.id)
        figures = await analysis.figures(tx, application.id)
        return call.translation.write((kept, analysis.accounts(kept), figures))

    return await call.db.snapshot(look)


async def list_transactions(call: Call) -> Response:
    """An application's transactions, oldest first, each with the place where it stands."""
    asked: TransactionListing = call.translation.read(call.asked())
    after = resume_place(asked.after) if asked.after else None
    which = call.id()

    async def look(tx: Tx) -> Response:
        application = await applications.get(tx, call.caller, which, call.version.visibility)
        narrowed = asked.narrowed
        if asked.evidence_of is not None:
            narrowed = await _evidence(tx, application, asked.evidence_of, narrowed)
        return call.translation.write(
            await statements.list_by_cursor(tx, application.id, narrowed, after, asked.limit)
        )

    return await call.db.snapshot(look)


async def _evidence(
    tx: Tx, application: applications.Application, name: str, narrowed: TransactionFilter
) -> TransactionFilter:
    ids = await analysis.evidence(tx, application.id, name)
    if ids is None:
        raise NotFound("answer or figure")
    return replace(narrowed, ids=ids)
