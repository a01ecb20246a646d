"""What happened to a case, newest first, with the names of those who did it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from bff.views import case as views
from bff.views.values import moment
from core.analysis import RULING_ACTIONS
from core.applications import ApplicationStatus
from core.audit import AuditEntry
from core.clients import Partner

MOST_ENTRIES = 200
RULED = frozenset(RULING_ACTIONS)


def history_view(
    entries: Sequence[AuditEntry],
    people: Mapping[UUID, str],
    partners: Mapping[UUID, Partner],
    filenames: Mapping[UUID, str],
) -> list[views.HistoryEntry]:
    """The latest entries of a case's log."""
    names = {**people, **{client_id: partner.name for client_id, partner in partners.items()}}
    files = {str(each): filename for each, filename in filenames.items()}
    return [_entry(each, names, files) for each in reversed(entries)]


def documents_named(entries: Sequence[AuditEntry]) -> set[UUID]:
    """The documents that entries are about."""
    named = (each.detail.get("document_id") for each in entries)
    return {UUID(each) for each in named if each}


def _entry(
    entry: AuditEntry, names: Mapping[UUID, str], filenames: Mapping[str, str]
) -> views.HistoryEntry:
    status = entry.detail.get("to")
    return {
        "at": moment(entry.at),
        "actor": names.get(entry.actor_id) if entry.actor_id else None,
        "action": entry.action,
        "filename": filenames.get(entry.detail.get("document_id", "")),
        "account": entry.detail.get("account") if entry.action in RULED else None,
        "reason": entry.detail.get("reason") if entry.action in RULED else None,
        "status": ApplicationStatus(status) if status in set(ApplicationStatus) else None,
    }
