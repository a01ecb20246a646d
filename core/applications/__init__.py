"""Applications: what a business asks for. Everything else hangs off one."""

from core.applications.commands import (
    RENEW_JOB,
    case,
    change,
    get,
    list_by_cursor,
    list_by_page,
    lock,
    move,
    submit,
    withdraw,
)
from core.applications.model import (
    EVERYTHING,
    Applicant,
    Application,
    ApplicationPatch,
    ApplicationStatus,
    Declared,
    DeleteReason,
    Product,
    Property,
    Terms,
    Visibility,
)
from core.applications.store import Inbox, inbox
from core.money import Money

__all__ = [
    "EVERYTHING",
    "RENEW_JOB",
    "Applicant",
    "Application",
    "ApplicationPatch",
    "ApplicationStatus",
    "Declared",
    "DeleteReason",
    "Inbox",
    "Money",
    "Product",
    "Property",
    "Terms",
    "Visibility",
    "case",
    "change",
    "get",
    "inbox",
    "list_by_cursor",
    "list_by_page",
    "lock",
    "move",
    "submit",
    "withdraw",
]
