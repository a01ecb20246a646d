"""What can be done for a report: gather what was found."""

from uuid import UUID

from core import analysis, applications, clients, documents, questions, statements
from core.applications import Application
from core.db import Queryable
from core.reports.model import SHOWN, Language, Report, ReportDocument
from core.viewers import Viewer


async def get(db: Queryable, viewer: Viewer, application_id: UUID) -> Report:
    """All that was found about the client's application."""
    return await _gather(db, await applications.get(db, viewer, application_id))


async def get_document(
    db: Queryable, viewer: Viewer, application_id: UUID, language: Language
) -> ReportDocument:
    """All that is printed about the client's application."""
    return await prepare(db, await applications.get(db, viewer, application_id), language)


async def _gather(db: Queryable, application: Application) -> Report:
    figures = await analysis.list_figures(db, application.id)
    shown = {one for each in figures for one in each.figure.evidence[:SHOWN]}
    return Report(
        application,
        figures=figures,
        answers=await questions.list_for_application(db, application.id),
        months=await analysis.list_months(db, application.id),
        shown=await statements.by_ids(db, sorted(shown)),
    )


async def prepare(db: Queryable, application: Application, language: Language) -> ReportDocument:
    """All that is printed about an application, whoever sent it."""
    partners = await clients.partners(db)
    return ReportDocument(
        report=await _gather(db, application),
        partner=partners.get(application.client_id),
        documents=await documents.list_for_application(db, application.id),
        language=language,
    )


def render(paper: ReportDocument) -> bytes:
    """The report as a PDF, the same bytes for the same findings."""
    # What prints takes 8 MiB, which a process that is never asked for a report does without.
    from core.reports.pdf import render

    return render(paper)
