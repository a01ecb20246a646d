"""Applications: what a business asks for. Everything else hangs off one."""

from core.applications.commands import (
    case,
    get,
    lock,
    move,
    numbered,
    page,
    submit,
    withdraw,
)
from core.applications.model import (
    EVERYTHING,
    Applicant,
    Application,
    Declared,
    DeleteReason,
    New,
    Product,
    Property,
    Status,
    Visibility,
)
from core.applications.store import Inbox, inbox
from core.money import Money

__all__ = [
    "EVERYTHING",
    "Applicant",
    "Application",
    "Declared",
    "DeleteReason",
    "Inbox",
    "Money",
    "New",
    "Product",
    "Property",
    "Status",
    "Visibility",
    "case",
    "get",
    "inbox",
    "lock",
    "move",
    "numbered",
    "page",
    "submit",
    "withdraw",
]
