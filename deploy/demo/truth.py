"""The truth about a company, computed from its labels alone; amounts are cents.

Simple on purpose: it is what a cleverer computation of the same figures is held against.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from deploy.demo.bankdays import days, last_day, month_of, months, shift
from deploy.demo.company import Company
from deploy.demo.ledger import Account, Booking, Label

LONGEST_WINDOW = 24
BRIDGED_DAYS = 10
EARNING = frozenset({Label.REVENUE, Label.COLLECTION, Label.CASH_DEPOSIT})
LENDING = frozenset({Label.LOAN_SERVICE, Label.LOAN_DISBURSEMENT})


@dataclass(frozen=True, slots=True)
class Gap:
    """Days of an account, both ends included, that no statement covers."""

    account: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Truth:
    """Every figure for the statements handed in; None where it is not answerable.

    Money is in cents, ratios have four decimals, months are their first days. `evidence` names,
    by figure, the references of the bookings that it rests on.
    """

    window: tuple[date, date] | None
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
    whole_months: int
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
class Handed:
    """The monthly statements that are handed in, and the bookings that they show."""

    company: Company
    accounts: tuple[Account, ...]
    covered: Mapping[str, tuple[date, ...]]
    bookings: tuple[Booking, ...]


def hand_in(
    company: Company,
    first_month: date | None = None,
    last_month: date | None = None,
    accounts: Collection[str] | None = None,
    without: Collection[tuple[str, date]] = (),
) -> Handed:
    """A selection of monthly statements: months, accounts (by IBAN), less single statements."""
    asked = months(first_month or company.first_month, last_month or company.last_month)
    chosen = tuple(a for a in company.accounts if accounts is None or a.iban in accounts)
    covered = {a.iban: tuple(m for m in asked if (a.iban, m) not in without) for a in chosen}
    shown = tuple(
        b
        for b in company.ledger.bookings
        if not b.pending and month_of(b.booked_on) in covered.get(b.account, ())
    )
    return Handed(company, chosen, covered, shown)


def labels(handed: Handed) -> dict[str, Label]:
    """What each booking is by its reference, as far as the statements handed in can show it.

    A booking counts as reversed only where its reversal is among them.
    """
    shown = {b.reference for b in handed.bookings}
    return {
        b.reference: Label.REVERSED if b.undone_by in shown else b.label for b in handed.bookings
    }


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
    """Every figure for a selection of the company's monthly statements (see `hand_in`)."""
    handed = hand_in(company, first_month, last_month, accounts, without)
    label = labels(handed)
    window = _window(handed)
    inside = [b for b in handed.bookings if window and month_of(b.booked_on) in window]
    chosen = _by_label(inside, label)
    evidence: dict[str, tuple[Booking, ...]] = {}
    series = _revenue_by_month(inside, label, window)
    balances = _balances(handed, window)
    total = {day: sum(of[day] for of in balances.values()) for day in _days(window)}
    low = min(total.values(), default=None)
    low_on = next((day for day in total if total[day] == low), None)
    own, customers = chosen(Label.OWN_DEBIT_RETURNED), chosen(Label.CUSTOMER_DEBIT_RETURNED)
    collected = sum(b.amount for b in chosen(Label.COLLECTION))
    bounced = {b.origin for b in handed.bookings if b.label is Label.OWN_DEBIT_RETURNED}
    served = [b for b in chosen(Label.LOAN_SERVICE) if b.reference not in bounced]
    lent = chosen(*LENDING)
    gaps, strangers = _gaps(handed), _missing_accounts(handed)
    complete = not gaps and not strangers and len(window) >= least_months
    hidden = _undeclared(lent, declared_lenders)
    evidence = {
        "monthly_revenue": chosen(*EARNING, Label.CUSTOMER_DEBIT_RETURNED),
        "lowest_balance": tuple(b for b in inside if b.booked_on == low_on),
        "own_payments_bounced": own,
        "customer_debits_bounced": customers,
        "customer_debits_bounced_ratio": customers + chosen(Label.COLLECTION),
        "debt_service": tuple(served),
        "seizures": chosen(Label.SEIZURE),
        "gambling": chosen(Label.GAMBLING),
        "undeclared_lenders": tuple(b for b in lent if b.party and b.party.name in hidden),
    }

    def known(value: int) -> int | None:
        return value if window else None

    return Truth(
        window=(window[0], last_day(window[-1])) if window else None,
        monthly_revenue=_mean(sum(series.values()), len(window)),
        revenue_by_month=series,
        average_balance=_mean(sum(total.values()), len(total)),
        lowest_balance=low,
        lowest_balance_on=low_on,
        days_in_red=known(_below_zero(total)),
        days_in_red_by_account={iban: _below_zero(of) for iban, of in balances.items()},
        own_payments_bounced=known(len(own)),
        own_payments_bounced_sum=known(_size(own)),
        customer_debits_bounced=known(len(customers)),
        customer_debits_bounced_sum=known(_size(customers)),
        customer_debits_bounced_ratio=_ratio(_size(customers), collected),
        debt_service=_mean(_size(served), len(window)),
        growth=_growth(list(series.values())),
        completeness=len(window) if complete else None,
        whole_months=len(window),
        gaps=gaps,
        missing_accounts=strangers,
        reconciliation=0,
        statements=sum(len(of) for of in handed.covered.values()),
        seizures=known(len(chosen(Label.SEIZURE))),
        gambling=known(len(chosen(Label.GAMBLING))),
        gambling_sum=known(_size(chosen(Label.GAMBLING))),
        undeclared_lenders=None if declared_lenders is None else known(len(hidden)),
        undeclared_lender_names=hidden,
        evidence={
            figure: tuple(b.reference for b in bookings) for figure, bookings in evidence.items()
        },
    )
