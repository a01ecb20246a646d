"""How version 2 says decision."""

from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict

from core.decisions import Decision as CoreDecision
from core.decisions import DecisionOutcome, DecisionReason
from public_api.messages import Response, Translation, no_command
from public_api.v2.wire import json_response

OutcomeWord = Literal["approved", "declined"]
OUTCOME: dict[DecisionOutcome, OutcomeWord] = {
    DecisionOutcome.APPROVED: "approved",
    DecisionOutcome.DECLINED: "declined",
}
REASON: dict[DecisionReason, str] = {
    DecisionReason.SOUND_FIGURES: "sound_figures",
    DecisionReason.SUFFICIENT_COLLATERAL: "sufficient_collateral",
    DecisionReason.KNOWN_CUSTOMER: "known_customer",
    DecisionReason.INSUFFICIENT_REVENUE: "insufficient_revenue",
    DecisionReason.EXISTING_DEBT_TOO_HIGH: "existing_debt_too_high",
    DecisionReason.RETURNED_PAYMENTS: "returned_payments",
    DecisionReason.ACCOUNT_OVERDRAWN: "account_overdrawn",
    DecisionReason.SEIZURE: "seizure",
    DecisionReason.UNDECLARED_LENDERS: "undeclared_lenders",
    DecisionReason.DOCUMENTS_NOT_CONCLUSIVE: "documents_not_conclusive",
    DecisionReason.POLICY: "policy",
    DecisionReason.OTHER: "other",
}


class Decision(TypedDict):
    """How a case ended, and why; `reasons` may gain values."""

    outcome: OutcomeWord
    reasons: list[str]
    decided_at: datetime


def _write(decision: CoreDecision) -> Response:
    body: Decision = {
        "outcome": OUTCOME[decision.outcome],
        "reasons": [REASON[each] for each in decision.reasons],
        "decided_at": decision.decided_at,
    }
    return json_response(body)


SHOW = Translation(no_command, _write)
