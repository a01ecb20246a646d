"""Decisions: how a case ends, by whom, why, and on which answers."""

from core.decisions.commands import decide, get, may_decide, require_shown, revision
from core.decisions.model import REASONS, CaseRevision, Decision, DecisionOutcome, DecisionReason
from core.decisions.store import find_for_application

__all__ = [
    "REASONS",
    "CaseRevision",
    "Decision",
    "DecisionOutcome",
    "DecisionReason",
    "decide",
    "find_for_application",
    "get",
    "may_decide",
    "require_shown",
    "revision",
]
