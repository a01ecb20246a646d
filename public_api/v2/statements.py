"""How version 2 says statement and transaction."""

from datetime import date
from typing import Literal, NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from core.analysis import (
    AccountCoverage,
    Ownership,
    StatementListing,
    StatementOverview,
    TransactionListing,
)
from core.errors import Invalid, NotFound
from core.pages import Page, resume_account, resume_place
from core.statements import StatementKind, StoredStatement, StoredTransaction, TransactionFilter
from public_api.messages import Request, Response, Translation
from public_api.v2 import categories
from public_api.v2.wire import (
    Count,
    Evidence,
    Money,
    after,
    day,
    json_response,
    limit,
    money_of,
    one_of,
)

KindWord = Literal["statement", "intraday", "notice"]
KIND: dict[StatementKind, KindWord] = {
    "statement": "statement",
    "intraday": "intraday",
    "notice": "notice",
}


class Balance(TypedDict):
    """What stood on an account on a day."""

    amount: Money
    date: date


class Reconciliation(TypedDict):
    """Whether the opening balance and the bookings make the closing balance."""

    state: Literal["reconciles", "differs", "no_balance"]
    difference: Money | None


class Statement(TypedDict):
    """One statement; both dates are inclusive."""

    id: UUID
    document_id: UUID
    kind: KindWord
    account: str
    number: str | None
    starts_on: date
    ends_on: date
    opening: Balance | None
    closing: Balance | None
    transactions: Count
    reconciliation: Reconciliation


class Gap(TypedDict):
    """Days that no statement covers, both inclusive."""

    starts_on: date
    ends_on: date


class Account(TypedDict):
    """An account, and the days from and to which statements speak of it.

    `ownership` says that it is not the applicant's, by the holder that its statements name:
    another's is not `counted` in any figure until the lender lets it in. Absent elsewhere.
    """

    number: str
    currency: str
    holder: str | None
    bank: str | None
    starts_on: date
    ends_on: date
    gaps: list[Gap]
    ownership: NotRequired[Literal["another"]]
    counted: NotRequired[bool]


class StatementList(TypedDict):
    """An application's accounts and statements; `difference` is that of all of them together.

    With `limit` it is a page: `next` resumes after it, null at the end, and `accounts` are those
    of the first page only.
    """

    accounts: list[Account]
    data: list[Statement]
    reconciles: bool | None
    difference: Money | None
    next: NotRequired[str | None]


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


def write_statement(stored: StoredStatement) -> Statement:
    """A statement as this version shows it."""
    statement, currency = stored.statement, stored.statement.account.currency
    opening, closing = statement.opening, statement.closing
    return {
        "id": stored.id,
        "document_id": stored.document_id,
        "kind": KIND[statement.kind],
        "account": statement.account.number,
        "number": statement.number,
        "starts_on": stored.starts_on,
        "ends_on": stored.ends_on,
        "opening": None
        if opening is None
        else {"amount": money_of(opening.amount, currency), "date": opening.on},
        "closing": None
        if closing is None
        else {"amount": money_of(closing.amount, currency), "date": closing.on},
        "transactions": stored.transaction_count,
        "reconciliation": _reconciliation(stored.difference, currency),
    }


def _reconciliation(difference: int | None, currency: str) -> Reconciliation:
    if difference is None:
        return {"state": "no_balance", "difference": None}
    return {
        "state": "differs" if difference else "reconciles",
        "difference": money_of(difference, currency),
    }


def _account(covered: AccountCoverage) -> Account:
    account, standing = covered.account, covered.standing
    written: Account = {
        "number": account.number,
        "currency": account.currency,
        "holder": account.holder,
        "bank": account.bank,
        "starts_on": covered.starts_on,
        "ends_on": covered.ends_on,
        "gaps": [{"starts_on": first, "ends_on": last} for first, last in covered.gaps],
    }
    if standing.ownership is Ownership.ANOTHER:
        written["ownership"] = "another"
        written["counted"] = standing.counted
    return written


def _write_overview(overview: StatementOverview) -> Response:
    whole_of = {each.figure.id: each.figure for each in overview.figures}.get("reconciliation")
    difference = None if whole_of is None or whole_of.value is None else int(whole_of.value)
    written: StatementList = {
        "accounts": [_account(each) for each in overview.accounts],
        "data": [write_statement(each) for each in overview.statements],
        "reconciles": None if difference is None else difference == 0,
        "difference": None
        if difference is None or whole_of is None
        else money_of(difference, whole_of.currency),
    }
    if overview.page is not None:
        written["next"] = overview.page.next
    return json_response(written)


def _read_statement_listing(request: Request) -> StatementListing:
    """Which statements; a limit that is none is passed over, as all was before there were pages.

    Of a cursor that we did not give out there is no page: `404`, for no `422` was ever named here.
    """
    evidence_of = request.query.get("evidence_of")
    try:
        size = limit(request) if "limit" in request.query else None
    except Invalid:
        size = None
    if size is None:
        return StatementListing(evidence_of)
    try:
        place = resume_account(cursor) if (cursor := after(request)) else None
    except Invalid:
        raise NotFound("page") from None
    return StatementListing(evidence_of, size, place)


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


LIST = Translation(_read_statement_listing, _write_overview)
TRANSACTIONS = Translation(_read_listing, _page)
