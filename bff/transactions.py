"""The bookings that a figure rests on, each with its place in a file."""

from uuid import UUID

from starlette.responses import Response

from bff.queries import number, text
from bff.responses import say
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
from core.users import Person

PER_PAGE = 50
MOST_PAGES = 1_000_000
MOST_PARTS = 100  # of a batch; the file shows all of them


async def show(call: Call, _who: Person) -> Response:
    """One page of the bookings that a figure rests on, oldest first."""
    application_id: UUID = call.path_params["id"]
    query = call.query_params
    figure, at = text(query, "evidence_of"), number(query, "page", 1, MOST_PAGES)

    async def read(tx: Tx) -> views.Transactions:
        await applications.case(tx, application_id)
        evidence = await analysis.evidence(tx, application_id, figure)
        if evidence is None:
            raise NotFound("figure")
        found = await statements.list_by_page(
            tx, application_id, TransactionFilter(ids=evidence), PageRequest(at, PER_PAGE)
        )
        rows = [_transaction(each) for each in found.items]
        return {"rows": rows, "total": found.total, "page": at, "per_page": PER_PAGE}

    return say(await call.state["db"].snapshot(read))


def _transaction(each: StoredTransaction) -> views.Transaction:
    said = each.transaction
    return {
        "id": str(each.id),
        "account": each.account,
        "booked_on": said.booked_on.isoformat(),
        "valued_on": said.valued_on.isoformat() if said.valued_on else None,
        "amount": amount(said.amount, said.currency),
        "counterparty": said.counterparty,
        "counterparty_account": said.counterparty_account,
        "remittance": said.remittance,
        "category": Category(each.category) if each.category else None,
        "gvc": said.gvc,
        "iso": said.iso,
        "return_reason": said.return_reason,
        "pending": said.pending,
        "parts": [_part(detail, said.currency) for detail in said.details[:MOST_PARTS]],
        "part_count": len(said.details),
        "document_id": str(each.document_id),
        "start": said.evidence.start,
        "end": said.evidence.end,
        "box": box(said.box),
    }


def _part(detail: Detail, currency: str) -> views.Part:
    known = detail.amount is not None
    return {
        "amount": amount(detail.amount or 0, detail.currency or currency) if known else None,
        "counterparty": detail.counterparty,
        "remittance": detail.remittance,
    }


ROUTES = (page("GET", "/bff/cases/{id:uuid}/transactions", show),)
