"""Deciding a case, and how a decision is shown."""

from collections.abc import Mapping
from typing import Annotated, NotRequired
from uuid import UUID

from pydantic import Field, StringConstraints, TypeAdapter
from starlette.responses import Response
from typing_extensions import TypedDict

from bff.requests import json_body, shown_revision
from bff.responses import no_content
from bff.sessions import page
from bff.state import Call
from bff.views import case as views
from bff.views.values import moment
from core import decisions
from core.db import Tx
from core.decisions import Decision, DecisionOutcome, DecisionReason
from core.users import Permission, Person


class DecisionForm(TypedDict):
    """What the decision form sends."""

    outcome: DecisionOutcome
    reasons: Annotated[list[DecisionReason], Field(max_length=len(DecisionReason))]
    note: NotRequired[Annotated[str, StringConstraints(max_length=100_000)] | None]


DECISION_FORM = TypeAdapter(DecisionForm)


async def decide(call: Call, person: Person) -> Response:
    """Close the case with an outcome and its reasons, as long as it is what was shown."""
    shown = shown_revision(call)
    form = await json_body(call, DECISION_FORM)
    reasons = tuple(dict.fromkeys(form["reasons"]))

    async def work(tx: Tx) -> None:
        application_id: UUID = call.path_params["id"]
        await decisions.decide(
            tx, person, application_id, form["outcome"], reasons, form.get("note"), shown
        )

    await call.state["db"].write(work)
    return no_content()


def decision_view(decision: Decision, people: Mapping[UUID, str]) -> views.Decision:
    """A decision, with the name of the person who made it."""
    return {
        "outcome": decision.outcome,
        "reasons": list(decision.reasons),
        "note": decision.note,
        "decided_by": people.get(decision.person_id, ""),
        "decided_at": moment(decision.decided_at),
    }


ROUTES = (page("POST", "/bff/cases/{id:uuid}/decision", decide, Permission.DECIDE_CASES),)
