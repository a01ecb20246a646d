"""What a lender still asks for: each document once, why, and the questions that it would settle."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.bilingual import Bilingual
from core.questions.model import Answer, MissingDocument


@dataclass(frozen=True, slots=True)
class DocumentRequest:
    """A document that is asked for; `because` is what keeps its questions open."""

    document: MissingDocument
    because: Bilingual
    questions: tuple[str, ...]


def request_documents(answers: Iterable[Answer]) -> list[DocumentRequest]:
    """One request for each document that an open question misses, in the questions' order."""
    answers_by_document: dict[MissingDocument, list[Answer]] = {}
    for answer in answers:
        for document in dict.fromkeys(answer.missing):
            answers_by_document.setdefault(document, []).append(answer)
    return [
        DocumentRequest(document, _because(unanswered), tuple(each.question for each in unanswered))
        for document, unanswered in answers_by_document.items()
    ]


def _because(answers: Iterable[Answer]) -> Bilingual:
    """Every reason once, a sentence each."""
    reasons = list(dict.fromkeys(each.because for each in answers))
    return Bilingual(" ".join(each.en for each in reasons), " ".join(each.de for each in reasons))
