"""Which state of a case a screen shows, so that nothing is done to another than was seen."""

from collections.abc import Sequence
from uuid import UUID

from core import applications, documents
from core.applications import Application
from core.db import Tx
from core.documents import Document
from core.errors import Conflict


def revision_of(application: Application, files: Sequence[Document]) -> str:
    """Another word for each state that the screen shows: reading moves documents, not the case."""
    unread = sum(each.read_at is None for each in files)
    reading = sum(each.status is documents.DocumentStatus.READING for each in files)
    return f"{application.revision}.{len(files)}.{unread}.{reading}"


async def require_current(tx: Tx, application_id: UUID, shown: str | None) -> None:
    """Lock the case; raise Conflict where the screen shows another state of it than there is."""
    application = await applications.lock(tx, application_id)
    files = await documents.list_for_application(tx, application_id)
    if shown is not None and shown != revision_of(application, files):
        raise Conflict("The case has changed since you saw it; look again.", code="case_changed")
