"""How version 2 says transaction."""

from datetime import date
from uuid import UUID

from typing_extensions import TypedDict

from core.analysis import TransactionListing
from core.pages import Page, resume_place
from core.statements import StoredTransaction, TransactionFilter
from public_api.messages import Request, Response, Translation
from public_api.v2 import categories
from public_api.v2.wire import Evidence, Money, after, day, json_response, limit, money_of, one_of


class Counterparty(TypedDict):
    """Who is on the other side."""

    name: str | None
    account: str | None


class Codes(TypedDict):
    """What the bank says of a booking: German GVC, ISO 20022 code, reason of a return."""

    gvc: str | None
    iso: str | None
    return_reason: str | None


class Part(TypedDict):
    """One of the payments in a batch; its amount is part of the transaction's, not beside it."""

    amount: Money | None
    counterparty: Counterparty
    remittance: str


class Transaction(TypedDict):
    """A booking; `amount` is negative for money that leaves. `category` may gain values."""

    id: UUID
    account: str
    booked_on: date
    valued_on: date | None
    amount: Money
    pending: bool
    duplicate: bool
    category: str | None
    counterparty: Counterparty
    remittance: str
    codes: Codes
    bank_reference: str | None
    parts: list[Part]
    evidence: Evidence


class TransactionList(TypedDict):
    """Transactions, oldest first; `next` resumes after them, null at the end."""

    data: list[Transaction]
    next: str | None


def write_transaction(recorded: StoredTransaction) -> Transaction:
    """A transaction as this version shows it."""
    transaction = recorded.transaction
    return {
        "id": recorded.id,
        "account": recorded.account,
        "booked_on": transaction.booked_on,
        "valued_on": transaction.valued_on,
        "amount": money_of(transaction.amount, transaction.currency),
        "pending": transaction.pending,
        "duplicate": recorded.duplicate,
        "category": categories.word_of(recorded.category),
        "counterparty": {
            "name": transaction.counterparty,
            "account": transaction.counterparty_account,
        },
        "remittance": transaction.remittance,
        "codes": {
            "gvc": transaction.gvc,
            "iso": transaction.iso,
            "return_reason": transaction.return_reason,
        },
        "bank_reference": transaction.bank_reference,
        "parts": [
            {
                "amount": None
                if each.amount is None
                else money_of(each.amount, each.currency or transaction.currency),
                "counterparty": {
                    "name": each.counterparty,
                    "account": each.counterparty_account,
                },
                "remittance": each.remittance,
            }
            for each in transaction.details
        ],
        "evidence": _evidence(recorded),
    }


def _evidence(recorded: StoredTransaction) -> Evidence:
    place, box = recorded.transaction.evidence, recorded.transaction.box
    found: Evidence = {
        "document_id": str(recorded.document_id),
        "start": place.start,
        "end": place.end,
    }
    if box is not None:
        found["page"] = box.page
        found["box"] = {
            "left": box.left,
            "top": box.top,
            "right": box.right,
            "bottom": box.bottom,
        }
    return found


def _read_listing(request: Request) -> TransactionListing:
    query = request.query
    return TransactionListing(
        filter=TransactionFilter(
            account=query.get("account"),
            category=one_of(request, "category", categories.CATEGORY),
            counterparty=query.get("counterparty"),
            since=day(request, "from"),
            until=day(request, "to"),
        ),
        limit=limit(request),
        evidence_of=query.get("evidence_of"),
        after=resume_place(cursor) if (cursor := after(request)) else None,
    )


def _page(page: Page[StoredTransaction]) -> Response:
    return json_response(
        {"data": [write_transaction(each) for each in page.items], "next": page.next}
    )


LIST = Translation(_read_listing, _page)
