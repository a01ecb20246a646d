"""Figures about what came in and went out within the window, by booking date."""

from collections.abc import Iterable, Sequence
from decimal import Context, Decimal, localcontext
from uuid import UUID

from core.analysis.books import Books
from core.analysis.counterparties import Parties, Party, same_lender
from core.analysis.coverage import DAY, add_months
from core.analysis.formulas import FormulaResult, ratio, windowed
from core.analysis.model import (
    EARNED,
    Booking,
    Category,
    Json,
    Missing,
    MissingKind,
    NoValueReason,
    Window,
)
from core.money import mean

YEAR_ON_YEAR = 15  # months: three and the same three a year before
TREND = 6
FOUR_DECIMALS = Decimal("0.0001")


@windowed
def monthly_revenue(books: Books, window: Window) -> FormulaResult:
    """Mean monthly revenue: what customers paid, less collections that came back."""
    months = books.revenue
    rests_on = books.labelled(*sorted(EARNED), Category.CUSTOMER_DEBIT_RETURNED)
    return FormulaResult(
        mean(sum(months.values()), window.months),
        detail={"months": {f"{month:%Y-%m}": amount for month, amount in months.items()}},
        evidence=_ids(rests_on),
    )


@windowed
def own_payments_bounced(books: Books, window: Window) -> FormulaResult:
    """How many of the business's own payments came back unpaid; the detail has their sum."""
    return _count(books.labelled(Category.OWN_DEBIT_RETURNED))


@windowed
def customer_debits_bounced(books: Books, window: Window) -> FormulaResult:
    """How many collections from customers came back; the detail has their sum."""
    return _count(books.labelled(Category.CUSTOMER_DEBIT_RETURNED))


@windowed
def customer_debits_bounced_ratio(books: Books, window: Window) -> FormulaResult:
    """The share of collections, by amount, that came back; four decimals."""
    returned = books.labelled(Category.CUSTOMER_DEBIT_RETURNED)
    collected = books.labelled(Category.COLLECTION)
    total = _total(collected)
    if total == 0:
        return FormulaResult(reason=NoValueReason.NO_COLLECTIONS)
    return FormulaResult(
        ratio(_total(returned), total),
        detail={"returned": _total(returned), "collected": total},
        evidence=_ids(returned),
    )


@windowed
def debt_service(books: Books, window: Window) -> FormulaResult:
    """Mean monthly interest and redemption that was really paid: bounced debits are not."""
    paid = [booking for booking in books.labelled(Category.LOAN_SERVICE) if not booking.bounced]
    return FormulaResult(
        mean(_total(paid), window.months),
        detail={"sum": _total(paid), "count": len(paid)},
        evidence=_ids(paid),
    )


@windowed
def growth(books: Books, window: Window) -> FormulaResult:
    """Growth of revenue: the last three months over a year before, else the yearly trend."""
    months = list(books.revenue.values())
    evidence = _ids(books.labelled(*sorted(EARNED), Category.CUSTOMER_DEBIT_RETURNED))
    if len(months) >= YEAR_ON_YEAR:
        recent, base = sum(months[-3:]), sum(months[-15:-12])
        if base <= 0:
            return FormulaResult(reason=NoValueReason.NO_REVENUE_TO_COMPARE)
        detail: dict[str, Json] = {"method": "year_on_year", "recent": recent, "base": base}
        return FormulaResult(ratio(recent - base, base), detail=detail, evidence=evidence)
    needed = TREND if len(months) < TREND else YEAR_ON_YEAR
    if needed == YEAR_ON_YEAR and min(months) > 0:
        detail = {"method": "trend", "months": len(months)}
        return FormulaResult(_trend(months), detail=detail, evidence=evidence)
    begin = add_months(window.ends_on, 1 - needed)
    missing = Missing(MissingKind.STATEMENTS, None, begin, window.starts_on - DAY)
    reason = (
        NoValueReason.TOO_FEW_MONTHS if needed == TREND else NoValueReason.NO_REVENUE_TO_COMPARE
    )
    return FormulaResult(reason=reason, missing=(missing,))


def _trend(months: Sequence[int]) -> Decimal:
    """exp(12 · slope) - 1 of the least-squares line through the logarithms of revenue."""
    count = len(months)
    with localcontext(Context(prec=50)):
        logs = [Decimal(amount).ln() for amount in months]
        # Twice the distance from the middle month is whole, so the slope loses no digits.
        offsets = [2 * index - (count - 1) for index in range(count)]
        squares = sum(offset * offset for offset in offsets)
        weighted = (log * offset for log, offset in zip(logs, offsets, strict=True))
        slope = 2 * sum(weighted, Decimal(0)) / squares
        change = (12 * slope).exp() - 1
    # A start from next to nothing makes a rate of more digits than contexts usually hold.
    return change.quantize(FOUR_DECIMALS, context=Context(prec=1_000))


@windowed
def seizures(books: Books, window: Window) -> FormulaResult:
    """How many bookings name a seizure; each is for a person to look at."""
    return _count(books.labelled(Category.SEIZURE))


@windowed
def gambling(books: Books, window: Window) -> FormulaResult:
    """How many bookings are gambling, in either direction; the detail has their sum."""
    return _count(books.labelled(Category.GAMBLING))


@windowed
def undeclared_lenders(books: Books, window: Window) -> FormulaResult:
    """How many lenders pay or are paid that the applicant did not declare."""
    declared = books.inputs.declared_lenders
    if declared is None:
        return FormulaResult(
            reason=NoValueReason.NOTHING_DECLARED, missing=(Missing(MissingKind.LENDERS),)
        )
    loans = books.labelled(Category.LOAN_SERVICE, Category.LOAN_DISBURSEMENT)
    lenders = Parties(
        (each.counterparty, each.counterparty_account) for each in loans if each.counterparty
    )
    undeclared = [lender for lender in lenders.all if not _is_declared(lender, declared)]
    theirs = set(undeclared)
    rests_on = [
        each
        for each in loans
        if each.counterparty
        and lenders.find(each.counterparty, each.counterparty_account) in theirs
    ]
    detail: dict[str, Json] = {
        "lenders": [lender.name for lender in undeclared],
        "unnamed": sum(not each.counterparty for each in loans),
    }
    return FormulaResult(len(undeclared), detail=detail, evidence=_ids(rests_on))


def _is_declared(lender: Party, declared: Iterable[str]) -> bool:
    return any(same_lender(each, spelt) for each in declared for spelt in lender.spellings)


def _count(bookings: Sequence[Booking]) -> FormulaResult:
    detail: dict[str, Json] = {"sum": _total(bookings)}
    return FormulaResult(len(bookings), detail=detail, evidence=_ids(bookings))


def _total(bookings: Iterable[Booking]) -> int:
    return sum(abs(booking.amount) for booking in bookings)


def _ids(bookings: Iterable[Booking]) -> tuple[UUID, ...]:
    return tuple(booking.id for booking in bookings)
