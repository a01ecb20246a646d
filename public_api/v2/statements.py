"""How version 2 says statement."""

from datetime import date
from typing import Literal, NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from core.analysis import (
    AccountCoverage,
    Ownership,
    StatementListing,
    StatementOverview,
)
from core.errors import Invalid, NotFound
from core.pages import resume_account
from core.statements import StatementKind, StoredStatement
from public_api.messages import Request, Response, Translation
from public_api.v2.wire import (
    Count,
    Money,
    after,
    json_response,
    limit,
    money_of,
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


def _read_listing(request: Request) -> StatementListing:
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


LIST = Translation(_read_listing, _write_overview)
