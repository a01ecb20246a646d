"""Reversals are signed the way that makes a statement's balances agree."""

from datetime import date

import pytest

from core.evidence import Bytes
from core.statements.balance import Reconciliation, choose_sign
from core.statements.model import Balance, Transaction

pytestmark = pytest.mark.unit

OPENING = Balance(1000, date(2025, 1, 1))


def booking(
    amount: int, *, reversal: bool = False, pending: bool = False, currency: str = "EUR"
) -> Transaction:
    day = date(2025, 1, 2)
    return Transaction(
        day, day, amount, currency, pending, reversal, None, None, "", None, None, None, None, (),
        Bytes(0, 1),
    )  # fmt: skip


def closing(amount: int) -> Balance:
    return Balance(amount, date(2025, 1, 31))


def test_a_reversal_that_fits_as_given_stays() -> None:
    bookings = [booking(-300), booking(300, reversal=True)]
    assert choose_sign(OPENING, closing(1000), bookings) == (
        bookings,
        Reconciliation("reconciles", 0, flipped=False),
    )


def test_reversals_are_flipped_where_only_that_fits() -> None:
    bookings = [booking(-300), booking(-300, reversal=True), booking(50)]
    read, outcome = choose_sign(OPENING, closing(1050), bookings)
    assert [each.amount for each in read] == [-300, 300, 50]
    assert outcome == Reconciliation("reconciles", 0, flipped=True)


def test_a_difference_is_reported_and_nothing_is_bent() -> None:
    bookings = [booking(-300), booking(-300, reversal=True)]
    assert choose_sign(OPENING, closing(999), bookings) == (
        bookings,
        Reconciliation("differs", 599, flipped=False),
    )


def test_pending_bookings_do_not_count() -> None:
    bookings = [booking(100), booking(7, pending=True)]
    assert choose_sign(OPENING, closing(1100), bookings)[1].state == "reconciles"


@pytest.mark.parametrize(("start", "end"), [(None, closing(1)), (OPENING, None)])
def test_without_a_balance_there_is_nothing_to_agree_with(
    start: Balance | None, end: Balance | None
) -> None:
    outcome = choose_sign(start, end, [booking(1)])[1]
    assert outcome == Reconciliation("no_balance", 0, flipped=False)


def test_bookings_in_several_currencies_do_not_add_up_to_a_balance() -> None:
    bookings = [booking(100), booking(100, currency="USD")]
    assert choose_sign(OPENING, closing(1200), bookings)[1].state == "no_balance"


def test_bookings_in_another_currency_than_the_accounts_are_held_to_nothing() -> None:
    bookings = [booking(50, currency="USD")]
    assert choose_sign(OPENING, closing(1050), bookings, "EUR")[1].state == "no_balance"
    assert choose_sign(OPENING, closing(1050), bookings, "USD")[1].state == "reconciles"
