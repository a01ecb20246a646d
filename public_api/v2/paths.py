"""Where version 2 has what: each path is named once, and filled in where an answer points at it."""

from uuid import UUID

APPLICATIONS = "/applications"
APPLICATION = f"{APPLICATIONS}/{{id}}"
DOCUMENTS = f"{APPLICATION}/documents"
DOCUMENT = f"{DOCUMENTS}/{{document_id}}"
STATEMENTS = f"{APPLICATION}/statements"
TRANSACTIONS = f"{APPLICATION}/transactions"
EVENTS = "/events"
WEBHOOKS = "/webhooks"
WEBHOOK = f"{WEBHOOKS}/{{webhook_id}}"
DELIVERIES = f"{WEBHOOK}/deliveries"


def href(path: str, **ids: UUID) -> str:
    """The path as a client of this version asks for it."""
    return "/v2" + path.format_map(ids)
