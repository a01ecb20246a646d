"""How version 2 says what a figure was made of."""

from datetime import date
from typing import Literal, NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from core import money
from core.analysis import Component as CoreComponent
from core.analysis import ComponentName, Number, Unit
from core.analysis import Subject as CoreSubject
from public_api.v2.wire import Count, Days, Money, Months, money_of

NameWord = Literal[
    "revenue",
    "sum",
    "count",
    "returned",
    "collected",
    "method",
    "recent_revenue",
    "base_revenue",
    "months_covered",
    "months_needed",
    "lowest_on",
    "days_in_red",
    "gap",
    "account_without_statements",
    "statements_checked",
    "statements_reconciling",
    "statements_without_balances",
    "difference",
    "difference_to_preceding",
    "undeclared_lender",
    "unnamed_loan_bookings",
]
NAME: dict[ComponentName, NameWord] = {
    ComponentName.REVENUE: "revenue",
    ComponentName.SUM: "sum",
    ComponentName.COUNT: "count",
    ComponentName.RETURNED: "returned",
    ComponentName.COLLECTED: "collected",
    ComponentName.METHOD: "method",
    ComponentName.RECENT_REVENUE: "recent_revenue",
    ComponentName.BASE_REVENUE: "base_revenue",
    ComponentName.MONTHS_COVERED: "months_covered",
    ComponentName.MONTHS_NEEDED: "months_needed",
    ComponentName.LOWEST_ON: "lowest_on",
    ComponentName.DAYS_IN_RED: "days_in_red",
    ComponentName.GAP: "gap",
    ComponentName.ACCOUNT_WITHOUT_STATEMENTS: "account_without_statements",
    ComponentName.STATEMENTS_CHECKED: "statements_checked",
    ComponentName.STATEMENTS_RECONCILING: "statements_reconciling",
    ComponentName.STATEMENTS_WITHOUT_BALANCES: "statements_without_balances",
    ComponentName.DIFFERENCE: "difference",
    ComponentName.DIFFERENCE_TO_PRECEDING: "difference_to_preceding",
    ComponentName.UNDECLARED_LENDER: "undeclared_lender",
    ComponentName.UNNAMED_LOAN_BOOKINGS: "unnamed_loan_bookings",
}


class Subject(TypedDict):
    """What a part of a figure is about; both dates are inclusive, what is absent is all."""

    account: NotRequired[str]
    statement_id: NotRequired[UUID]
    starts_on: NotRequired[date]
    ends_on: NotRequired[date]


class Component(TypedDict):
    """A part of a figure: an amount, a count, days, months, a text or a date, exactly one of these.

    `name` may gain values.
    """

    name: NameWord
    of: NotRequired[Subject]
    amount: NotRequired[Money]
    count: NotRequired[Count]
    days: NotRequired[Days]
    months: NotRequired[Months]
    text: NotRequired[str]
    date: NotRequired[date]


def write(component: CoreComponent) -> Component:
    """A part of a figure with the one of its values that it has."""
    written: Component = {"name": NAME[component.name]}
    if component.subject != CoreSubject():
        written["of"] = _subject(component.subject)
    match component.value:
        case money.Money(minor, currency):
            written["amount"] = money_of(minor, currency)
        case Number(value, Unit.COUNT):
            written["count"] = value
        case Number(value, Unit.DAYS):
            written["days"] = value
        case Number(value, Unit.MONTHS):
            written["months"] = value
        case date() as day:
            written["date"] = day
        case str() as text:
            written["text"] = text
    return written


def _subject(subject: CoreSubject) -> Subject:
    written: Subject = {}
    if subject.account is not None:
        written["account"] = subject.account
    if subject.statement is not None:
        written["statement_id"] = subject.statement
    if subject.starts_on is not None:
        written["starts_on"] = subject.starts_on
    if subject.ends_on is not None:
        written["ends_on"] = subject.ends_on
    return written
