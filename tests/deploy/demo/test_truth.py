"""The truth, checked by hand on a ledger small enough to do so."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from deploy.demo import Booking, Company, Gap, Label, Ledger, make_company, truth
from deploy.demo.bankdays import shift
from deploy.demo.ledger import Printed
from deploy.demo.people import Party

pytestmark = pytest.mark.unit

JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
BLANK = make_company(1, until=MARCH, months=3)
CURRENT, SECOND = (account.iban for account in BLANK.accounts)
LENDER, OTHER_LENDER = Party("Lender AG"), Party("Other Lender AG")


def book(
    reference: str,
    day: date,
    amount: int,
    label: Label,
    account: str = CURRENT,
    party: Party | None = None,
    origin: str | None = None,
    undone_by: str | None = None,
) -> Booking:
    printed = Printed(None, None, "", "", None, None)
    return Booking(
        reference, account, day, day, amount, label, party, printed, True, (), origin, undone_by
    )


def company_of(*bookings: Booking, opening: int = 0, months: int = 3) -> Company:
    """A company with these bookings in the first months of 2026, nothing on its second account."""
    current, second = BLANK.accounts
    return replace(
        BLANK,
        accounts=(replace(current, opening=opening), replace(second, opening=0)),
        ledger=Ledger(tuple(sorted(bookings, key=lambda b: b.booked_on))),
        first_month=shift(MARCH, 1 - months),
    )


def day(month: int, day_of_month: int) -> date:
    return date(2026, month, day_of_month)


def test_revenue_is_what_customers_paid_less_what_their_banks_took_back() -> None:
    made_up = company_of(
        book("a", day(1, 5), 100_00, Label.REVENUE),
        book("b", day(1, 6), 50_00, Label.COLLECTION),
        book("c", day(2, 3), 30_00, Label.CASH_DEPOSIT, SECOND),
        book("d", day(2, 9), -20_00, Label.CUSTOMER_DEBIT_RETURNED, origin="b"),
        book("e", day(3, 2), 1, Label.REVENUE),
        book("f", day(3, 3), 900_00, Label.OWNER_INJECTION),
        book("g", day(3, 4), -10_00, Label.REFUND_PAID),
    )
    found = truth(made_up)
    assert found.revenue_by_month == {JANUARY: 150_00, FEBRUARY: 10_00, MARCH: 1}
    assert found.monthly_revenue == 53_34  # 160.01 in three months
    assert found.evidence["monthly_revenue"] == ("a", "b", "c", "e", "d")


def test_a_mean_at_half_a_cent_goes_to_the_even_one() -> None:
    assert truth(company_of(book("a", day(2, 2), 5, Label.REVENUE), months=2)).monthly_revenue == 2
    assert truth(company_of(book("a", day(2, 2), 7, Label.REVENUE), months=2)).monthly_revenue == 4


def test_balances_are_carried_over_days_without_bookings_and_summed_over_accounts() -> None:
    made_up = company_of(
        book("a", day(3, 11), -150, Label.SUPPLIER),
        book("b", day(3, 16), 20, Label.REVENUE, SECOND),
        book("c", day(3, 21), 131, Label.REVENUE),
        opening=100,
        months=1,
    )
    found = truth(made_up)
    # 10 days at 100, 5 at -50, 5 at -30, 11 at 101
    assert found.average_balance == 55  # 1,711 in 31 days are 55.19
    assert (found.lowest_balance, found.lowest_balance_on) == (-50, day(3, 11))
    assert found.days_in_red == 10
    assert found.days_in_red_by_account == {CURRENT: 10, SECOND: 0}
    assert found.evidence["lowest_balance"] == ("a",)


def test_bookings_that_are_pending_count_nowhere() -> None:
    announced = replace(book("a", day(3, 31), 700_00, Label.REVENUE), pending=True)
    found = truth(company_of(announced))
    assert found.monthly_revenue == 0
    assert found.average_balance == 0


def test_a_pair_of_reversal_and_reversed_is_in_no_flow_but_in_the_balances() -> None:
    made_up = company_of(
        book("a", day(3, 3), 80_00, Label.REVENUE, undone_by="b"),
        book("b", day(3, 5), -80_00, Label.REVERSAL, origin="a"),
        opening=1_00,
    )
    found = truth(made_up)
    assert found.monthly_revenue == 0
    assert found.average_balance == 2_78  # 100 cents on 90 days and 8,000 on two of them


def test_a_booking_is_not_reversed_where_its_reversal_was_not_handed_in() -> None:
    made_up = company_of(
        book("a", day(2, 27), 80_00, Label.REVENUE, undone_by="b"),
        book("b", day(3, 2), -80_00, Label.REVERSAL, origin="a"),
    )
    assert truth(made_up, JANUARY, FEBRUARY).monthly_revenue == 40_00
    assert truth(made_up).monthly_revenue == 0


def test_loan_service_counts_when_it_neither_bounced_nor_was_reversed() -> None:
    made_up = company_of(
        book("a", day(1, 15), -300_00, Label.LOAN_SERVICE, party=LENDER),
        book("b", day(2, 16), -300_00, Label.LOAN_SERVICE, party=LENDER),
        book("c", day(2, 18), 300_00, Label.OWN_DEBIT_RETURNED, party=LENDER, origin="b"),
        book("d", day(3, 2), -300_00, Label.LOAN_SERVICE, party=LENDER),
        book("e", day(3, 16), -300_00, Label.LOAN_SERVICE, party=LENDER, undone_by="f"),
        book("f", day(3, 17), 300_00, Label.REVERSAL, party=LENDER, origin="e"),
    )
    found = truth(made_up)
    assert found.debt_service == 200_00
    assert found.evidence["debt_service"] == ("a", "d")
    assert (found.own_payments_bounced, found.own_payments_bounced_sum) == (1, 300_00)
    assert found.evidence["own_payments_bounced"] == ("c",)


def test_customers_debits_bounced_are_held_against_all_collections() -> None:
    made_up = company_of(
        book("a", day(1, 5), 300_00, Label.COLLECTION),
        book("b", day(1, 9), -100_00, Label.CUSTOMER_DEBIT_RETURNED, origin="a"),
        book("c", day(1, 12), -100_00, Label.CUSTOMER_DEBIT_RETURNED, origin="a"),
    )
    found = truth(made_up)
    assert (found.customer_debits_bounced, found.customer_debits_bounced_sum) == (2, 200_00)
    assert found.customer_debits_bounced_ratio == Decimal("0.6667")
    assert truth(company_of()).customer_debits_bounced_ratio is None


def test_lenders_are_undeclared_unless_somebody_told_about_them() -> None:
    made_up = company_of(
        book("a", day(1, 15), -300_00, Label.LOAN_SERVICE, party=LENDER),
        book("b", day(2, 16), 9_000_00, Label.LOAN_DISBURSEMENT, party=OTHER_LENDER),
    )
    assert truth(made_up).undeclared_lenders is None
    assert truth(made_up, declared_lenders=[]).undeclared_lenders == 2
    found = truth(made_up, declared_lenders=["Lender AG"])
    assert found.undeclared_lender_names == ("Other Lender AG",)
    assert found.evidence["undeclared_lenders"] == ("b",)


def test_seizures_and_bets_are_counted() -> None:
    made_up = company_of(
        book("a", day(1, 15), -300_00, Label.SEIZURE),
        book("b", day(2, 16), -10_00, Label.GAMBLING),
        book("c", day(2, 17), 15_00, Label.GAMBLING),
    )
    found = truth(made_up)
    assert (found.seizures, found.gambling, found.gambling_sum) == (1, 2, 25_00)


def earning(series: list[int]) -> Company:
    first = shift(MARCH, 1 - len(series))
    return company_of(
        *(book(f"{n}", shift(first, n), cents, Label.REVENUE) for n, cents in enumerate(series)),
        months=len(series),
    )


def test_growth_compares_a_quarter_with_the_same_a_year_before() -> None:
    assert truth(earning([100, 100, 100, *[7] * 9, 120, 130, 110])).growth == Decimal("0.2000")
    assert truth(earning([0, 0, 0, *[7] * 9, 120, 130, 110])).growth is None


def test_growth_over_less_time_is_the_trend_made_annual() -> None:
    doubling = [1_000 * 2**n for n in range(6)]
    assert truth(earning(doubling)).growth == Decimal("4095.0000")
    assert truth(earning([500] * 14)).growth == Decimal("0.0000")
    assert truth(earning([500] * 5)).growth is None
    assert truth(earning([500, 0, 500, 500, 500, 500])).growth is None


def test_the_window_holds_no_more_than_24_months() -> None:
    found = truth(earning([100] * 30))
    assert found.window == (date(2024, 4, 1), day(3, 31))
    assert found.whole_months == 24


def test_twelve_months_of_every_account_without_a_gap_are_complete() -> None:
    assert truth(earning([100] * 12)).completeness == 12
    assert truth(earning([100] * 11)).completeness is None


def test_a_missing_month_is_a_gap_and_ends_the_window() -> None:
    made_up = earning([100] * 15)
    found = truth(made_up, without=[(SECOND, JANUARY)])
    assert found.window == (FEBRUARY, day(3, 31))
    assert found.gaps == (Gap(SECOND, JANUARY, day(1, 31)),)
    assert found.completeness is None


def test_an_account_whose_statements_stop_early_ends_the_window_for_all() -> None:
    found = truth(earning([100] * 15), without=[(SECOND, FEBRUARY), (SECOND, MARCH)])
    assert found.window == (date(2025, 1, 1), day(1, 31))
    assert found.gaps == ()


def test_own_transfers_point_to_an_account_that_is_missing() -> None:
    other = Party(BLANK.cast.name, SECOND)
    made_up = company_of(book("a", day(2, 2), -500, Label.OWN_TRANSFER, party=other), months=12)
    found = truth(made_up, accounts=[CURRENT])
    assert found.missing_accounts == (SECOND,)
    assert found.completeness is None
    assert truth(made_up).missing_accounts == ()


def test_nothing_handed_in_answers_nothing() -> None:
    found = truth(company_of(), accounts=[], declared_lenders=[])
    assert found.window is None
    assert found.monthly_revenue is None
    assert found.days_in_red is None
    assert found.undeclared_lenders is None
    assert found.completeness is None
