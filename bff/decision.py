"""Deciding a case, and how a decision is shown."""

from collections.abc import Mapping
from typing import Annotated, NotRequired
from uuid import UUID

from pydantic import Field, StringConstraints, TypeAdapter
from starlette.responses import Response
from typing_extensions import TypedDict

from bff.responses import done, received
from bff.sessions import page
from bff.state import Call
from bff.views import case as views
from bff.views.values import moment
from core import decisions
from core.db import Tx
from core.decisions import Decision, DecisionOutcome, DecisionReason
from core.users import Person


class Ruling(TypedDict):
    """What the decision form sends."""

    outcome: DecisionOutcome
    reasons: Annotated[list[DecisionReason], Field(max_length=len(DecisionReason))]
    note: NotRequired[Annotated[str, StringConstraints(max_length=100_000)] | None]


RULING = TypeAdapter(Ruling)


async def decide(call: Call, who: Person) -> Response:
    """Close the case with an outcome and its reasons."""
    said: Ruling = await received(call, RULING)
    reasons = tuple(dict.fromkeys(said["reasons"]))

    async def work(tx: Tx) -> None:
        application_id: UUID = call.path_params["id"]
        await decisions.decide(tx, who, application_id, said["outcome"], reasons, said.get("note"))

    await call.state["db"].write(work)
    return done()


def decided(decision: Decision, people: Mapping[UUID, str]) -> views.Decision:
    """A decision, with the name of the person who made it."""
    return {
        "outcome": decision.outcome,
        "reasons": list(decision.reasons),
        "note": decision.note,
        "decided_by": people.get(decision.person_id, ""),
        "decided_at": moment(decision.decided_at),
    }


ROUTES = (page("POST", "/bff/cases/{id:uuid}/decision", decide),)
