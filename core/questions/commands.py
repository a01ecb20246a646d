"""What can be done with the catalogue: answer all of it for one application."""

from collections.abc import Sequence
from uuid import UUID

from core.analysis import Figure, State
from core.db import Tx
from core.questions import store
from core.questions.catalogue import answer
from core.questions.model import Answer


async def answer_all(tx: Tx, application_id: UUID, figures: Sequence[Figure]) -> list[Answer]:
    """Answer every question from the figures, in place of the answers there were."""
    answers = answer(figures)
    await store.replace(tx, application_id, answers)
    return answers


def frozen(answer: Answer) -> dict[str, object]:
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
    }


def complete(answers: Sequence[Answer]) -> bool:
    """Whether the statements are complete, so that the case can be reviewed."""
    return any(each.question == "completeness" and each.state is State.ANSWERED for each in answers)
