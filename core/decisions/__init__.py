"""Decisions: how a case ends, by whom, why, and on which answers."""

from core.decisions.commands import decide, get, may_decide
from core.decisions.model import REASONS, Decision, DecisionOutcome, DecisionReason
from core.decisions.store import find_for_application

__all__ = [
    "REASONS",
    "Decision",
    "DecisionOutcome",
    "DecisionReason",
    "decide",
    "find_for_application",
    "get",
    "may_decide",
]
