"""How version 2 says decision."""

from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict

from core.decisions import Decision as CoreDecision
from core.decisions import DecisionOutcome
from public_api.v2.documents import no_command
from public_api.v2.wire import json_response
from public_api.versions import Response, Translation

OutcomeWord = Literal["approved", "declined"]
OUTCOME: dict[DecisionOutcome, OutcomeWord] = {
    DecisionOutcome.APPROVED: "approved",
    DecisionOutcome.DECLINED: "declined",
}


class Decision(TypedDict):
    """How a case ended, and why; `reasons` may gain values."""

    outcome: OutcomeWord
    reasons: list[str]
    decided_at: datetime


def _write(decision: CoreDecision) -> Response:
    body: Decision = {
        "outcome": OUTCOME[decision.outcome],
        "reasons": [each.value for each in decision.reasons],
        "decided_at": decision.decided_at,
    }
    return json_response(body)


SHOW = Translation(no_command, _write)
