"""What happened to a case, newest first, with the names of those who did it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from bff.views import case as views
from bff.views.values import moment
from core.applications import ApplicationStatus
from core.audit import AuditEntry
from core.clients import Partner
from core.documents import Document

MOST = 200


def history(
    entries: Sequence[AuditEntry],
    people: Mapping[UUID, str],
    partners: Mapping[UUID, Partner],
    files: Sequence[Document],
) -> list[views.Happening]:
    """The latest entries of a case's log."""
    names = {**people, **{which: each.name for which, each in partners.items()}}
    filenames = {str(each.id): each.filename for each in files}
    return [_happening(each, names, filenames) for each in reversed(entries[-MOST:])]


def _happening(
    each: AuditEntry, names: Mapping[UUID, str], filenames: Mapping[str, str]
) -> views.Happening:
    to = each.detail.get("to")
    return {
        "at": moment(each.at),
        "actor": names.get(each.actor_id) if each.actor_id else None,
        "action": each.action,
        "filename": filenames.get(each.detail.get("document_id", "")),
        "status": ApplicationStatus(to) if to in set(ApplicationStatus) else None,
    }
