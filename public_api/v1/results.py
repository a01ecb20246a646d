"""How version 1 said result: four figures and a closed list of flags."""

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple

from pydantic import Field
from typing_extensions import TypedDict

from core.analysis import (
    FORMULAS,
    LONGEST_BRIDGE,
    LONGEST_WINDOW,
    MONTHS_NEEDED,
    AnswerState,
    Figure,
)
from core.applications import ApplicationStatus
from core.reports import FigureSummary
from public_api.messages import Response, Translation, no_command
from public_api.schemas import JsonObject
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


class FlagRule(NamedTuple):
    """What raises a flag: a figure above so much, or, without that, one that is not answered."""

    figure: str
    above: int | None = 0

    def raised(self, figures: Figures) -> bool:
        """Whether the figures raise the flag."""
        figure = figures.get(self.figure)
        if self.above is None:
            return figure is None or figure.state is not AnswerState.ANSWERED
        return figure is not None and figure.value is not None and figure.value > self.above


FLAGS: dict[Flag, FlagRule] = {
    "returned_debits": FlagRule("own_payments_bounced"),
    "overdrawn": FlagRule("days_in_red"),
    "seizure": FlagRule("seizures"),
    "gambling": FlagRule("gambling"),
    "undeclared_lender": FlagRule("undeclared_lenders"),
    "statements_incomplete": FlagRule("completeness", above=None),
    "not_reconciled": FlagRule("reconciliation"),
}


def flag_rules() -> JsonObject:
    """What raises each flag, as published: which formula, above what, over which months."""
    formulas = {each.id: f"{each.id}@{each.version}" for each in FORMULAS}
    return {
        "longest_gap_days": LONGEST_BRIDGE,
        "longest_window_months": LONGEST_WINDOW,
        "needed_months": MONTHS_NEEDED,
        "rules": {
            flag: {
                "figure": formulas[rule.figure],
                **({"not_answered": True} if rule.above is None else {"above": rule.above}),
            }
            for flag, rule in FLAGS.items()
        },
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
            "flags": [flag for flag, rule in FLAGS.items() if rule.raised(figures)],
        }
    )


SHOW = Translation(no_command, _write)
