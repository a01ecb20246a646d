"""The inbox: every case, newest first, with what wants a look."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from starlette.responses import Response

from bff.requests import choice, page_number
from bff.responses import json_response
from bff.sessions import page
from bff.state import Call
from bff.views import inbox as views
from bff.views.values import amount, moment
from core import applications, questions
from core.applications import Application, ApplicationStatus, Inbox
from core.db import Tx
from core.pages import PageRequest
from core.questions import Tally
from core.users import Permission, Person


class CaseMode(StrEnum):
    """Which cases are listed; those of test keys are no work, and stand apart."""

    LIVE = "work"
    SANDBOX = "sandbox"


PER_PAGE = 25
LONGEST_SEARCH = 100


async def show(call: Call, _person: Person) -> Response:
    """One page of the inbox, narrowed by status and search.

    Where cases have left the list since it was looked at, it is the last page that is left of it.
    """
    query = call.query_params
    request = PageRequest(page_number(query), PER_PAGE)
    chosen = applications.InboxFilter(
        status=choice(query, "status", ApplicationStatus),
        search=query.get("q", "").strip()[:LONGEST_SEARCH] or None,
        test=choice(query, "of", CaseMode) is CaseMode.SANDBOX,
    )

    async def read(tx: Tx) -> views.Inbox:
        inbox, shown = await applications.inbox(tx, chosen, request), request
        if (last := request.within(_total(inbox, chosen.status))) != request:
            inbox, shown = await applications.inbox(tx, chosen, last), last
        tallies = await questions.tallies(tx, [case.id for case, _ in inbox.cases])
        return _inbox(inbox, tallies, chosen.status, shown.page)

    return json_response(await call.state["db"].snapshot(read))


def _inbox(
    inbox: Inbox, tallies: Mapping[UUID, Tally], status: ApplicationStatus | None, page_number: int
) -> views.Inbox:
    return {
        "rows": [_row(case, partner, tallies.get(case.id)) for case, partner in inbox.cases],
        "total": _total(inbox, status),
        "page": page_number,
        "per_page": PER_PAGE,
        "counts": {each: inbox.counts.get(each, 0) for each in ApplicationStatus},
    }


def _total(inbox: Inbox, status: ApplicationStatus | None) -> int:
    return sum(inbox.counts.values()) if status is None else inbox.counts.get(status, 0)


def _row(case: Application, partner: str, tally: Tally | None) -> views.InboxRow:
    terms = case.terms
    return {
        "id": str(case.id),
        "applicant": terms.applicant.legal_name,
        "product": terms.product,
        "amount": amount(terms.amount.minor, terms.amount.currency),
        "status": case.status,
        "partner": partner,
        "external_reference": terms.external_reference,
        "received_at": moment(case.created_at),
        "bad": tally.bad if tally else 0,
        "watch": tally.watch if tally else 0,
        "unanswered": tally.unanswered if tally else 0,
        "provisional": tally.provisional if tally else 0,
    }


ROUTES = (page("GET", "/bff/inbox", show, Permission.VIEW_CASES),)
