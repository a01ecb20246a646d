"""The truth about a company, computed from its labels alone; amounts are cents.

Simple on purpose: it is what a cleverer computation of the same figures is held against.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from deploy.demo import selection
from deploy.demo.bankdays import days, last_day, month_of
from deploy.demo.company import Company
from deploy.demo.ledger import Booking, Label
from deploy.demo.selection import Gap, StatementSelection

EARNING = frozenset({Label.REVENUE, Label.COLLECTION, Label.CASH_DEPOSIT})
LENDING = frozenset({Label.LOAN_SERVICE, Label.LOAN_DISBURSEMENT})


@dataclass(frozen=True, slots=True)
class Truth:
    """Every figure for the statements handed in; None where it is not answerable.

    Money is in cents, ratios have four decimals, months are their first days. `evidence` names,
    by figure, the references of the bookings that it rests on. `reconciliation` is always 0: the
    company's banks make no mistakes in their sums.
    """

    window: tuple[date, date] | None
    whole_months: int
    monthly_revenue: int | None
    revenue_by_month: Mapping[date, int]
    average_balance: int | None
    lowest_balance: int | None
    lowest_balance_on: date | None
    days_in_red: int | None
    days_in_red_by_account: Mapping[str, int]
    own_payments_bounced: int | None
    own_payments_bounced_sum: int | None
    customer_debits_bounced: int | None
    customer_debits_bounced_sum: int | None
    customer_debits_bounced_ratio: Decimal | None
    debt_service: int | None
    growth: Decimal | None
    completeness: int | None
    gaps: tuple[Gap, ...]
    missing_accounts: tuple[str, ...]
    reconciliation: int
    statements: int
    seizures: int | None
    gambling: int | None
    gambling_sum: int | None
    undeclared_lenders: int | None
    undeclared_lender_names: tuple[str, ...]
    evidence: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class WindowContents:
    """What the figures are computed from: the window's bookings by label, and its balances."""

    chosen: StatementSelection
    months: Sequence[date]
    labelled: Sequence[tuple[Booking, Label]]
    balances: Mapping[str, Mapping[date, int]]
    total: Mapping[date, int]
    declared_lenders: frozenset[str] | None

    def of(self, *labels: Label) -> list[Booking]:
        """The window's bookings with one of these labels."""
        return [booking for booking, label in self.labelled if label in labels]


def truth(
    company: Company,
    first_month: date | None = None,
    last_month: date | None = None,
    declared_lenders: Collection[str] | None = None,
    *,
    accounts: Collection[str] | None = None,
    without: Collection[tuple[str, date]] = (),
    least_months: int = 12,
) -> Truth:
    """Every figure for a choice of the company's monthly statements (see `hand_in`)."""
    chosen = selection.hand_in(company, first_month, last_month, accounts, without)
    contents = _contents(chosen, None if declared_lenders is None else frozenset(declared_lenders))
    own, customers = (
        contents.of(Label.OWN_DEBIT_RETURNED),
        contents.of(Label.CUSTOMER_DEBIT_RETURNED),
    )
    bets, hidden, series = (
        contents.of(Label.GAMBLING),
        _undeclared(contents),
        _revenue_by_month(contents),
    )
    gaps, missing = selection.gaps(chosen), selection.missing_accounts(chosen)
    whole, any_month = len(contents.months), bool(contents.months)
    complete = not gaps and not missing and whole >= least_months
    return Truth(
        window=(contents.months[0], last_day(contents.months[-1])) if any_month else None,
        whole_months=whole,
        monthly_revenue=_mean(series.values()),
        revenue_by_month=series,
        average_balance=_mean(contents.total.values()),
        lowest_balance=min(contents.total.values(), default=None),
        lowest_balance_on=_lowest_on(contents),
        days_in_red=_below_zero(contents.total) if any_month else None,
        days_in_red_by_account={iban: _below_zero(of) for iban, of in contents.balances.items()},
        own_payments_bounced=len(own) if any_month else None,
        own_payments_bounced_sum=_size(own) if any_month else None,
        customer_debits_bounced=len(customers) if any_month else None,
        customer_debits_bounced_sum=_size(customers) if any_month else None,
        customer_debits_bounced_ratio=_ratio(
            _size(customers), _size(contents.of(Label.COLLECTION))
        ),
        debt_service=_rounded(_size(_served(contents)), whole),
        growth=_growth(list(series.values())),
        completeness=whole if complete else None,
        gaps=gaps,
        missing_accounts=missing,
        reconciliation=0,
        statements=sum(len(of) for of in chosen.covered.values()),
        seizures=len(contents.of(Label.SEIZURE)) if any_month else None,
        gambling=len(bets) if any_month else None,
        gambling_sum=_size(bets) if any_month else None,
        undeclared_lenders=len(hidden) if any_month and hidden is not None else None,
        undeclared_lender_names=hidden or (),
        evidence=_evidence(contents, hidden or ()),
    )


def _contents(
    chosen: StatementSelection, declared_lenders: frozenset[str] | None
) -> WindowContents:
    months = selection.window(chosen)
    label = selection.labels(chosen)
    inside = [
        (b, label[b.reference]) for b in chosen.bookings if month_of(b.booked_on) in set(months)
    ]
    calendar = list(days(months[0], last_day(months[-1]))) if months else []
    balances = {a.iban: _at_end_of(calendar, chosen, a.iban) for a in chosen.accounts}
    total = {day: sum(of[day] for of in balances.values()) for day in calendar}
    return WindowContents(chosen, months, inside, balances, total, declared_lenders)


def _at_end_of(calendar: Sequence[date], chosen: StatementSelection, iban: str) -> dict[date, int]:
    """An account's balance at the end of each day, carried over days without a booking."""
    account, found = chosen.company.account(iban), dict[date, int]()
    moved: dict[date, int] = {}
    for b in chosen.company.ledger.of(account):
        if not b.pending:
            moved[b.booked_on] = moved.get(b.booked_on, 0) + b.amount
    balance = chosen.company.ledger.balance(account, calendar[0]) if calendar else 0
    for day in calendar:
        balance += moved.get(day, 0)
        found[day] = balance
    return found


def _revenue_by_month(contents: WindowContents) -> dict[date, int]:
    """Earned less what customers' banks took back, by the month in which it was booked."""
    series = dict.fromkeys(contents.months, 0)
    for booking in contents.of(*EARNING, Label.CUSTOMER_DEBIT_RETURNED):
        series[month_of(booking.booked_on)] += booking.amount
    return series


def _lowest_on(contents: WindowContents) -> date | None:
    """The first day with the lowest balance."""
    return min(contents.total, key=lambda day: (contents.total[day], day), default=None)


def _served(contents: WindowContents) -> list[Booking]:
    """Loan service that was paid: it did not bounce."""
    returns = (b for b in contents.chosen.bookings if b.label is Label.OWN_DEBIT_RETURNED)
    bounced = {b.origin for b in returns}
    return [b for b in contents.of(Label.LOAN_SERVICE) if b.reference not in bounced]


def _undeclared(contents: WindowContents) -> tuple[str, ...] | None:
    """Lenders in the window whom nobody told about; None where nothing was told at all."""
    if contents.declared_lenders is None:
        return None
    lenders = {b.party.name for b in contents.of(*LENDING) if b.party}
    return tuple(sorted(lenders - contents.declared_lenders))


def _evidence(contents: WindowContents, hidden: Collection[str]) -> dict[str, tuple[str, ...]]:
    low = _lowest_on(contents)
    customers, collected = contents.of(Label.CUSTOMER_DEBIT_RETURNED), contents.of(Label.COLLECTION)
    rests_on = {
        "monthly_revenue": [*contents.of(*EARNING), *customers],
        "lowest_balance": [b for b, _ in contents.labelled if b.booked_on == low],
        "own_payments_bounced": contents.of(Label.OWN_DEBIT_RETURNED),
        "customer_debits_bounced": customers,
        "customer_debits_bounced_ratio": [*customers, *collected],
        "debt_service": _served(contents),
        "seizures": contents.of(Label.SEIZURE),
        "gambling": contents.of(Label.GAMBLING),
        "undeclared_lenders": [
            b for b in contents.of(*LENDING) if b.party and b.party.name in hidden
        ],
    }
    return {figure: tuple(b.reference for b in of) for figure, of in rests_on.items()}


def _growth(series: Sequence[int]) -> Decimal | None:
    """The last quarter against the same a year before, else the annualised log-linear trend."""
    if len(series) >= 15:
        base, recent = sum(series[-15:-12]), sum(series[-3:])
        return _four_decimals(Fraction(recent, base) - 1) if base > 0 else None
    if len(series) < 6 or min(series) <= 0:
        return None
    # Twice each month's distance from the middle stays a whole number.
    distances = [2 * n - (len(series) - 1) for n in range(len(series))]
    rise = sum((d * Decimal(r).ln() for d, r in zip(distances, series, strict=True)), Decimal())
    slope = 2 * rise / sum(d * d for d in distances)
    return _four_decimals(Fraction((12 * slope).exp() - 1))


def _below_zero(balances: Mapping[date, int]) -> int:
    return sum(balance < 0 for balance in balances.values())


def _size(bookings: Iterable[Booking]) -> int:
    """Their sum, whatever the direction."""
    return sum(abs(b.amount) for b in bookings)


def _mean(amounts: Collection[int]) -> int | None:
    return _rounded(sum(amounts), len(amounts))


def _rounded(total: int, count: int) -> int | None:
    """A mean, half-even to the cent: that is how a fraction rounds."""
    return round(Fraction(total, count)) if count else None


def _ratio(part: int, whole: int) -> Decimal | None:
    return _four_decimals(Fraction(part, whole)) if whole else None


def _four_decimals(exact: Fraction) -> Decimal:
    """Half-even."""
    return Decimal(round(exact * 10_000)).scaleb(-4)
