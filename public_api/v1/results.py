"""How version 1 said result: four figures and a closed list of flags."""

from collections.abc import Callable, Mapping
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from core.analysis import AnswerState, Figure
from core.applications import ApplicationStatus
from core.reports import FigureSummary
from public_api.messages import Response, Translation, no_command
from public_api.v1.wire import json_response, sayable

Flag = Literal[
    "returned_debits",
    "overdrawn",
    "seizure",
    "gambling",
    "undeclared_lender",
    "statements_incomplete",
    "not_reconciled",
]
READING = (ApplicationStatus.RECEIVED, ApplicationStatus.READING)
Figures = Mapping[str, Figure]
SignedEuros = Annotated[float, Field(gt=-1e13, lt=1e13)]


class NotReady(TypedDict):
    """Documents are still being read, or none came yet."""

    ready: Literal[False]


class ResultFigures(TypedDict):
    """The figures, null where they are not answerable; `returned_debits` is a count.

    Null, too, where one has more than 13 digits before the point.
    """

    monthly_revenue_eur: SignedEuros | None
    average_balance_eur: SignedEuros | None
    returned_debits: int | None
    debt_service_monthly_eur: SignedEuros | None


class Result(TypedDict):
    """What was found."""

    ready: Literal[True]
    figures: ResultFigures
    flags: list[Flag]


def _more_than_none(name: str) -> Callable[[Figures], bool]:
    return lambda figures: bool(name in figures and figures[name].value)


def _incomplete(figures: Figures) -> bool:
    completeness = figures.get("completeness")
    return completeness is None or completeness.state is not AnswerState.ANSWERED


FLAGS: dict[Flag, Callable[[Figures], bool]] = {
    "returned_debits": _more_than_none("own_payments_bounced"),
    "overdrawn": _more_than_none("days_in_red"),
    "seizure": _more_than_none("seizures"),
    "gambling": _more_than_none("gambling"),
    "undeclared_lender": _more_than_none("undeclared_lenders"),
    "statements_incomplete": _incomplete,
    "not_reconciled": _more_than_none("reconciliation"),
}


def _write(summary: FigureSummary) -> Response:
    if summary.application.status in READING:
        return json_response({"ready": False}, 202)
    figures = {each.figure.id: each.figure for each in summary.figures}

    def value(name: str) -> int | None:
        figure = figures.get(name)
        return None if figure is None or figure.value is None else int(figure.value)

    return json_response(
        {
            "ready": True,
            "figures": {
                "monthly_revenue_eur": sayable(value("monthly_revenue")),
                "average_balance_eur": sayable(value("average_balance")),
                "returned_debits": value("own_payments_bounced"),
                "debt_service_monthly_eur": sayable(value("debt_service")),
            },
            "flags": [flag for flag, raised in FLAGS.items() if raised(figures)],
        }
    )


SHOW = Translation(no_command, _write)
