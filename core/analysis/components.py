"""What a figure was made of, each part as what it is: an amount, a number of something, a text.

A figure's detail is kept as its formula wrote it, for sentences and for reports of long ago: by
name, amounts as bare minor units. Who shows it to others shows these.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple, TypeGuard
from uuid import UUID

from core.analysis.coverage import DAY, end_of_month
from core.analysis.model import Figure, Json, Unit
from core.money import Money


class ComponentName(StrEnum):
    """What a part of a figure is."""

    REVENUE = "revenue"
    SUM = "sum"
    COUNT = "count"
    RETURNED = "returned"
    COLLECTED = "collected"
    METHOD = "method"
    RECENT_REVENUE = "recent_revenue"
    BASE_REVENUE = "base_revenue"
    MONTHS_COVERED = "months_covered"
    MONTHS_NEEDED = "months_needed"
    LOWEST_ON = "lowest_on"
    DAYS_IN_RED = "days_in_red"
    GAP = "gap"
    ACCOUNT_WITHOUT_STATEMENTS = "account_without_statements"
    STATEMENTS_CHECKED = "statements_checked"
    STATEMENTS_RECONCILING = "statements_reconciling"
    STATEMENTS_WITHOUT_BALANCES = "statements_without_balances"
    DIFFERENCE = "difference"
    DIFFERENCE_TO_PRECEDING = "difference_to_preceding"
    UNDECLARED_LENDER = "undeclared_lender"
    UNNAMED_LOAN_BOOKINGS = "unnamed_loan_bookings"


class Number(NamedTuple):
    """So many of something that is no amount."""

    value: int
    unit: Unit


class Subject(NamedTuple):
    """What a part is about: an account, a statement, days (both inclusive); None says of all."""

    account: str | None = None
    statement: UUID | None = None
    starts_on: date | None = None
    ends_on: date | None = None


class Component(NamedTuple):
    """One part of a figure, what it is about, and its value."""

    name: ComponentName
    value: Money | Number | date | str
    subject: Subject = Subject()


_Read = Callable[[Json, str], Iterator[Component]]
"""Reads an entry of a detail, in a currency."""


def components(figure: Figure) -> list[Component]:
    """All parts of a figure, in the order in which its formula is read.

    What only a newer build writes is left out: nobody here knows what it is.
    """
    return [
        component
        for key, read in _READERS.get(figure.id, {}).items()
        if key in figure.detail
        for component in read(figure.detail[key], figure.currency)
    ]


def _money(name: ComponentName) -> _Read:
    def read(entry: Json, currency: str) -> Iterator[Component]:
        if _is_whole(entry):
            yield Component(name, Money(entry, currency))

    return read


def _number(name: ComponentName, unit: Unit = Unit.COUNT) -> _Read:
    def read(entry: Json, currency: str) -> Iterator[Component]:
        if _is_whole(entry):
            yield Component(name, Number(entry, unit))

    return read


def _text(name: ComponentName) -> _Read:
    def read(entry: Json, currency: str) -> Iterator[Component]:
        yield Component(name, str(entry))

    return read


def _texts(name: ComponentName) -> _Read:
    def read(entry: Json, currency: str) -> Iterator[Component]:
        for each in _entries(entry):
            yield Component(name, str(each))

    return read


def _day(name: ComponentName) -> _Read:
    def read(entry: Json, currency: str) -> Iterator[Component]:
        yield Component(name, date.fromisoformat(str(entry)))

    return read


def _monthly_revenue(entry: Json, currency: str) -> Iterator[Component]:
    for month, amount in _items(entry):
        first = date.fromisoformat(f"{month}-01")
        about = Subject(starts_on=first, ends_on=end_of_month(first))
        if _is_whole(amount):
            yield Component(ComponentName.REVENUE, Money(amount, currency), about)


def _days_by_account(entry: Json, currency: str) -> Iterator[Component]:
    for account, days in _items(entry):
        if _is_whole(days):
            number = Number(days, Unit.DAYS)
            yield Component(ComponentName.DAYS_IN_RED, number, Subject(account))


def _gaps(entry: Json, currency: str) -> Iterator[Component]:
    for gap in _entries(entry):
        about = _subject(gap)
        if about.starts_on is not None and about.ends_on is not None:
            days = (about.ends_on - about.starts_on + DAY).days
            yield Component(ComponentName.GAP, Number(days, Unit.DAYS), about)


def _differences(name: ComponentName) -> _Read:
    def read(entry: Json, currency: str) -> Iterator[Component]:
        for each in _entries(entry):
            difference = each.get("difference") if isinstance(each, Mapping) else None
            if _is_whole(difference):
                yield Component(name, Money(difference, currency), _subject(each))

    return read


def _subject(entry: Json) -> Subject:
    if not isinstance(entry, Mapping):
        return Subject()
    statement = entry.get("statement")
    return Subject(
        account=str(entry["account"]),
        statement=UUID(str(statement)) if statement else None,
        starts_on=date.fromisoformat(str(entry["from"])),
        ends_on=date.fromisoformat(str(entry["to"])),
    )


def _is_whole(entry: Json) -> TypeGuard[int]:
    """What is no whole number is left out: a nought in its place would look certain."""
    return isinstance(entry, int) and not isinstance(entry, bool)


def _entries(entry: Json) -> Iterable[Json]:
    return entry if isinstance(entry, list) else ()


def _items(entry: Json) -> Iterable[tuple[str, Json]]:
    return entry.items() if isinstance(entry, Mapping) else ()


_SUM = {"sum": _money(ComponentName.SUM)}
_READERS: Mapping[str, Mapping[str, _Read]] = {
    "monthly_revenue": {"months": _monthly_revenue},
    "lowest_balance": {"on": _day(ComponentName.LOWEST_ON)},
    "days_in_red": {"accounts": _days_by_account},
    "own_payments_bounced": _SUM,
    "customer_debits_bounced": _SUM,
    "customer_debits_bounced_ratio": {
        "returned": _money(ComponentName.RETURNED),
        "collected": _money(ComponentName.COLLECTED),
    },
    "debt_service": {**_SUM, "count": _number(ComponentName.COUNT)},
    "growth": {
        "method": _text(ComponentName.METHOD),
        "recent": _money(ComponentName.RECENT_REVENUE),
        "base": _money(ComponentName.BASE_REVENUE),
        "months": _number(ComponentName.MONTHS_COVERED, Unit.MONTHS),
    },
    "completeness": {
        "months": _number(ComponentName.MONTHS_COVERED, Unit.MONTHS),
        "needed": _number(ComponentName.MONTHS_NEEDED, Unit.MONTHS),
        "gaps": _gaps,
        "accounts": _texts(ComponentName.ACCOUNT_WITHOUT_STATEMENTS),
    },
    "reconciliation": {
        "checked": _number(ComponentName.STATEMENTS_CHECKED),
        "reconciling": _number(ComponentName.STATEMENTS_RECONCILING),
        "without_balances": _number(ComponentName.STATEMENTS_WITHOUT_BALANCES),
        "differing": _differences(ComponentName.DIFFERENCE),
        "breaks": _differences(ComponentName.DIFFERENCE_TO_PRECEDING),
    },
    "seizures": _SUM,
    "gambling": _SUM,
    "undeclared_lenders": {
        "lenders": _texts(ComponentName.UNDECLARED_LENDER),
        "unnamed": _number(ComponentName.UNNAMED_LOAN_BOOKINGS),
    },
}
"""How each entry of each formula's detail is read, by its name there."""
