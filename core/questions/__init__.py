"""Questions: what an underwriter asks, each answered or not answerable, and why."""

from core.questions.catalogue import QUESTIONS
from core.questions.commands import answer_all, complete, frozen, requests
from core.questions.model import Answer, Question, RequestedDocument, Verdict
from core.questions.requests import DocumentRequest
from core.questions.store import Tally, of_application, tallies

__all__ = [
    "QUESTIONS",
    "Answer",
    "DocumentRequest",
    "Question",
    "RequestedDocument",
    "Tally",
    "Verdict",
    "answer_all",
    "complete",
    "frozen",
    "of_application",
    "requests",
    "tallies",
]
