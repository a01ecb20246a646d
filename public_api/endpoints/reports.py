"""Figures and answers over HTTP, written once for every version."""

import asyncio
from dataclasses import dataclass

from core import applications, questions, reports
from core.applications import Application
from core.db import Tx
from core.reports import Language, Paper, Report
from public_api.call import Call
from public_api.versions import Answer


@dataclass(frozen=True, slots=True)
class Printed:
    """A report as a PDF file."""

    application: Application
    language: Language
    content: bytes


async def show(call: Call) -> Answer:
    """What was found about an application, with where each number comes from.

    A version whose reading names a language gets it printed, by a thread: it takes a while.
    """
    language: Language | None = call.said.read(call.asked())
    which = call.id()

    async def look(tx: Tx) -> Report | Paper:
        application = await applications.get(tx, call.caller, which, call.version.seen)
        if language is None:
            return await reports.gather(tx, application)
        return await reports.prepare(tx, application, language)

    found = await call.db.snapshot(look)
    if isinstance(found, Report):
        return call.said.write(found)
    content = await asyncio.to_thread(reports.render, found)
    return call.said.write(Printed(found.report.application, found.language, content))


async def ask(call: Call) -> Answer:
    """The documents that the lender still asks for, and why."""
    which = call.id()

    async def look(tx: Tx) -> Answer:
        application = await applications.get(tx, call.caller, which, call.version.seen)
        return call.said.write(await questions.requests(tx, application))

    return await call.db.snapshot(look)
