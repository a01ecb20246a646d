"""How version 2 says report."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, NotRequired
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from core import analysis
from core.analysis import (
    FORMULAS,
    AnswerState,
    MissingKind,
    Month,
    NoValueReason,
    ReservationKind,
    StoredFigure,
    Unit,
    Window,
)
from core.questions import AnswerReservation, in_words
from core.reports import Language, Report
from public_api import negotiation
from public_api.endpoints.reports import PrintedReport
from public_api.messages import Request, Response, Translation
from public_api.refusals import NotAcceptable
from public_api.schemas import JsonObject
from public_api.v2 import components
from public_api.v2.evidence import EvidenceOf, EvidenceWriter
from public_api.v2.wire import Money, Months, Stated, json_response, money_of

Value = Money | Stated | str
StateWord = Literal["answered", "not_answerable"]
UnitWord = Literal["money", "count", "ratio", "days", "months"]
STATE: dict[AnswerState, StateWord] = {
    AnswerState.ANSWERED: "answered",
    AnswerState.NOT_ANSWERABLE: "not_answerable",
}
UNIT: dict[Unit, UnitWord] = {
    Unit.MONEY: "money",
    Unit.COUNT: "count",
    Unit.RATIO: "ratio",
    Unit.DAYS: "days",
    Unit.MONTHS: "months",
}
REASON: dict[NoValueReason, str] = {
    NoValueReason.NO_STATEMENTS: "no_statements",
    NoValueReason.NO_WHOLE_MONTH: "no_whole_month",
    NoValueReason.NO_BALANCES: "no_balances",
    NoValueReason.NO_COLLECTIONS: "no_collections",
    NoValueReason.NOTHING_DECLARED: "nothing_declared",
    NoValueReason.TOO_FEW_MONTHS: "too_few_months",
    NoValueReason.NO_REVENUE_TO_COMPARE: "no_revenue_to_compare",
    NoValueReason.INCOMPLETE: "incomplete",
    NoValueReason.NOT_RECONCILED: "not_reconciled",
    NoValueReason.ROWS_NOT_READ: "rows_not_read",
}
MISSING: dict[MissingKind, str] = {
    MissingKind.STATEMENTS: "statements",
    MissingKind.STATEMENTS_WITH_BALANCES: "statements_with_balances",
    MissingKind.STATEMENT_AGAIN: "statement_again",
    MissingKind.LENDERS: "lenders",
}
RESERVATION: dict[ReservationKind, str] = {
    ReservationKind.GAP: "gap",
    ReservationKind.ACCOUNT_MISSING: "account_missing",
    ReservationKind.ACCOUNT_LEFT_OUT: "account_left_out",
    ReservationKind.NOT_RECONCILED: "not_reconciled",
    ReservationKind.ROWS_NOT_READ: "rows_not_read",
    ReservationKind.DOCUMENT_ALTERED: "document_altered",
    ReservationKind.DOCUMENT_DOUBTFUL: "document_doubtful",
    ReservationKind.KIND_DIFFERS: "kind_differs",
}
LANGUAGE: dict[Language, str] = {Language.ENGLISH: "en", Language.GERMAN: "de"}
LANGUAGE_OF: dict[str, Language] = {word: language for language, word in LANGUAGE.items()}
TITLES = {(each.id, each.version): each.title for each in FORMULAS}
PDF = "application/pdf"
DETAIL = (
    "What its formula kept, by name; amounts are bare numbers of the currency's minor unit. Use"
    " `components`: there each part says what it is, and amounts are money."
)
OFFERED = ("application/json", PDF)


class Words(TypedDict):
    """The same words in English and German."""

    en: str
    de: str


class Span(TypedDict):
    """Whole months, both dates inclusive."""

    starts_on: date
    ends_on: date
    months: Months


class Missing(TypedDict):
    """A document that would settle it, and how to ask for it."""

    kind: str
    account: str | None
    starts_on: date | None
    ends_on: date | None
    text: NotRequired[Words]


class Reservation(TypedDict):
    """One thing that a value is subject to; `kind` may gain values."""

    kind: str
    account: str | None
    document_id: UUID | None
    text: Words


class Figure(TypedDict):
    """One number, by which formula, over which window, resting on what.

    Where there are `reservations` the value is provisional: what they name may change it. Absent
    where there are none.
    """

    id: str
    formula: str
    title: Words
    state: StateWord
    value: Value | None
    unit: UnitWord
    window: Span | None
    reason: str | None
    missing: list[Missing]
    detail: Annotated[JsonObject, Field(deprecated=True, description=DETAIL)]
    components: list[components.Component]
    evidence: EvidenceOf
    reservations: NotRequired[list[Reservation]]


class MonthOf(TypedDict):
    """One month: what came in, what went out, what of it was revenue, what stood at its end."""

    starts_on: date
    inflow: Money
    outflow: Money
    revenue: Money
    balance: Money | None


class ReportOf(TypedDict):
    """All figures of an application; none while its documents are still being read."""

    application_id: UUID
    computed_at: datetime | None
    figures: list[Figure]
    months: list[MonthOf]


def value_of(value: int | Decimal | None, unit: Unit, currency: str) -> Value | None:
    """A number of this unit: money, a ratio as text, else a whole number."""
    if value is None:
        return None
    if unit is Unit.MONEY:
        return money_of(int(value), currency)
    return str(value) if unit is Unit.RATIO else int(value)


def _window(window: Window | None) -> Span | None:
    if window is None:
        return None
    return {
        "starts_on": window.starts_on,
        "ends_on": window.ends_on,
        "months": window.months,
    }


def _figure(evidence: EvidenceWriter, computed: StoredFigure) -> Figure:
    figure = computed.figure
    title = TITLES[figure.id, figure.version]
    written: Figure = {
        "id": figure.id,
        "formula": f"{figure.id}@{figure.version}",
        "title": {"en": title.en, "de": title.de},
        "state": STATE[figure.state],
        "value": value_of(figure.value, figure.unit, figure.currency),
        "unit": UNIT[figure.unit],
        "window": _window(figure.window),
        "reason": None if figure.reason is None else REASON[figure.reason],
        "missing": [
            {
                "kind": MISSING[each.kind],
                "account": each.account,
                "starts_on": each.starts_on,
                "ends_on": each.ends_on,
            }
            for each in figure.missing
        ],
        "detail": dict(figure.detail),
        "components": [components.write(each) for each in analysis.components(figure)],
        "evidence": evidence.write(computed, figure.id),
    }
    if figure.reservations:
        written["reservations"] = reservations_of(in_words(figure))
    return written


def reservations_of(reservations: Sequence[AnswerReservation]) -> list[Reservation]:
    """What a value is subject to."""
    return [
        {
            "kind": RESERVATION[each.kind],
            "account": each.account,
            "document_id": each.document,
            "text": {"en": each.text.en, "de": each.text.de},
        }
        for each in reservations
    ]


def _month(month: Month, currency: str) -> MonthOf:
    return {
        "starts_on": month.starts_on,
        "inflow": money_of(month.inflow, currency),
        "outflow": money_of(month.outflow, currency),
        "revenue": money_of(month.revenue, currency),
        "balance": None if month.balance is None else money_of(month.balance, currency),
    }


def _read(request: Request) -> Language | None:
    """The language to print the report in; None for JSON, which says both."""
    chosen = negotiation.media_type(request.headers.get("accept", ""), OFFERED)
    if chosen is None:
        raise NotAcceptable(*OFFERED)
    if chosen != PDF:
        return None
    header = request.headers.get("accept-language", "")
    chosen = negotiation.language(header, list(LANGUAGE_OF))
    return Language.ENGLISH if chosen is None else LANGUAGE_OF[chosen]


def _show(report: Report | PrintedReport) -> Response:
    return _report(report) if isinstance(report, Report) else _printed(report)


def _printed(printed: PrintedReport) -> Response:
    headers = (
        ("Content-Type", PDF),
        ("Content-Disposition", f'inline; filename="report-{printed.application.id}.pdf"'),
        ("Content-Language", LANGUAGE[printed.language]),
        ("Vary", "Accept, Accept-Language"),
    )
    return Response(200, printed.content, headers)


def _report(report: Report) -> Response:
    currency, evidence = report.application.terms.amount.currency, EvidenceWriter(report)
    shown: ReportOf = {
        "application_id": report.application.id,
        "computed_at": max((each.computed_at for each in report.figures), default=None),
        "figures": [_figure(evidence, each) for each in report.figures],
        "months": [_month(each, currency) for each in report.months],
    }
    return json_response(shown, headers=(("Vary", "Accept"),))


SHOW = Translation(_read, _show)
