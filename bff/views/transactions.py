"""The bookings that a figure rests on."""

from typing import TypedDict

from bff.views.values import Amount, Box
from core.analysis import Category


class Part(TypedDict):
    """One payment inside a batch booking."""

    amount: Amount | None
    counterparty: str | None
    remittance: str


class Transaction(TypedDict):
    """One booking and the place in the file where it stands: a byte range, or a box on a page."""

    id: str
    account: str
    booked_on: str
    valued_on: str | None
    amount: Amount
    counterparty: str | None
    counterparty_account: str | None
    remittance: str
    category: Category | None
    gvc: str | None
    iso: str | None
    return_reason: str | None
    pending: bool
    parts: list[Part]
    part_count: int
    document_id: str
    start: int
    end: int
    box: Box | None


class Transactions(TypedDict):
    """One page of the bookings that a figure rests on, and how many there are in all."""

    rows: list[Transaction]
    total: int
    page: int
    per_page: int
