"""Figures and answers over HTTP, written once for every version."""

from collections.abc import Sequence
from dataclasses import dataclass

from core import questions, reports
from core.accesses import EXPORTED
from core.applications import Application
from core.db import Tx
from core.questions import DocumentRequest
from core.reports import FigureSummary, Language, Report, ReportDocument
from public_api.call import Call
from public_api.messages import Response, Translation


@dataclass(frozen=True, slots=True)
class PrintedReport:
    """A report as a PDF file."""

    application: Application
    language: Language
    content: bytes


async def show(call: Call, translation: Translation[None, Report]) -> Response:
    """What was found about an application, with where each number comes from."""
    translation.read(call.request())
    return translation.write(await _gather(call))


async def summarise(call: Call, translation: Translation[None, FigureSummary]) -> Response:
    """The figures of an application."""
    translation.read(call.request())
    which = call.id()

    async def look(tx: Tx) -> Response:
        return translation.write(await reports.get_summary(tx, call.viewer, which))

    return await call.db.snapshot(look)


async def show_or_print(
    call: Call, translation: Translation[Language | None, Report | PrintedReport]
) -> Response:
    """What was found; where a language is named printed in it, in turn: it takes a while."""
    language = translation.read(call.request())
    if language is None:
        return translation.write(await _gather(call))
    which, chosen = call.id(), language

    async def look(tx: Tx) -> ReportDocument:
        return await reports.get_document(tx, call.viewer, which, chosen)

    document = await call.db.snapshot(look)
    content = await reports.print_report(document, call.viewer.client_id)
    call.note_access(EXPORTED, application_id=which)
    return translation.write(PrintedReport(document.report.application, language, content))


async def list_requests(
    call: Call, translation: Translation[None, Sequence[DocumentRequest]]
) -> Response:
    """The documents that the lender still asks for, and why."""
    which = call.id()

    async def look(tx: Tx) -> Response:
        return translation.write(await questions.list_requests(tx, call.viewer, which))

    return await call.db.snapshot(look)


async def _gather(call: Call) -> Report:
    which = call.id()

    async def look(tx: Tx) -> Report:
        return await reports.get(tx, call.viewer, which)

    return await call.db.snapshot(look)
