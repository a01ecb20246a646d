"""How version 2 says answer, and what is still asked for."""

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired

from typing_extensions import TypedDict

from core.analysis import StoredFigure
from core.questions import QUESTIONS, DocumentRequest, MissingDocument, Verdict
from core.questions import Answer as CoreAnswer
from core.reports import Report
from public_api.messages import Response, Translation, no_command
from public_api.v2.evidence import EvidenceOf, EvidenceWriter
from public_api.v2.reports import (
    MISSING,
    STATE,
    UNIT,
    Missing,
    Reservation,
    StateWord,
    UnitWord,
    Value,
    Words,
    reservations_of,
    value_of,
)
from public_api.v2.wire import json_response

VerdictWord = Literal["good", "watch", "bad", "none"]
VERDICT: dict[Verdict, VerdictWord] = {
    Verdict.GOOD: "good",
    Verdict.WATCH: "watch",
    Verdict.BAD: "bad",
    Verdict.NONE: "none",
}
WORDINGS = {each.id: each.wording for each in QUESTIONS}


class AnswerOf(TypedDict):
    """An underwriter's question, answered or not answerable, and why.

    Where there are `reservations` the answer is provisional: what they name may change it. Absent
    where there are none.
    """

    question: str
    wording: Words
    state: StateWord
    value: Value | None
    unit: UnitWord
    verdict: VerdictWord
    because: Words
    missing: list[Missing]
    figure: str
    evidence: EvidenceOf
    reservations: NotRequired[list[Reservation]]


class AnswerList(TypedDict):
    """The answers, in the order of the catalogue."""

    data: list[AnswerOf]


class RequestOf(TypedDict):
    """A document that the lender still asks for, why, and the questions that it would settle."""

    document: Missing
    because: Words
    questions: list[str]


class RequestList(TypedDict):
    """What the lender still asks for; empty once nothing is open, or the case is closed."""

    data: list[RequestOf]


def _missing(paper: MissingDocument) -> Missing:
    return {
        "kind": MISSING[paper.kind],
        "account": paper.account,
        "starts_on": paper.starts_on,
        "ends_on": paper.ends_on,
        "text": {"en": paper.text.en, "de": paper.text.de},
    }


def _answer(
    evidence: EvidenceWriter, computed: Mapping[str, StoredFigure], answer: CoreAnswer
) -> AnswerOf:
    wording = WORDINGS[answer.question]
    written: AnswerOf = {
        "question": answer.question,
        "wording": {"en": wording.en, "de": wording.de},
        "state": STATE[answer.state],
        "value": value_of(answer.value, answer.unit, answer.currency),
        "unit": UNIT[answer.unit],
        "verdict": VERDICT[answer.verdict],
        "because": {"en": answer.because.en, "de": answer.because.de},
        "missing": [_missing(each) for each in answer.missing],
        "figure": answer.figure,
        "evidence": evidence.write(computed[answer.figure], answer.question),
    }
    if answer.reservations:
        written["reservations"] = reservations_of(answer.reservations)
    return written


def _answers(report: Report) -> Response:
    computed, evidence = {each.figure.id: each for each in report.figures}, EvidenceWriter(report)
    shown: AnswerList = {"data": [_answer(evidence, computed, each) for each in report.answers]}
    return json_response(shown)


def _requests(found: Sequence[DocumentRequest]) -> Response:
    shown: RequestList = {
        "data": [
            {
                "document": _missing(each.document),
                "because": {"en": each.because.en, "de": each.because.de},
                "questions": list(each.questions),
            }
            for each in found
        ]
    }
    return json_response(shown)


ANSWERS = Translation(no_command, _answers)
REQUESTS: Translation[None, Sequence[DocumentRequest]] = Translation(no_command, _requests)
