"""Figures about what stood on the accounts: end-of-day balances, by booking date."""

from uuid import UUID

from core.analysis.books import Books
from core.analysis.coverage import DAY
from core.analysis.formulas import FormulaResult, windowed
from core.analysis.model import Missing, MissingKind, NoValueReason, Window
from core.money import mean


@windowed
def average_balance(books: Books, window: Window) -> FormulaResult:
    """Mean end-of-day balance over all calendar days; rests on statements, not single bookings."""
    days = books.summed_balances
    if days is None:
        return _without_balances(books, window)
    return FormulaResult(mean(sum(days), len(days)), statements=books.statements(window))


@windowed
def lowest_balance(books: Books, window: Window) -> FormulaResult:
    """Lowest end-of-day balance; rests on the bookings of the first day on which it stood."""
    days = books.summed_balances
    if days is None:
        return _without_balances(books, window)
    lowest = min(days)
    on = window.starts_on + days.index(lowest) * DAY
    return FormulaResult(
        lowest,
        detail={"on": on.isoformat()},
        evidence=tuple(each.id for each in books.inputs.bookings if each.booked_on == on),
        statements=books.statements(Window(on, on)),
    )


@windowed
def days_in_red(books: Books, window: Window) -> FormulaResult:
    """Days that ended below zero; rests on the bookings of the days on which it fell there."""
    days = books.summed_balances
    if days is None:
        return _without_balances(books, window)
    accounts = {
        account: sum(balance < 0 for balance in balances)
        for account, balances in sorted(books.balances.items())
        if balances is not None
    }
    return FormulaResult(
        sum(balance < 0 for balance in days),
        detail={"accounts": dict(accounts)},
        evidence=_falls(books, days, window),
        statements=books.statements(window),
    )


def _falls(books: Books, days: list[int], window: Window) -> tuple[UUID, ...]:
    fell = {
        window.starts_on + index * DAY
        for index, balance in enumerate(days)
        if balance < 0 and (index == 0 or days[index - 1] >= 0)
    }
    return tuple(each.id for each in books.inputs.bookings if each.booked_on in fell)


def _without_balances(books: Books, window: Window) -> FormulaResult:
    missing = tuple(
        Missing(MissingKind.STATEMENTS_WITH_BALANCES, account, window.starts_on, window.ends_on)
        for account, balances in sorted(books.balances.items())
        if balances is None
    )
    return FormulaResult(reason=NoValueReason.NO_BALANCES, missing=missing)
