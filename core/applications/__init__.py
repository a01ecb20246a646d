"""Applications: what a business asks for. Everything else hangs off one."""

from core.applications.commands import (
    RENEW_JOB,
    change,
    get,
    get_any,
    list_by_cursor,
    list_by_page,
    lock,
    lock_own,
    move,
    submit,
    withdraw,
)
from core.applications.model import (
    Applicant,
    Application,
    ApplicationClosed,
    ApplicationListing,
    ApplicationPatch,
    ApplicationStatus,
    Declared,
    DeleteReason,
    Product,
    Property,
    Terms,
)
from core.applications.store import Inbox, InboxFilter, inbox
from core.money import Money

__all__ = [
    "RENEW_JOB",
    "Applicant",
    "Application",
    "ApplicationClosed",
    "ApplicationListing",
    "ApplicationPatch",
    "ApplicationStatus",
    "Declared",
    "DeleteReason",
    "Inbox",
    "InboxFilter",
    "Money",
    "Product",
    "Property",
    "Terms",
    "change",
    "get",
    "get_any",
    "inbox",
    "list_by_cursor",
    "list_by_page",
    "lock",
    "lock_own",
    "move",
    "submit",
    "withdraw",
]
