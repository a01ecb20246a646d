"""The bookings that a figure rests on, each with its place in a file."""

from uuid import UUID

from starlette.responses import Response

from bff.requests import page_number, text
from bff.responses import json_response
from bff.sessions import page
from bff.state import Call
from bff.views import transactions as views
from bff.views.values import amount, box
from core import analysis, applications, statements
from core.analysis import Category
from core.db import Tx
from core.errors import NotFound
from core.pages import PageRequest
from core.statements import Detail, StoredTransaction, TransactionFilter
from core.users import Permission, Person

PER_PAGE = 50
MOST_PARTS = 100  # of a batch; the file shows all of them


async def show(call: Call, _person: Person) -> Response:
    """One page of the bookings that a figure rests on, oldest first; beyond the last, the last."""
    application_id: UUID = call.path_params["id"]
    query = call.query_params
    figure, request = text(query, "evidence_of"), PageRequest(page_number(query), PER_PAGE)

    async def read(tx: Tx) -> views.Transactions:
        await applications.get_any(tx, application_id)
        evidence = await analysis.evidence_ids(tx, application_id, figure)
        if evidence is None:
            raise NotFound("figure")
        chosen = TransactionFilter(ids=evidence.transactions)
        listed = await statements.list_by_page(tx, application_id, chosen, request)
        if (last := request.within(listed.total)) != request:
            listed = await statements.list_by_page(tx, application_id, chosen, last)
        rows = [_transaction(each) for each in listed.items]
        shown = listed.request.page
        return {"rows": rows, "total": listed.total, "page": shown, "per_page": PER_PAGE}

    return json_response(await call.state["db"].snapshot(read))


def _transaction(recorded: StoredTransaction) -> views.Transaction:
    transaction = recorded.transaction
    return {
        "id": str(recorded.id),
        "account": recorded.account,
        "booked_on": transaction.booked_on.isoformat(),
        "valued_on": transaction.valued_on.isoformat() if transaction.valued_on else None,
        "amount": amount(transaction.amount, transaction.currency),
        "counterparty": transaction.counterparty,
        "counterparty_account": transaction.counterparty_account,
        "remittance": transaction.remittance,
        "category": Category(recorded.category) if recorded.category else None,
        "gvc": transaction.gvc,
        "iso": transaction.iso,
        "return_reason": transaction.return_reason,
        "pending": transaction.pending,
        "parts": [
            _part(detail, transaction.currency) for detail in transaction.details[:MOST_PARTS]
        ],
        "part_count": len(transaction.details),
        "document_id": str(recorded.document_id),
        "start": transaction.evidence.start,
        "end": transaction.evidence.end,
        "box": box(transaction.box),
    }


def _part(detail: Detail, currency: str) -> views.Part:
    known = detail.amount is not None
    return {
        "amount": amount(detail.amount or 0, detail.currency or currency) if known else None,
        "counterparty": detail.counterparty,
        "remittance": detail.remittance,
    }


ROUTES = (page("GET", "/bff/cases/{id:uuid}/transactions", show, Permission.VIEW_CASES),)
