"""The shapes of the inbox."""

from typing import TypedDict

from bff.views.values import Amount
from core.applications import ApplicationStatus, Product


class InboxRow(TypedDict):
    """One case in the inbox, with how many of its answers want a look."""

    id: str
    applicant: str
    product: Product
    amount: Amount
    status: ApplicationStatus
    partner: str | None
    external_reference: str | None
    received_at: str
    bad: int
    watch: int
    unanswered: int
    provisional: int


class Inbox(TypedDict):
    """One page of the inbox; `counts` are per status, whatever status is chosen."""

    rows: list[InboxRow]
    total: int
    page: int
    per_page: int
    counts: dict[ApplicationStatus, int]
