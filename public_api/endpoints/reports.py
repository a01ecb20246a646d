"""Figures and answers over HTTP, written once for every version."""

import asyncio
from dataclasses import dataclass

from core import applications, questions, reports
from core.applications import Application
from core.db import Tx
from core.reports import Language, Report, ReportDocument
from public_api.call import Call
from public_api.versions import Response


@dataclass(frozen=True, slots=True)
class Printed:
    """A report as a PDF file."""

    application: Application
    language: Language
    content: bytes


async def show(call: Call) -> Response:
    """What was found about an application, with where each number comes from.

    A version whose reading names a language gets it printed, by a thread: it takes a while.
    """
    language: Language | None = call.translation.read(call.asked())
    which = call.id()

    async def look(tx: Tx) -> Report | ReportDocument:
        application = await applications.get(tx, call.caller, which, call.version.visibility)
        if language is None:
            return await reports.gather(tx, application)
        return await reports.prepare(tx, application, language)

    found = await call.db.snapshot(look)
    if isinstance(found, Report):
        return call.translation.write(found)
    content = await asyncio.to_thread(reports.render, found)
    return call.translation.write(Printed(found.report.application, found.language, content))


async def list_requests(call: Call) -> Response:
    """The documents that the lender still asks for, and why."""
    which = call.id()

    async def look(tx: Tx) -> Response:
        application = await applications.get(tx, call.caller, which, call.version.visibility)
        return call.translation.write(await questions.requests(tx, application))

    return await call.db.snapshot(look)
