"""What can be done for a report: gather what was found."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from core import analysis, applications, clients, documents, questions, statements
from core.analysis import StoredFigure
from core.applications import Application
from core.db import Queryable
from core.reports.model import SHOWN, FigureSummary, Language, Report, ReportDocument
from core.statements import StoredTransaction
from core.viewers import Viewer


async def get(db: Queryable, viewer: Viewer, application_id: UUID) -> Report:
    """All that was found about the client's application."""
    return await _gather(db, await applications.get(db, viewer, application_id))


async def get_summary(db: Queryable, viewer: Viewer, application_id: UUID) -> FigureSummary:
    """The figures of the client's application."""
    application = await applications.get(db, viewer, application_id)
    return FigureSummary(application, await analysis.list_figures(db, application.id))


async def get_document(
    db: Queryable, viewer: Viewer, application_id: UUID, language: Language
) -> ReportDocument:
    """All that is printed about the client's application."""
    return await prepare(db, await applications.get(db, viewer, application_id), language)


async def _gather(db: Queryable, application: Application) -> Report:
    figures = await analysis.list_figures(db, application.id)
    return Report(
        application,
        figures=figures,
        answers=await questions.list_for_application(db, application.id),
        months=await analysis.list_months(db, application.id),
        shown=await _beginnings(db, application.id, figures),
        statements=await statements.list_for_application(db, application.id),
    )


async def _beginnings(
    db: Queryable, application_id: UUID, figures: Sequence[StoredFigure]
) -> dict[str, list[StoredTransaction]]:
    """The first transactions that each figure rests on, in the order in which all are listed."""
    ids: dict[str, Sequence[UUID]] = {each.figure.id: each.figure.evidence for each in figures}
    if any(len(evidence) > SHOWN for evidence in ids.values()):
        ids |= await analysis.list_beginnings(db, application_id, SHOWN)
    found = await statements.by_ids(db, sorted(set().union(*ids.values())))

    def listed(id: UUID) -> tuple[date, UUID]:
        return found[id].transaction.booked_on, id

    return {
        figure: [found[each] for each in sorted(evidence, key=listed)]
        for figure, evidence in ids.items()
    }


async def prepare(db: Queryable, application: Application, language: Language) -> ReportDocument:
    """All that is printed about an application, whoever sent it."""
    partners = await clients.partners(db)
    report = await _gather(db, application)
    rulings = await analysis.list_rulings(db, application.id)
    accounts = [each.statement.account for each in report.statements]
    return ReportDocument(
        report=report,
        partner=partners.get(application.client_id),
        documents=await documents.list_for_application(db, application.id),
        accounts=analysis.standings(accounts, application.terms.applicant, rulings),
        language=language,
    )


def render(paper: ReportDocument) -> bytes:
    """The report as a PDF, the same bytes for the same findings."""
    # What prints takes 8 MiB, which a process that is never asked for a report does without.
    from core.reports.pdf import render

    return render(paper)
