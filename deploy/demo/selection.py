"""Which statements are handed in, and what they cover."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from deploy.demo.bankdays import month_of, months, shift
from deploy.demo.company import Company
from deploy.demo.ledger import Account, Booking, Label

LONGEST_WINDOW = 24


@dataclass(frozen=True, slots=True)
class Gap:
    """Days of an account, both ends included, that no statement covers."""

    account: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class StatementSelection:
    """The monthly statements that are handed in, by account, and the bookings that they show."""

    accounts: tuple[Account, ...]
    covered: Mapping[str, tuple[date, ...]]
    bookings: tuple[Booking, ...]
    company: Company


def hand_in(
    company: Company,
    first_month: date | None = None,
    last_month: date | None = None,
    accounts: Collection[str] | None = None,
    without: Collection[tuple[str, date]] = (),
) -> StatementSelection:
    """A choice of monthly statements: from which months, of which IBANs, without which ones."""
    all_months = months(first_month or company.first_month, last_month or company.last_month)
    covered = {
        account.iban: tuple(
            m for m in all_months if account.lives_in(m) and (account.iban, m) not in without
        )
        for account in company.accounts
        if accounts is None or account.iban in accounts
    }
    shown = tuple(
        b
        for b in company.ledger.bookings
        if not b.pending and month_of(b.booked_on) in covered.get(b.account, ())
    )
    stated = tuple(a for a in company.accounts if covered.get(a.iban))
    return StatementSelection(stated, covered, shown, company)


def labels(chosen: StatementSelection) -> dict[str, Label]:
    """What each booking is, by its reference, as far as these statements can show it.

    A booking counts as reversed only where its reversal is among them.
    """
    shown = {b.reference for b in chosen.bookings}
    return {
        b.reference: Label.REVERSED if b.undone_by in shown else b.label for b in chosen.bookings
    }


def window(chosen: StatementSelection) -> list[date]:
    """The months, up to 24 and without a gap, that every account alive covers, to the last."""
    shared = {
        month
        for month in set().union(*chosen.covered.values())
        if all(
            month in chosen.covered[account.iban] or not account.lives_in(month)
            for account in chosen.accounts
        )
    }
    month, found = max(shared, default=None), list[date]()
    while month in shared and month and len(found) < LONGEST_WINDOW:
        found.insert(0, month)
        month = shift(month, -1)
    return found


def gaps(chosen: StatementSelection) -> tuple[Gap, ...]:
    """Months that are missing between two statements of an account."""
    found = []
    for account in chosen.accounts:
        covered = chosen.covered[account.iban]
        for before, after in pairwise(covered):
            starts_on, ends_on = shift(before, 1), after - timedelta(days=1)
            if starts_on <= ends_on:
                found.append(Gap(account.iban, starts_on, ends_on))
    return tuple(found)


def missing_accounts(chosen: StatementSelection) -> tuple[str, ...]:
    """Own accounts that own transfers point to but that no statement is about."""
    stated = {account.iban for account in chosen.accounts}
    pointed = {
        b.party.iban
        for b in chosen.bookings
        if b.label is Label.OWN_TRANSFER and b.party and b.party.iban
    }
    return tuple(sorted(pointed - stated))
