"""Figures and answers over HTTP, written once for every version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core import analysis, applications, questions, statements
from core.db import Reads, Tx
from core.statements import Recorded
from public_api.call import Call
from public_api.versions import Answer

SHOWN = 20
"""How much of its evidence a figure or an answer carries itself; the rest is a page away."""


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found about an application; `shown` is the beginning of each evidence."""

    application: applications.Application
    figures: Sequence[analysis.Computed]
    answers: Sequence[questions.Answer]
    months: Sequence[analysis.Month]
    shown: Mapping[UUID, Recorded]


async def show(call: Call) -> Answer:
    """What was found about an application, with where each number comes from."""
    which = call.id()

    async def look(tx: Tx) -> Answer:
        application = await applications.get(tx, call.caller, which, call.version.seen)
        return call.said.write(await _report(tx, application))

    return await call.db.snapshot(look)


async def ask(call: Call) -> Answer:
    """The documents that the lender still asks for, and why."""
    which = call.id()

    async def look(tx: Tx) -> Answer:
        application = await applications.get(tx, call.caller, which, call.version.seen)
        return call.said.write(await questions.requests(tx, application))

    return await call.db.snapshot(look)


async def _report(db: Reads, application: applications.Application) -> Report:
    figures = await analysis.figures(db, application.id)
    begun = {one for each in figures for one in each.figure.evidence[:SHOWN]}
    return Report(
        application,
        figures,
        await questions.of_application(db, application.id),
        await analysis.months(db, application.id),
        await statements.by_ids(db, sorted(begun)),
    )
