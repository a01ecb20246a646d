"""Applications: what a business asks for. Everything else hangs off one."""

from core.applications.commands import (
    RENEW,
    case,
    change,
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
    Become,
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
    "RENEW",
    "Applicant",
    "Application",
    "Become",
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
    "change",
    "get",
    "inbox",
    "lock",
    "move",
    "numbered",
    "page",
    "submit",
    "withdraw",
]
