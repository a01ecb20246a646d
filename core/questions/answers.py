"""From a figure to an answer: what may be said, how it is judged, what would settle the rest."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from core.analysis.model import AnswerState, Figure, Json, Missing, MissingKind, NoValueReason
from core.bilingual import Bilingual
from core.questions import reserved, unanswered
from core.questions.model import Answer, MissingDocument, Question, Verdict
from core.questions.wording import phrase

FROM_GOOD_TO_BAD = (Verdict.GOOD, Verdict.NONE, Verdict.WATCH, Verdict.BAD)
LENDERS_NAMED = 5


def answer_question(question: Question, figures: Mapping[str, Figure]) -> Answer:
    """The answer to one question; what its figure is subject to makes it at best to watch."""
    figure = figures[question.figure]
    if figure.value is None:
        return _leave_open(question, figure)
    share = _share(question, figure.value, figures)
    verdict = _judge(question, figure, share)
    because = _explain(question, figure, share)
    if figure.reservations:
        verdict = max(verdict, Verdict.WATCH, key=FROM_GOOD_TO_BAD.index)
        because = reserved.qualified(because, figure.reservations)
    return Answer(
        question=question.id,
        figure=figure.id,
        state=AnswerState.ANSWERED,
        value=figure.value,
        unit=figure.unit,
        currency=figure.currency,
        verdict=verdict,
        because=because,
        evidence=figure.evidence,
        statements=figure.statements,
        reservations=reserved.in_words(figure),
    )


def _leave_open(question: Question, figure: Figure) -> Answer:
    reason = figure.reason or NoValueReason.NO_STATEMENTS
    because = unanswered.REASONS[reason]
    if reason is NoValueReason.NO_STATEMENTS and figure.reservations:
        because = unanswered.ONLY_OTHERS
    return Answer(
        question=question.id,
        figure=figure.id,
        state=AnswerState.NOT_ANSWERABLE,
        value=None,
        unit=figure.unit,
        currency=figure.currency,
        verdict=Verdict.NONE,
        because=phrase(because, figure.currency, _fields(figure)),
        missing=tuple(_document(each, figure) for each in figure.missing),
        reservations=reserved.in_words(figure),
    )


def _share(
    question: Question, value: int | Decimal, figures: Mapping[str, Figure]
) -> Decimal | None:
    """The value as a part of the figure it is in relation to; None if that is nothing."""
    whole = figures[question.in_relation_to].value if question.in_relation_to else None
    return Decimal(value) / whole if whole and whole > 0 else None


def _judge(question: Question, figure: Figure, share: Decimal | None) -> Verdict:
    if question.scale is None or figure.value is None:
        return Verdict.NONE
    if not question.in_relation_to:
        verdict = question.scale.judge(figure.value)
    elif share is not None:
        verdict = question.scale.judge(share)
    else:
        verdict = Verdict.BAD if figure.value else Verdict.GOOD
    # Statements that name no balance prove nothing either way.
    return Verdict.WATCH if verdict is Verdict.GOOD and _unproven(figure) else verdict


def _explain(question: Question, figure: Figure, share: Decimal | None) -> Bilingual:
    fields = {**_fields(figure), "share": share}
    method = figure.detail.get("method")
    if isinstance(method, str) and method in question.because:
        case = method
    elif figure.value == 0 and "none" in question.because:
        case = "partly" if _unproven(figure) else "none"
    else:
        case = "alone" if question.in_relation_to and share is None else "some"
    return phrase(question.because[case], figure.currency, fields)


def _unproven(figure: Figure) -> bool:
    return bool(figure.detail.get("without_balances"))


def _fields(figure: Figure) -> dict[str, object]:
    """What a sentence about the figure may name: its value, its window, its details."""
    lenders = _list(figure.detail.get("lenders"))
    named = ", ".join(map(str, lenders[:LENDERS_NAMED]))
    return {
        **figure.detail,
        "value": figure.value,
        "first": figure.window and figure.window.starts_on,
        "last": figure.window and figure.window.ends_on,
        "days": figure.window and figure.window.days,
        "window_months": figure.window.months if figure.window else 0,
        "gap_count": len(_list(figure.detail.get("gaps"))),
        "account_count": len(_list(figure.detail.get("accounts"))),
        "lenders": named + (", …" if len(lenders) > LENDERS_NAMED else ""),
    }


def _list(detail: Json) -> Sequence[Json]:
    return detail if isinstance(detail, list) else []


def _document(missing: Missing, figure: Figure) -> MissingDocument:
    """What to ask for, in words: of which account, from when to when."""
    template = unanswered.DOCUMENTS[missing.kind]
    reconciles = figure.reason is not NoValueReason.NOT_RECONCILED
    if missing.kind is MissingKind.STATEMENT_AGAIN and reconciles:
        template = unanswered.AGAIN_UNREAD
    parts = []
    if missing.account:
        parts.append(unanswered.OF_ACCOUNT)
    if missing.starts_on and missing.ends_on:
        parts.append(unanswered.BETWEEN)
    if not parts and missing.kind is MissingKind.STATEMENTS:
        template = unanswered.WHOLE_YEAR
    fields = {
        "account": missing.account,
        "starts_on": missing.starts_on,
        "ends_on": missing.ends_on,
    }
    which = Bilingual("".join(part.en for part in parts), "".join(part.de for part in parts))
    words = Bilingual(
        template.en.replace("{which}", which.en), template.de.replace("{which}", which.de)
    )
    return MissingDocument(
        kind=missing.kind,
        account=missing.account,
        starts_on=missing.starts_on,
        ends_on=missing.ends_on,
        text=phrase(words, figure.currency, fields),
    )
