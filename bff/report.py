"""A case's report as a file to keep: what the page shows, printed."""

from uuid import UUID

from starlette.responses import Response

from bff.requests import choice
from bff.sessions import page
from bff.state import Call
from core import applications, reports
from core.accesses import EXPORTED
from core.db import Tx
from core.reports import Language, ReportDocument
from core.users import Permission, Person


async def show(call: Call, person: Person) -> Response:
    """The report as a PDF file, in the person's language unless another is asked for."""
    application_id: UUID = call.path_params["id"]
    language = choice(call.query_params, "language", Language) or Language(person.locale)

    async def read(tx: Tx) -> ReportDocument:
        return await reports.prepare(tx, await applications.get_any(tx, application_id), language)

    content = await reports.print_report(await call.state["db"].snapshot(read), person.id)
    call.state["accesses"].look(person.actor, EXPORTED, application_id=application_id)
    headers = {
        "Content-Disposition": f'attachment; filename="report-{application_id}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, headers=headers, media_type="application/pdf")


ROUTES = (page("GET", "/bff/cases/{id:uuid}/report", show, Permission.VIEW_CASES),)
