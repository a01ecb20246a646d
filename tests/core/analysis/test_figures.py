"""Every figure, computed by hand from a few bookings."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.books import Books
from core.analysis.coverage import add_months, end_of_month
from core.analysis.figures import FORMULAS, compute, months
from core.analysis.model import (
    AnswerState,
    Booking,
    Category,
    Figure,
    FigureInputs,
    Missing,
    MissingKind,
    Month,
    NoValueReason,
    Period,
    Unit,
    Window,
)

pytestmark = pytest.mark.unit

C = Category
JANUARY = date(2024, 1, 1)
LATE = date(2024, 1, 31)
numbers = count(1)


def book(
    amount: int,
    category: Category = C.SUPPLIER,
    day: date = date(2024, 1, 10),
    account: str = "A",
    **more: object,
) -> Booking:
    plain = Booking(UUID(int=next(numbers)), account, day, amount, category)
    return plain._replace(**more)  # type: ignore[arg-type]


def period(
    first: date = JANUARY,
    last: date = LATE,
    account: str = "A",
    opening: int | None = 0,
    closing: int | None = None,
    difference: int | None = 0,
) -> Period:
    statement = UUID(int=next(numbers))
    return Period(statement, account, first, last, opening, closing, difference)


def monthly(number: int, first: date = JANUARY, account: str = "A") -> list[Period]:
    """Statements of that many months from the first on, without movement."""
    starts = [add_months(first, each) for each in range(number)]
    return [period(start, end_of_month(start), account, 0, 0) for start in starts]


def figure(
    name: str,
    bookings: Sequence[Booking] = (),
    periods: Sequence[Period] | None = None,
    lenders: tuple[str, ...] | None = None,
    months_needed: int = 12,
) -> Figure:
    periods = [period()] if periods is None else periods
    inputs = FigureInputs("EUR", tuple(periods), tuple(bookings), lenders)
    return {each.id: each for each in compute(Books(inputs, months_needed))}[name]


def test_there_are_fourteen_figures_each_with_a_version_and_a_title_in_both_languages() -> None:
    assert len({(each.id, each.version) for each in FORMULAS}) == 14
    assert all(each.title.en and each.title.de for each in FORMULAS)


def test_without_statements_nothing_is_answerable() -> None:
    for found in compute(Books(FigureInputs("EUR", (), ()))):
        assert found.state is AnswerState.NOT_ANSWERABLE
        assert found.value is None
        assert found.reason is NoValueReason.NO_STATEMENTS
        assert found.missing == (Missing(MissingKind.STATEMENTS),)


def test_without_a_whole_month_the_gaps_are_missing() -> None:
    parts = [
        period(date(2024, 1, 1), date(2024, 1, 15)),
        period(date(2024, 1, 20), LATE, opening=9),
    ]
    found = figure("monthly_revenue", periods=parts)
    assert found.reason is NoValueReason.NO_WHOLE_MONTH
    missing = Missing(MissingKind.STATEMENTS, "A", date(2024, 1, 16), date(2024, 1, 19))
    assert found.missing == (missing,)


def test_revenue_is_what_customers_paid_less_collections_that_came_back() -> None:
    counted = [
        book(100_00, C.REVENUE),
        book(20_00, C.COLLECTION, LATE),
        book(5_00, C.CASH_DEPOSIT, date(2024, 2, 1)),
        book(-20_00, C.CUSTOMER_DEBIT_RETURNED, date(2024, 2, 2)),
    ]
    aside = [
        book(1_000_00, each, day)
        for each in set(Category)
        - {C.REVENUE, C.COLLECTION, C.CASH_DEPOSIT, C.CUSTOMER_DEBIT_RETURNED}
        for day in (JANUARY, date(2024, 2, 29))
    ]
    outside = [book(7_00, C.REVENUE, day) for day in (date(2023, 12, 31), date(2024, 3, 1))]
    found = figure("monthly_revenue", counted + aside + outside, monthly(2))
    assert found.value == 52_50
    assert found.detail == {"months": {"2024-01": 120_00, "2024-02": -15_00}}
    assert set(found.evidence) == {each.id for each in counted}
    assert found.window == Window(JANUARY, date(2024, 2, 29))
    assert (found.unit, found.currency, found.version) == (Unit.MONEY, "EUR", 1)


@pytest.mark.parametrize(("cents", "mean"), [(1, 0), (3, 2), (5, 2)])
def test_means_are_rounded_half_even(cents: int, mean: int) -> None:
    found = figure("monthly_revenue", [book(cents, C.REVENUE)], monthly(2))
    assert found.value == mean


def test_the_average_balance_carries_over_days_without_booking() -> None:
    # 10.00 for ten days, 41.00 for the other 21 of January's 31.
    bookings = [book(31_00, day=date(2024, 1, 11))]
    found = figure("average_balance", bookings, [period(opening=10_00)])
    assert found.value == round((10 * 10_00 + 21 * 41_00) / 31)
    assert found.evidence == ()
    assert len(found.statements) == 1


def test_balances_are_summed_over_accounts() -> None:
    periods = [period(opening=10_00), period(account="B", opening=-4_00)]
    assert figure("average_balance", periods=periods).value == 6_00


def test_reversed_bookings_still_move_the_balance() -> None:
    pair = [book(-30, C.REVERSED, JANUARY), book(30, C.REVERSAL, date(2024, 1, 2))]
    assert figure("lowest_balance", pair).value == -30


def test_the_balance_is_known_from_a_closing_balance_alone() -> None:
    bookings = [book(5, day=date(2024, 1, 31)), book(7, day=date(2024, 1, 2))]
    found = figure("lowest_balance", bookings, [period(opening=None, closing=100)])
    assert found.value == 88


def test_bookings_before_the_window_are_in_a_later_closing_balance() -> None:
    periods = [period(date(2023, 12, 20), LATE, opening=None, closing=100)]
    bookings = [book(7, day=date(2023, 12, 31)), book(5, day=LATE)]
    assert figure("lowest_balance", bookings, periods).value == 95


def test_balances_rest_on_the_window_alone_where_there_is_a_gap_before_it() -> None:
    before = period(date(2023, 10, 1), date(2023, 10, 31), opening=7_00)
    within = period(opening=50)
    after = period(date(2024, 2, 1), date(2024, 2, 10), opening=50)
    found = figure("average_balance", periods=[before, within, after])
    assert found.value == 50
    assert found.statements == (within.statement,)


def test_bookings_before_the_window_move_the_balance_within() -> None:
    periods = [period(date(2023, 12, 20), LATE, opening=50)]
    before = book(-20, day=date(2023, 12, 31))
    assert figure("lowest_balance", [before], periods).value == 30
    assert figure("average_balance", [before], periods).value == 30


def test_the_lowest_balance_names_its_first_day_and_its_bookings() -> None:
    down = [book(-60, day=date(2024, 1, 5)), book(-30, day=date(2024, 1, 5), account="B")]
    again = [book(40, day=date(2024, 1, 6)), book(-40, day=date(2024, 1, 7))]
    found = figure("lowest_balance", down + again, [period(opening=50), period(account="B")])
    assert found.value == -40
    assert found.detail == {"on": "2024-01-05"}
    assert found.evidence == tuple(each.id for each in down)


def test_days_in_the_red_are_counted_in_sum_and_by_account() -> None:
    bookings = [
        book(-100, day=date(2024, 1, 11), account="A"),
        book(-100, day=date(2024, 1, 21), account="B"),
        book(10, day=date(2024, 1, 22), account="B"),
    ]
    periods = [period(), period(account="B", opening=100)]
    found = figure("days_in_red", bookings, periods)
    assert found.value == 11
    assert found.detail == {"accounts": {"A": 21, "B": 0}}
    assert found.evidence == (bookings[1].id,)
    assert found.unit is Unit.DAYS


def test_a_balance_of_nothing_is_not_in_the_red() -> None:
    assert figure("days_in_red").value == 0


@pytest.mark.parametrize("name", ["average_balance", "lowest_balance", "days_in_red"])
def test_without_any_balance_balances_are_not_answerable(name: str) -> None:
    found = figure(name, periods=[period(), period(account="B", opening=None)])
    assert found.reason is NoValueReason.NO_BALANCES
    assert found.missing == (Missing(MissingKind.STATEMENTS_WITH_BALANCES, "B", JANUARY, LATE),)


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("own_payments_bounced", C.OWN_DEBIT_RETURNED),
        ("customer_debits_bounced", C.CUSTOMER_DEBIT_RETURNED),
        ("seizures", C.SEIZURE),
        ("gambling", C.GAMBLING),
    ],
)
def test_bookings_of_a_kind_are_counted_within_the_window(name: str, category: Category) -> None:
    counted = [book(-3_00, category), book(4_00, category, LATE)]
    others = [book(9, each) for each in set(Category) - {category}]
    outside = [book(9, category, date(2024, 2, 1)), book(9, category, date(2023, 12, 31))]
    found = figure(name, counted + others + outside)
    assert found.value == 2
    assert found.detail == {"sum": 7_00}
    assert found.evidence == tuple(each.id for each in counted)


def test_the_share_of_collections_that_came_back() -> None:
    bookings = [
        book(30_00, C.COLLECTION),
        book(900_00, C.REVENUE),
        back := book(-1_00, C.CUSTOMER_DEBIT_RETURNED),
    ]
    found = figure("customer_debits_bounced_ratio", bookings)
    assert str(found.value) == "0.0333"
    assert found.evidence == (back.id,)


@pytest.mark.parametrize(("part", "share"), [(5, "0.0002"), (15, "0.0008"), (25, "0.0012")])
def test_ratios_are_rounded_half_even(part: int, share: str) -> None:
    bookings = [book(20_000, C.COLLECTION), book(-part, C.CUSTOMER_DEBIT_RETURNED)]
    assert str(figure("customer_debits_bounced_ratio", bookings).value) == share


def test_without_collections_there_is_no_share() -> None:
    found = figure("customer_debits_bounced_ratio", [book(-1_00, C.CUSTOMER_DEBIT_RETURNED)])
    assert found.reason is NoValueReason.NO_COLLECTIONS


def test_debt_service_is_what_was_really_paid_a_month() -> None:
    paid = [book(-100_00, C.LOAN_SERVICE), book(-50_03, C.LOAN_SERVICE, date(2024, 2, 3))]
    bounced = book(-70_00, C.LOAN_SERVICE, bounced=True)
    others = [book(-1_00, C.REVERSED), book(-1_00, C.LEASING), book(9, C.LOAN_DISBURSEMENT)]
    found = figure("debt_service", [*paid, bounced, *others], monthly(2))
    assert found.value == 75_02
    assert found.detail == {"sum": 150_03, "count": 2}
    assert found.evidence == tuple(each.id for each in paid)


def revenue(*amounts: int) -> list[Booking]:
    return [
        book(amount, C.REVENUE, add_months(JANUARY, month)) for month, amount in enumerate(amounts)
    ]


def test_growth_compares_three_months_with_the_same_a_year_before() -> None:
    bookings = revenue(10, 20, 30, *[99] * 9, 20, 20, 35)
    found = figure("growth", bookings, monthly(15))
    assert str(found.value) == "0.2500"
    assert found.detail == {"method": "year_on_year", "recent": 75, "base": 60}


def test_growth_from_nothing_is_not_answerable() -> None:
    found = figure("growth", revenue(0, 0, 0, *[99] * 12), monthly(15))
    assert found.reason is NoValueReason.NO_REVENUE_TO_COMPARE


def test_growth_of_a_shorter_window_is_its_yearly_trend() -> None:
    # Doubling every month: the slope of the logarithms is ln 2, so 2^12 - 1 a year.
    found = figure("growth", revenue(1, 2, 4, 8, 16, 32), monthly(6))
    assert found.value == Decimal("4095.0000")
    assert found.detail == {"method": "trend", "months": 6}
    # By hand: slope = (2.5·ln 3 - 2.5·ln 1) / 17.5 with only the ends' logs that differ.
    found = figure("growth", revenue(1, 1, 1, 1, 1, 3), monthly(6))
    assert float(found.value or 0) == pytest.approx(3 ** (12 * 2.5 / 17.5) - 1, abs=5e-5)


def test_growth_of_fourteen_months_is_still_a_trend() -> None:
    assert figure("growth", revenue(*[7] * 14), monthly(14)).value == 0


def test_growth_needs_six_months() -> None:
    found = figure("growth", revenue(*[7] * 5), monthly(5))
    assert found.reason is NoValueReason.TOO_FEW_MONTHS
    missing = Missing(MissingKind.STATEMENTS, None, date(2023, 12, 1), date(2023, 12, 31))
    assert found.missing == (missing,)


def test_a_trend_needs_revenue_in_every_month() -> None:
    found = figure("growth", revenue(7, 7, 0, 7, 7, 7), monthly(6))
    assert found.reason is NoValueReason.NO_REVENUE_TO_COMPARE
    missing = Missing(MissingKind.STATEMENTS, None, date(2023, 4, 1), date(2023, 12, 31))
    assert found.missing == (missing,)


def test_growth_of_any_size_can_be_said() -> None:
    found = figure("growth", revenue(1, 1, 1, 10**16, 10**16, 10**17), monthly(6))
    assert found.value is not None
    assert found.value > 10**30


def test_complete_statements_cover_enough_months() -> None:
    assert figure("completeness", periods=monthly(12)).value == 12
    assert figure("completeness", periods=monthly(3), months_needed=3).value == 3


def test_too_few_months_name_what_lies_before() -> None:
    found = figure("completeness", periods=monthly(11))
    assert found.reason is NoValueReason.INCOMPLETE
    assert found.value is None
    missing = Missing(MissingKind.STATEMENTS, "A", date(2023, 12, 1), date(2023, 12, 31))
    assert found.missing == (missing,)
    assert found.detail["months"] == 11


def test_only_the_account_that_is_too_short_is_asked_for() -> None:
    later = monthly(11, date(2024, 2, 1), "B")
    found = figure("completeness", periods=[*monthly(12), *later])
    missing = Missing(MissingKind.STATEMENTS, "B", date(2024, 1, 1), date(2024, 1, 31))
    assert found.missing == (missing,)


def test_a_gap_makes_statements_incomplete() -> None:
    periods = [*monthly(2, date(2022, 10, 1)), *monthly(12)]
    found = figure("completeness", periods=periods)
    missing = Missing(MissingKind.STATEMENTS, "A", date(2022, 12, 1), date(2023, 12, 31))
    assert found.missing == (missing,)
    gap = {"account": "A", "from": "2022-12-01", "to": "2023-12-31"}
    assert found.detail["gaps"] == [gap]


def test_an_account_that_own_transfers_point_to_is_missing() -> None:
    bookings = [
        book(-5, C.OWN_TRANSFER, counterparty_account="DE02 1203"),
        book(5, C.OWN_TRANSFER, counterparty_account="a"),
        book(5, C.SUPPLIER, counterparty_account="DE99"),
        book(5, C.OWN_TRANSFER),
    ]
    found = figure("completeness", bookings, monthly(12))
    missing = Missing(MissingKind.STATEMENTS, "DE021203", JANUARY, date(2024, 12, 31))
    assert found.missing == (missing,)
    assert found.detail["accounts"] == ["DE021203"]


def test_statements_that_reconcile_differ_by_nothing() -> None:
    found = figure("reconciliation", periods=monthly(3))
    assert found.value == 0
    assert found.detail["checked"] == found.detail["reconciling"] == 3
    assert len(found.statements) == 3


def test_differences_are_added_up_whatever_their_sign() -> None:
    first, second, third = monthly(3)
    wrong = replace(first, difference=-7), replace(second, difference=5), third
    found = figure("reconciliation", periods=wrong)
    assert found.value == 12
    assert (found.detail["checked"], found.detail["reconciling"]) == (3, 1)
    assert found.statements == (first.statement, second.statement)


def test_a_break_between_touching_statements_counts() -> None:
    first, second, _ = monthly(3)
    found = figure("reconciliation", periods=[first, replace(second, opening=9)])
    assert found.value == 9
    assert found.statements == (second.statement,)
    torn = replace(first, closing=7, difference=-7)
    assert figure("reconciliation", periods=[torn, second]).value == 14
    apart = replace(second, starts_on=date(2024, 2, 2), opening=9)
    assert figure("reconciliation", periods=[first, apart]).value == 0


def test_statements_that_overlap_are_held_to_the_day_the_later_begins() -> None:
    whole = period(opening=10, closing=45)
    part = period(date(2024, 1, 15), date(2024, 2, 10), opening=30, closing=45)
    inner = period(date(2024, 1, 10), date(2024, 1, 12), opening=10, closing=30)
    bookings = [book(20, day=date(2024, 1, 12)), book(15, day=date(2024, 1, 15))]
    assert figure("reconciliation", bookings, [whole, part, inner]).value == 0
    wrong = replace(part, opening=33)
    assert figure("reconciliation", bookings, [whole, wrong, inner]).value == 3
    after = period(date(2024, 2, 1), date(2024, 2, 29), opening=45)
    assert figure("reconciliation", bookings, [whole, inner, after]).value == 0


def test_of_an_overlap_a_lone_closing_balance_tells_what_stood_before_the_later_began() -> None:
    table = period(last=date(2024, 2, 29), opening=None, closing=45, difference=None)
    bookings = [book(20), book(15, day=date(2024, 1, 31)), book(10, day=date(2024, 2, 3))]
    january, february = period(opening=0, closing=35), period(date(2024, 2, 1), opening=35)
    assert figure("reconciliation", bookings, [table, january, february]).value == 0
    wrong = replace(february, opening=33)
    assert figure("reconciliation", bookings, [table, january, wrong]).value == 2


@pytest.mark.parametrize("first", [JANUARY, date(2023, 12, 20)])
def test_what_only_a_long_table_has_is_told_once_and_not_of_all_that_follow(first: date) -> None:
    table = period(first, date(2024, 6, 30), opening=None, closing=0, difference=None)
    found = figure("reconciliation", [book(7, day=date(2024, 3, 5))], [table, *monthly(6)])
    assert found.value == 7
    assert len(found.statements) == 1


def test_an_opening_may_be_dated_by_the_day_at_whose_end_it_stood() -> None:
    table = period(last=date(2024, 2, 29), opening=None, closing=45, difference=None)
    bookings = [book(20), book(15, day=date(2024, 1, 31)), book(10, day=date(2024, 2, 3))]
    february = period(date(2024, 1, 31), date(2024, 2, 29), opening=35, closing=45)
    for other in (table, period(opening=0, closing=35, last=date(2024, 2, 10))):
        assert figure("reconciliation", bookings, [other, february]).value == 0
    assert figure("lowest_balance", bookings, [table, february]).value == 0


def test_a_statement_cut_within_a_day_opens_with_what_the_other_closed() -> None:
    morning = period(date(2024, 1, 1), date(2024, 1, 20), opening=0, closing=5)
    evening = period(date(2024, 1, 20), LATE, opening=5, closing=9)
    bookings = [book(5, day=date(2024, 1, 20)), book(4, day=date(2024, 1, 20))]
    assert figure("reconciliation", bookings, [morning, evening]).value == 0


def test_breaks_are_within_one_account_only() -> None:
    other = period(account="B", opening=500, closing=500)
    assert figure("reconciliation", periods=[*monthly(2), other]).value == 0


def test_statements_without_balances_prove_nothing() -> None:
    bare = period(opening=None, difference=None)
    found = figure("reconciliation", periods=[bare])
    assert found.reason is NoValueReason.NO_BALANCES
    assert found.missing == (Missing(MissingKind.STATEMENTS_WITH_BALANCES, "A", JANUARY, LATE),)
    assert figure("reconciliation", periods=[bare, period()]).detail["without_balances"] == 1


def test_lenders_that_were_not_declared_are_counted_once_each() -> None:
    known = book(-5, C.LOAN_SERVICE, counterparty="HANSEKREDIT BANK AG")
    unknown = [
        book(-5, C.LOAN_SERVICE, counterparty="Uferbank AG"),
        book(-5, C.LOAN_SERVICE, counterparty="UFERBNK"),
        book(900, C.LOAN_DISBURSEMENT, counterparty="Uferbank"),
    ]
    other = [
        book(-5, C.LOAN_SERVICE),
        book(-5, C.LEASING, counterparty="Strandleasing"),
        book(-5, C.LOAN_SERVICE, date(2024, 2, 1), counterparty="Strandbank"),
    ]
    found = figure("undeclared_lenders", [known, *unknown, *other], lenders=("Hansekredit",))
    assert found.value == 1
    assert found.detail == {"lenders": ["Uferbank AG"], "unnamed": 1}
    assert set(found.evidence) == {each.id for each in unknown}


def test_nothing_declared_is_not_the_same_as_no_lenders_declared() -> None:
    loan = book(-5, C.LOAN_SERVICE, counterparty="Uferbank AG")
    assert figure("undeclared_lenders", [loan], lenders=()).value == 1
    found = figure("undeclared_lenders", [loan], lenders=None)
    assert found.reason is NoValueReason.NOTHING_DECLARED
    assert found.missing == (Missing(MissingKind.LENDERS),)


def test_months_show_what_came_in_went_out_and_stood_at_the_end() -> None:
    bookings = (
        book(100, C.REVENUE),
        book(-30, C.SUPPLIER, LATE),
        book(-5, C.OWN_TRANSFER),
        book(-7, C.REVERSED),
        book(7, C.REVERSAL),
        book(-1, C.CUSTOMER_DEBIT_RETURNED, date(2024, 2, 29)),
    )
    found = months(Books(FigureInputs("EUR", tuple(monthly(2)), bookings)))
    assert found == [
        Month(JANUARY, inflow=100, outflow=30, revenue=100, balance=65),
        Month(date(2024, 2, 1), inflow=0, outflow=1, revenue=-1, balance=64),
    ]
    assert months(Books(FigureInputs("EUR", (), ()))) == []
    bare = (period(opening=None),)
    assert months(Books(FigureInputs("EUR", bare, ())))[0].balance is None


BOOKINGS = st.builds(
    book,
    amount=st.integers(-10_000, 10_000).filter(bool),
    category=st.sampled_from(list(Category)),
    day=st.dates(date(2023, 12, 1), date(2024, 8, 31)),
    account=st.sampled_from("AB"),
    counterparty=st.sampled_from([None, "Uferbank AG", "Strandbank"]),
)


@given(st.lists(BOOKINGS, max_size=30).flatmap(lambda x: st.tuples(st.just(x), st.permutations(x))))
def test_no_value_depends_on_the_order_of_bookings(
    orders: tuple[list[Booking], list[Booking]],
) -> None:
    periods = (*monthly(7), *monthly(8, account="B"))
    one, other = (
        compute(Books(FigureInputs("EUR", periods, tuple(order), ("Strandbank",))))
        for order in orders
    )
    assert [(each.id, each.value, each.state) for each in one] == [
        (each.id, each.value, each.state) for each in other
    ]
    assert [set(each.evidence) for each in one] == [set(each.evidence) for each in other]


@given(st.lists(BOOKINGS, max_size=30))
def test_balances_agree_with_a_plain_count(bookings: list[Booking]) -> None:
    periods = (*monthly(7), *monthly(7, account="B"))
    counted = [each for each in bookings if each.booked_on >= JANUARY]
    days = [JANUARY + timedelta(days=each) for each in range(213)]
    stood = [sum(each.amount for each in counted if each.booked_on <= day) for day in days]
    found = {
        each.id: each for each in compute(Books(FigureInputs("EUR", periods, tuple(bookings))))
    }
    assert found["lowest_balance"].value == min(stood)
    assert found["days_in_red"].value == sum(balance < 0 for balance in stood)
