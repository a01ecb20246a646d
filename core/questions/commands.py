"""What can be done with the catalogue: answer all of it for one application."""

from collections.abc import Sequence
from uuid import UUID

from core import applications
from core.analysis import AnswerState, Figure
from core.analysis.books import Books
from core.analysis.figures import compute
from core.analysis.model import FigureInputs
from core.applications import ApplicationStatus
from core.db import Queryable, Tx
from core.questions import store
from core.questions.catalogue import answer_questions
from core.questions.model import Answer
from core.questions.requests import DocumentRequest, request_documents
from core.viewers import Viewer


async def answer_all(tx: Tx, application_id: UUID, figures: Sequence[Figure]) -> list[Answer]:
    """Answer every question from the figures, in place of the answers there were."""
    answers = answer_questions(figures)
    await store.replace(tx, application_id, answers)
    return answers


async def list_requests(
    db: Queryable, viewer: Viewer, application_id: UUID
) -> list[DocumentRequest]:
    """What the lender still asks a client for; nothing for a case that is closed."""
    application = await applications.get(db, viewer, application_id)
    if application.status.final:
        return []
    if application.status is ApplicationStatus.RECEIVED:
        no_inputs = FigureInputs(application.terms.amount.currency, periods=(), bookings=())
        return request_documents(answer_questions(compute(Books(no_inputs))))
    return request_documents(await store.list_for_application(db, application.id))


def decision_snapshot(answer: Answer) -> dict[str, object]:
    """An answer as it is kept with a decision."""
    return {
        "question": answer.question,
        "figure": answer.figure,
        "state": answer.state,
        "value": None if answer.value is None else str(answer.value),
        "unit": answer.unit,
        "currency": answer.currency,
        "verdict": answer.verdict,
        "because": {"en": answer.because.en, "de": answer.because.de},
        "reservations": [
            {"kind": each.kind, "text": {"en": each.text.en, "de": each.text.de}}
            for each in answer.reservations
        ],
    }


def is_complete(answers: Sequence[Answer]) -> bool:
    """Whether the statements are complete, so that the case can be reviewed."""
    return any(
        each.question == "completeness" and each.state is AnswerState.ANSWERED for each in answers
    )
