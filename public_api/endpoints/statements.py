"""Statements and their transactions over HTTP, written once for every version."""

from dataclasses import dataclass, replace

from core import analysis, applications, statements
from core.db import Tx
from core.errors import NotFound
from core.pages import resume_place
from core.statements import Filter, Kept
from public_api.call import Call
from public_api.versions import Answer

Overview = tuple[list[Kept], list[analysis.Covered], list[analysis.Computed]]
"""An application's statements, its accounts, and its figures (two of which judge the papers)."""


@dataclass(frozen=True, slots=True)
class TransactionListing:
    """Which transactions to list; `evidence_of` is an answer's or a figure's name."""

    narrowed: Filter
    limit: int
    after: str | None
    evidence_of: str | None


async def browse(call: Call) -> Answer:
    """An application's statements, whether each reconciles, and what is missing between them."""
    which = call.id()

    async def look(tx: Tx) -> Answer:
        application = await applications.get(tx, call.caller, which, call.version.seen)
        kept = await statements.of_application(tx, application.id)
        figures = await analysis.figures(tx, application.id)
        return call.said.write((kept, analysis.accounts(kept), figures))

    return await call.db.snapshot(look)


async def transactions(call: Call) -> Answer:
    """An application's transactions, oldest first, each with the place where it stands."""
    asked: TransactionListing = call.said.read(call.asked())
    after = resume_place(asked.after) if asked.after else None
    which = call.id()

    async def look(tx: Tx) -> Answer:
        application = await applications.get(tx, call.caller, which, call.version.seen)
        narrowed = asked.narrowed
        if asked.evidence_of is not None:
            narrowed = await _evidence(tx, application, asked.evidence_of, narrowed)
        return call.said.write(
            await statements.page(tx, application.id, narrowed, after, asked.limit)
        )

    return await call.db.snapshot(look)


async def _evidence(
    tx: Tx, application: applications.Application, name: str, narrowed: Filter
) -> Filter:
    ids = await analysis.evidence(tx, application.id, name)
    if ids is None:
        raise NotFound("answer or figure")
    return replace(narrowed, ids=ids)
