"""A case's accounts: whose they are, and what a person says of one that is another's."""

from collections.abc import Mapping, Sequence
from typing import Annotated, NotRequired
from uuid import UUID

from pydantic import StringConstraints, TypeAdapter
from starlette.responses import Response
from typing_extensions import TypedDict

from bff.requests import json_body, shown_revision
from bff.responses import no_content
from bff.sessions import page
from bff.state import Call
from bff.views import case as views
from bff.views.values import moment
from core import analysis, applications, decisions
from core.analysis import AccountRuling, AccountStanding
from core.db import Tx
from core.users import Permission, Person

Text = Annotated[str, StringConstraints(max_length=100_000)]


class RulingForm(TypedDict):
    """What is to become of an account; `counted` null takes back what was said of it."""

    account: Text
    counted: bool | None
    reason: NotRequired[Text]


RULING_FORM = TypeAdapter(RulingForm)


async def rule(call: Call, person: Person) -> Response:
    """Let an account in, keep it out, or take that back; the case is answered anew."""
    shown = shown_revision(call)
    form = await json_body(call, RULING_FORM)
    application_id: UUID = call.path_params["id"]

    async def work(tx: Tx) -> None:
        application = await applications.lock(tx, application_id)
        await decisions.require_shown(tx, application, shown)
        account, counted = form["account"], form["counted"]
        if counted is None:
            await analysis.take_back(tx, person, application_id, account)
        else:
            reason = form.get("reason", "")
            await analysis.rule(tx, person, application_id, account, counted, reason)

    await call.state["db"].write(work)
    return no_content()


def account_views(
    known: Sequence[AccountStanding], people: Mapping[UUID, str]
) -> list[views.Account]:
    """How each account stands."""
    return [
        {
            "number": each.account,
            "ownership": each.ownership,
            "holder": each.holder,
            "counted": each.counted,
            "ruling": _ruling(each.ruling, people) if each.ruling else None,
        }
        for each in known
    ]


def _ruling(ruling: AccountRuling, people: Mapping[UUID, str]) -> views.AccountRuling:
    return {
        "counted": ruling.counted,
        "reason": ruling.reason,
        "by": people.get(ruling.person_id, ""),
        "at": moment(ruling.ruled_at),
    }


ROUTES = (page("POST", "/bff/cases/{id:uuid}/accounts", rule, Permission.DECIDE_CASES),)
"""Deciding what is to become of an account is part of deciding a case."""
