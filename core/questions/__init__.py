"""Questions: what an underwriter asks, each answered or not answerable, and why."""

from core.questions.catalogue import QUESTIONS
from core.questions.commands import answer_all, decision_snapshot, is_complete, list_requests
from core.questions.model import Answer, AnswerReservation, MissingDocument, Question, Verdict
from core.questions.requests import DocumentRequest
from core.questions.reserved import in_words
from core.questions.store import Tally, list_for_application, tallies

__all__ = [
    "QUESTIONS",
    "Answer",
    "AnswerReservation",
    "DocumentRequest",
    "MissingDocument",
    "Question",
    "Tally",
    "Verdict",
    "answer_all",
    "decision_snapshot",
    "in_words",
    "is_complete",
    "list_for_application",
    "list_requests",
    "tallies",
]
