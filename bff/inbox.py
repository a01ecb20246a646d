"""The inbox: every case, newest first, with what wants a look."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from starlette.responses import Response

from bff.queries import choice, number
from bff.responses import say
from bff.sessions import page
from bff.state import Call
from bff.views import inbox as views
from bff.views.values import amount, moment
from core import applications, questions
from core.applications import Application, ApplicationStatus, Inbox
from core.db import Tx
from core.questions import Tally
from core.users import Person


class Of(StrEnum):
    """Which cases are listed; those of test keys are no work, and stand apart."""

    WORK = "work"
    SANDBOX = "sandbox"


PER_PAGE = 25
LONGEST_SEARCH = 100


async def show(call: Call, _who: Person) -> Response:
    """One page of the inbox, narrowed by status and search."""
    query = call.query_params
    status, at = choice(query, "status", ApplicationStatus), number(query, "page", 1)
    search = query.get("q", "").strip()[:LONGEST_SEARCH] or None
    test = choice(query, "of", Of) is Of.SANDBOX

    async def read(tx: Tx) -> views.Inbox:
        found = await applications.inbox(tx, status, search, at, PER_PAGE, test=test)
        tallies = await questions.tallies(tx, [case.id for case, _ in found.cases])
        return _inbox(found, tallies, status, at)

    return say(await call.state["db"].snapshot(read))


def _inbox(
    found: Inbox, tallies: Mapping[UUID, Tally], status: ApplicationStatus | None, at: int
) -> views.Inbox:
    total = sum(found.counts.values()) if status is None else found.counts.get(status, 0)
    return {
        "rows": [_row(case, partner, tallies.get(case.id)) for case, partner in found.cases],
        "total": total,
        "page": at,
        "per_page": PER_PAGE,
        "counts": {each: found.counts.get(each, 0) for each in ApplicationStatus},
    }


def _row(case: Application, partner: str, tally: Tally | None) -> views.InboxRow:
    asked = case.terms
    return {
        "id": str(case.id),
        "applicant": asked.applicant.legal_name,
        "product": asked.product,
        "amount": amount(asked.amount.minor, asked.amount.currency),
        "status": case.status,
        "partner": partner,
        "external_reference": asked.external_reference,
        "received_at": moment(case.created_at),
        "bad": tally.bad if tally else 0,
        "watch": tally.watch if tally else 0,
        "unanswered": tally.unanswered if tally else 0,
    }


ROUTES = (page("GET", "/bff/inbox", show),)
